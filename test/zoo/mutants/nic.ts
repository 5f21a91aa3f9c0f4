import type { Mutant } from "../mutant.ts";

const RECEIVE = "services/nic/receive.ts";
const OFF = "services/nic/calls/netif-disable-oob-diversion.ts";

const of = (mutant: Omit<Mutant, "house">): Mutant => ({ house: "nic", ...mutant });

/** NICs and drivers that are wrong. */
export const NIC: readonly Mutant[] = [
  of({
    name: "offers-after-off",
    story: "A device that does not divert any more still offers its frames to the core.",
    source: "NET-01 of facts/experiments; facts/dovetail 5.2, step 1",
    trigger: "none",
    experiment: "experiments/net/diversion-off-in-flight.yaml",
    profile: "documented",
    edits: [{ file: OFF, find: "device.diverting = false;", replace: "" }],
    rules: ["NET-01"],
  }),
  of({
    name: "offers-undiverted",
    story: "Every frame is offered to the core, whether or not its device diverts.",
    source: "NET-01 of facts/experiments; operator: a guard that is missing",
    trigger: "none",
    experiment: "experiments/net/udp-two-nodes.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: "if (!running && !device.diverting && served === undefined && !stage.isFrozen()) {",
        replace: 'if (spec.name === "") {',
      },
      {
        file: RECEIVE,
        find: "if (device.diverting)\n                await (offering = offer(packet));",
        replace: 'if (spec.name !== "")\n                await (offering = offer(packet));',
      },
    ],
    rules: ["NET-01"],
    heldOut: "found",
  }),
  of({
    name: "off-does-not-wait",
    story: "Diversion is switched off while a frame is on offer, and the switch does not wait for the answer.",
    source: "m07's window; contract of netif_disable_oob_diversion",
    trigger: "schedule",
    experiment: "experiments/net/diversion-off-in-flight.yaml",
    profile: "documented",
    edits: [{ file: OFF, find: "await receive.decided();", replace: "" }],
    rules: ["NET-01b"],
  }),
  of({
    name: "lost-between-offer-and-verdict",
    story:
      "Diversion goes off while a frame is on offer; the core refuses the frame, and nobody gives it to the in-band stack.",
    source: "m07",
    trigger: "schedule",
    experiment: "experiments/net/diversion-off-in-flight.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: "else {\n            driver.refused(upward,",
        replace: "else if (device.diverting) {\n            driver.refused(upward,",
      },
    ],
    rules: ["NET-04"],
  }),
  of({
    name: "kept-and-passed-on",
    story: "Diversion goes off while a frame is on offer; the core takes it, and the in-band stack gets it too.",
    source: "m08",
    trigger: "schedule",
    experiment: "test/zoo/experiments/off-while-taken.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: 'reply.kind === "returned" && reply.value.taken',
        replace: 'reply.kind === "returned" && reply.value.taken && device.diverting',
      },
    ],
    rules: ["NET-05d"],
  }),
  of({
    name: "passes-on-what-was-taken",
    story: "The driver hands a frame to the in-band stack, although the core has it.",
    source: "NET-05 of facts/experiments; m08 without its window",
    trigger: "none",
    experiment: "experiments/net/rx-capable.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: 'kit.events.fact(context, "oob_taken", { dev, frame });',
        replace: 'kit.events.fact(context, "oob_taken", { dev, frame }); sendUp(inband(packet));',
      },
    ],
    rules: ["NET-03a", "NET-04"],
  }),
  of({
    name: "drops-what-was-refused",
    story:
      "A frame that the core refuses on the out-of-band stage is deferred, and the deferred list is never handed over.",
    source: "facts/dovetail 5.2, step 4: irq_work delivers the list in-band",
    trigger: "none",
    experiment: "experiments/net/rx-refused-is-deferred.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: "for (const packet of batch.splice(0))\n            sendUp(packet);",
        replace: "batch.splice(0);",
      },
    ],
    rules: ["NET-04"],
  }),
  of({
    name: "refused-on-the-spot",
    story: "A frame that the core refuses out-of-band is given to the in-band stack from that stage at once.",
    source: "facts/dovetail 5.2, step 4; operator wrong stage",
    trigger: "none",
    experiment: "experiments/net/rx-refused-is-deferred.yaml",
    profile: "documented",
    edits: [
      {
        file: "services/nic/drivers/oob-capable.ts",
        find: "upward.deferred(packet, why)",
        replace: "upward.now(packet)",
      },
    ],
    rules: ["NET-06a"],
  }),
  of({
    name: "deferred-backwards",
    story: "Frames that were deferred are handed to the in-band stack in reverse order.",
    source: "Q3: entries are pushed at the head",
    trigger: "none",
    experiment: "test/zoo/experiments/two-refused.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: "for (const packet of batch.splice(0))",
        replace: "for (const packet of batch.splice(0).reverse())",
      },
    ],
    rules: [],
    survives: {
      why: "oracle silent",
      because:
        "A rule is cut by frame, and cannot compare the order of two frames; the tasks that receive them see it. Q3 says that the code does so.",
    },
  }),
  of({
    name: "polls-on-the-wrong-stage",
    story: "A stock driver offers its frames out-of-band, a stage that it does not know.",
    source: "facts/dovetail 5.6: in-band softirq NAPI; operator wrong stage",
    trigger: "none",
    experiment: "experiments/net/rx-stock.yaml",
    profile: "documented",
    edits: [{ file: "services/nic/drivers/stock.ts", find: 'stage: "inband"', replace: 'stage: "oob"' }],
    rules: ["NET-06a"],
  }),
  of({
    name: "completes-what-it-did-not-poll",
    story: "A poll is completed before its last frame is through: the core is told of fewer frames than were received.",
    source: "facts/dovetail 5.3, napi_complete_oob; operator drop",
    trigger: "none",
    experiment: "experiments/net/rx-capable.yaml",
    profile: "documented",
    edits: [{ file: RECEIVE, find: "running = false;\n        complete();", replace: "running = false; polled = 0;" }],
    rules: ["NET-04"],
  }),
  of({
    name: "transmits-what-it-cannot",
    story: "A stock driver takes frames for transmission out-of-band.",
    source: "facts/dovetail 5.6: TX of a stock driver is in-band",
    trigger: "none",
    experiment: "experiments/net/tx-partial.yaml",
    profile: "documented",
    edits: [
      { file: "services/nic/drivers/stock.ts", find: "transmits: false", replace: "transmits: true" },
      {
        file: "services/companion/net/transmit-thread.ts",
        find: '[ports.relay, "inband", "partial"]',
        replace: '[ports.nics.get(port.real), "nic", "partial"]',
      },
    ],
    rules: ["WAY-02"],
  }),
  of({
    name: "frame-doubled",
    story: "The card receives one frame from its wire and hands it up twice.",
    source: "NET-03, NF-01 of facts/experiments; operator duplicate",
    trigger: "none",
    experiment: "experiments/net/udp-two-nodes.yaml",
    profile: "documented",
    edits: [
      {
        file: RECEIVE,
        find: "polled++;\n                upward.now(packet);",
        replace: "polled++; upward.now(packet); upward.now(packet);",
      },
    ],
    rules: ["NET-03a", "NET-04"],
  }),
];
