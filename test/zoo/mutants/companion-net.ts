import type { Mutant } from "../mutant.ts";

const SWITCH = "services/companion/core/netif-oob-switch-port.ts";
const DIVERSION = "services/companion/net/diversion.ts";
const DELIVER = "services/companion/hooks/netif-deliver-oob.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "companion", ...mutant });

/** Cores whose ports, diversions or frames are wrong. */
export const COMPANION_NET: readonly Mutant[] = [
  of({
    name: "port-on-in-spite",
    story: "A port cannot be enabled, because nothing diverts; the core tears everything down and answers 0.",
    source: "m05; Q10: the RX thread cannot start, and the status is still success",
    trigger: "fault",
    experiment: "test/zoo/experiments/port-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: SWITCH,
        find: 'return diverted.errno === "ENODEV" ? fail("ENXIO") : fail(diverted.errno);',
        replace: "return ok({});",
      },
    ],
    rules: ["NET-11a"],
  }),
  of({
    name: "lost-diversion-stays",
    story: "The answer to netif_enable_oob_diversion is lost; the port fails, and the device goes on diverting.",
    source: "m15; GP-06 of facts/experiments: a failed port_on leaves no diversion",
    trigger: "fault",
    experiment: "test/zoo/experiments/port-lost.yaml",
    profile: "documented",
    edits: [{ file: DIVERSION, find: "await undivert(core, dev, context);", replace: "diversions.delete(dev);" }],
    rules: ["WAY-08"],
  }),
  of({
    name: "last-port-keeps-diversion",
    story: "The last port of a device ends, and the device goes on diverting for nobody.",
    source: "ND-01 of facts/experiments; facts/dovetail 6.1",
    trigger: "none",
    experiment: "experiments/net/port-goes-down.yaml",
    profile: "documented",
    edits: [
      {
        file: SWITCH,
        find: "if (diversions.get(real)?.wanted !== true)",
        replace: "if (transmitters.size < 0)",
      },
    ],
    rules: ["WAY-06"],
  }),
  of({
    name: "first-port-ends-diversion",
    story: "One of two ports of a device ends, and the diversion with it.",
    source: "facts/dovetail 6.1: more ports on the same real device only bump a count",
    trigger: "none",
    experiment: "test/zoo/experiments/one-port-of-two-ends.yaml",
    profile: "documented",
    edits: [{ file: SWITCH, find: "if (portsOver(net, real).length === 0)", replace: "if (net.ports.size >= 0)" }],
    rules: ["WAY-07"],
  }),
  of({
    name: "port-off-does-not-wait",
    story: "A port ends while frames are inside: the core answers before its receive thread is through with them.",
    source: "m11; facts/dovetail 6.1: wait for the port's crossing; stop the RX thread",
    trigger: "schedule",
    experiment: "test/zoo/experiments/port-off-under-traffic.yaml",
    profile: "documented",
    edits: [
      {
        file: SWITCH,
        find: 'await pass(port, (inside) => kit.events.fact(context, "port_wait", { dev }, { inside }));',
        replace: "",
      },
      {
        file: DIVERSION,
        find: "await core.hooks.netif_disable_oob_diversion(context, { dev });",
        replace: "void core.hooks.netif_disable_oob_diversion(context, { dev });",
      },
    ],
    rules: ["NE-1.netif_oob_switch_port"],
  }),
  of({
    name: "port-off-waits-for-ever",
    story: "The receive thread does not leave the port when it is through with a frame: the port never ends.",
    source: "ND-03, NET-07 of facts/experiments: put equals get",
    trigger: "none",
    experiment: "test/zoo/experiments/port-off-under-traffic.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/net/receive-thread.ts",
        find: "if (rx.port !== undefined)\n        leave(rx.port);",
        replace: "",
      },
    ],
    rules: ["WAIT-07", "WAIT-08"],
  }),
  of({
    name: "takes-and-forgets",
    story: "netif_deliver_oob answers true for a frame that the core has not taken: it is gone.",
    source: "facts/dovetail 5.2: true means the core took the buffer; the inverse of deliver-lies",
    trigger: "none",
    experiment: "experiments/net/rx-capable.yaml",
    profile: "documented",
    edits: [
      {
        file: DELIVER,
        find: 'net.counters.add(dev, "rx_skip");\n            return ok({ taken: false });',
        replace: 'net.counters.add(dev, "rx_skip");\n            return ok({ taken: true });',
      },
    ],
    rules: ["NET-05"],
  }),
  of({
    name: "takes-everything",
    story: "The input filter picks ARP and whatever else comes, not IPv4 alone.",
    source: "facts/dovetail 6.2: ARP and everything else always stay in-band",
    trigger: "none",
    experiment: "experiments/net/rx-capable.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/model/input-filter.ts",
        find: "action === EVL_RX.EVL_RX_ACCEPT && outer.ethertype === ETH_P.ETH_P_IP",
        replace: "action === EVL_RX.EVL_RX_ACCEPT",
      },
    ],
    rules: ["WAY-09"],
  }),
  of({
    name: "takes-strange-vlans",
    story: "The input filter picks tagged frames of VLANs that are not in the map.",
    source: "facts/dovetail 6.2: the inner id must be in the system-wide VLAN map",
    trigger: "none",
    experiment: "test/zoo/experiments/vlan-not-in-the-map.yaml",
    profile: "documented",
    edits: [{ file: "services/companion/model/input-filter.ts", find: " && vlans.has(tag.vid)", replace: "" }],
    rules: [],
    survives: {
      why: "oracle silent",
      because:
        "No event tells the VLAN of a frame and the map together; the task that waits for the datagram in-band sees it.",
    },
  }),
  of({
    name: "drops-in-silence",
    story: "A frame that the core has taken and nobody listens to vanishes: nothing says where its way ended.",
    source: "NF-03 of facts/experiments: an accepted frame is finished by quiescence",
    trigger: "none",
    experiment: "experiments/net/rx-capable.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/net/receive-thread.ts",
        find: "if (fate !== undefined)",
        replace: 'if (fate === "tap")',
      },
    ],
    rules: ["WAY-10"],
  }),
  of({
    name: "ends-twice",
    story: "A datagram is put together from fragments, and the last of them ends twice.",
    source: "NET-03 of facts/experiments: at most one disposition",
    trigger: "none",
    experiment: "test/zoo/experiments/fragments-for-the-core.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/net/reassemble.ts",
        find: "endAll(core, outcome.arrivals, fate);\n            return fate;",
        replace: "endAll(core, outcome.arrivals, fate); ends(core, rx, fate);\n            return fate;",
      },
    ],
    rules: ["NET-03", "WAY-10"],
  }),
  of({
    name: "handles-at-once",
    story:
      "A frame that is offered from the in-band stage is handled there, under the hook, instead of in the receive thread.",
    source: "facts/dovetail 5.6: whatever the driver, the RX thread handles it out-of-band",
    trigger: "none",
    experiment: "experiments/net/rx-stock.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/net/receive-thread.ts",
        find: '...outermost("", 0, "oob")',
        replace: '...outermost("", 0, taken.context.stage)',
      },
    ],
    rules: ["WAY-01"],
  }),
  of({
    name: "sends-by-the-wrong-way",
    story: "What the core sends through a stock driver goes to the driver directly, on a stage that it does not know.",
    source: "facts/dovetail 5.6: stock driver, relay list and in-band softirq",
    trigger: "none",
    experiment: "experiments/net/tx-partial.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/net/transmit-thread.ts",
        find: '[ports.relay, "inband", "partial"]',
        replace: '[ports.nics.get(port.real), "nic", "partial"]',
      },
    ],
    rules: ["WAY-02"],
  }),
  of({
    name: "poisoned-neighbour",
    story: "A neighbour that is not reachable any more stays in the front cache: the core goes on sending to nobody.",
    source: "facts/dovetail 6.8: removed when failed, stale or dead",
    trigger: "none",
    experiment: "test/zoo/experiments/neighbour-lost.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/companion/core/oob-neighbour-update.ts",
        find: "front.forgetNeighbour(dev, address);",
        replace: "return;",
      },
    ],
    rules: ["WAY-03"],
  }),
  of({
    name: "port-before-diversion",
    story:
      "The device is a port before anything behind it works: frames go out while the diversion is still asked for.",
    source: "facts/dovetail 6.1: last: port flag, list, device route; operator swap",
    trigger: "none",
    experiment: "experiments/net/port-goes-down.yaml",
    profile: "documented",
    edits: [
      {
        file: SWITCH,
        find: "const diverted = await divert(core, real, context);",
        replace:
          'core.kit.events.fact(context, "port_enable", { dev }, { real, vlan: vlan_id, path: "full" }); const diverted = await divert(core, real, context);',
      },
      {
        file: SWITCH,
        find: 'core.kit.events.fact(context, "port_enable", { dev }, { real, vlan: vlan_id, path });\n    return ok({});',
        replace: "return ok({});",
      },
    ],
    rules: ["NET-02"],
  }),
];
