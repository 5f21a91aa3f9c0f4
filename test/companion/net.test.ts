import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import type { PointArgs } from "../../services/abi/contract.generated.ts";
import { AF, ETH_P, IPPROTO, MSG, POLL, SOCK } from "../../services/abi/flags.ts";
import { buildEthernet, parseEthernet } from "../../services/abi/packet/ethernet.ts";
import { parseIpv4 } from "../../services/abi/packet/ipv4.ts";
import { MAC_BROADCAST } from "../../services/abi/packet/mac.ts";
import { parseUdp } from "../../services/abi/packet/udp.ts";
import { untag } from "../../services/abi/packet/vlan.ts";
import { ipv4AddressText } from "../../services/abi/packet/ipv4-address.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import { drained, outcomeOf } from "./harness.ts";
import {
  createNetStory,
  frame,
  frames,
  HERE,
  mac,
  macBytes,
  sockaddr,
  THERE,
  utf8,
  type NetOptions,
  type NetStory,
} from "./net-harness.ts";

const PACKET = { family: AF.AF_PACKET, type: SOCK.SOCK_RAW };
const VLAN = { ifindex: 3, vlan_id: 42 };

/** The fates of frames, in the order in which they ended. */
const fates = (story: NetStory): string[] =>
  story.facts("frame_end").map((line) => line.replace(/^frame_end dev=(\S+) frame=(\d+) fate=/, "$1 $2 "));

/** Records what the NIC house was told, and answers as the test says. */
function nic(answer: Reply<"netif_enable_oob_diversion"> = { kind: "returned", value: {} }) {
  const told: string[] = [];
  const hooks: NetOptions["hooks"] = {
    async netif_enable_oob_diversion(_context, { dev }) {
      told.push(`on ${dev}`);
      return answer;
    },
    async netif_disable_oob_diversion(_context, { dev }) {
      told.push(`off ${dev}`);
      return { kind: "returned", value: {} };
    },
  };
  return { told, hooks };
}

const divert = (story: NetStory, dev: string, enabled: boolean): Promise<string> =>
  story.told("oob_net_divert", { dev, enabled });
const vlans = (story: NetStory, list: string): Promise<string> => story.told("oob_net_vlans", { vlans: list });

describe("ports and diversion", () => {
  test("the first port of a real device turns its diversion on, the last one off", async () => {
    const { told, hooks } = nic();
    const story = await createNetStory({ hooks });
    expect(await story.port("eth0")).toBe("ok");
    expect(await story.port("eth0.42", VLAN)).toBe("ok");
    expect(await story.port("eth0", { enabled: false })).toBe("ok");
    expect(told).toEqual(["on eth0"]);
    expect(await story.port("eth0.42", { ...VLAN, enabled: false })).toBe("ok");
    expect(told).toEqual(["on eth0", "off eth0"]);
    expect(story.facts("port_")).toEqual([
      "port_enable dev=eth0 real=eth0 vlan=0 path=full",
      "port_enable dev=eth0.42 real=eth0 vlan=42 path=full",
      "port_disable dev=eth0 real=eth0",
      "port_disable dev=eth0.42 real=eth0",
    ]);
  });

  test("a port that is one, or none, stays so without an error", async () => {
    const { told, hooks } = nic();
    const story = await createNetStory({ hooks });
    expect(await story.port("eth0", { enabled: false })).toBe("ok");
    expect([await story.port("eth0"), await story.port("eth0", { running: false })]).toEqual(["ok", "ok"]);
    expect(told).toEqual(["on eth0"]);
  });

  test.each<[string, Partial<PointArgs["netif_oob_switch_port"]>, string]>([
    ["the real device is down", { running: false }, "ENETDOWN"],
    ["too many buffers", { pool: 32_769 }, "EINVAL"],
    ["buffers larger than four pages", { buffer_bytes: 16_385 }, "EINVAL"],
    ["as many and as large as there may be", { pool: 32_768, buffer_bytes: 16_384 }, "ok"],
    ["a device that no link leads to", { real: "eth9" }, "EOPNOTSUPP"],
  ])("%s: the port is %s answered %s", async (_what, of, errno) => {
    const story = await createNetStory();
    expect(await story.port("eth0", of)).toBe(errno);
    expect(story.companion.listNetwork().devices).toHaveLength(errno === "ok" ? 2 : 0);
  });

  test("a NIC house that knows no such device: ENXIO, and nothing is diverted", async () => {
    const story = await createNetStory(nic({ kind: "refused", errno: "ENODEV" }));
    expect(await story.port("eth0")).toBe("ENXIO");
    expect(story.companion.listNetwork().devices).toEqual([]);
  });

  test("an answer that is lost: EIO, and the diversion is turned off again", async () => {
    const { told, hooks } = nic({ kind: "lost", why: "timeout" });
    const story = await createNetStory({ hooks });
    expect(await story.port("eth0")).toBe("EIO");
    expect(told).toEqual(["on eth0", "off eth0"]);
    expect(story.facts("compensate")).toEqual(["compensate dev=eth0 undoes=netif_enable_oob_diversion why=timeout"]);
  });

  test("diversion is a property of its own: without a port, and kept when the last port ends", async () => {
    const { told, hooks } = nic();
    const story = await createNetStory({ hooks });
    expect([await divert(story, "eth0", true), await divert(story, "eth0", true)]).toEqual(["ok", "ok"]);
    await story.port("eth0");
    expect(await divert(story, "eth0", false)).toBe("EBUSY");
    await story.port("eth0", { enabled: false });
    expect(told).toEqual(["on eth0"]);
    expect([await divert(story, "eth0", false), await divert(story, "eth0", false)]).toEqual(["ok", "ok"]);
    expect(told).toEqual(["on eth0", "off eth0"]);
    expect(await divert(story, "eth0.42", true)).toBe("ENODEV");
  });

  test("a switch waits for the one that is under way", async () => {
    let answer: (() => void) | undefined;
    const told: string[] = [];
    const story = await createNetStory({
      hooks: {
        async netif_enable_oob_diversion() {
          told.push("on");
          await new Promise<void>((resolve) => (answer = resolve));
          return { kind: "returned", value: {} };
        },
        async netif_disable_oob_diversion() {
          told.push("off");
          return { kind: "returned", value: {} };
        },
      },
    });
    const [up, down] = [story.port("eth0"), story.port("eth0", { enabled: false })];
    expect(await outcomeOf(Promise.all([up, down]))).toBe("asleep");
    answer?.();
    expect([await up, await down, told]).toEqual(["ok", "ok", ["on", "off"]]);
  });

  test("ending a port waits for the frames that are inside, and each of them ends", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    const handler = story.companion.handlers.netif_deliver_oob;
    for (let n = 1; n <= 20; n += 1) {
      void handler?.({ dev: "eth0", frame: n, data: frame() }, outermost("", 0, "oob"));
    }
    expect(await story.port("eth0", { enabled: false })).toBe("ok");
    expect(story.facts("port_wait")).toHaveLength(1);
    expect(fates(story)).toHaveLength(20);
    expect(story.facts("port_disable")).toEqual(["port_disable dev=eth0 real=eth0"]);
    expect(await story.deliver(frame())).toBe(false);
  });

  test("so does ending one of two ports, where the diversion stays", async () => {
    const story = await createNetStory();
    await vlans(story, "42");
    await story.port("eth0");
    await story.port("eth0.42", VLAN);
    const handler = story.companion.handlers.netif_deliver_oob;
    for (let n = 1; n <= 20; n += 1) {
      void handler?.({ dev: "eth0", frame: n, data: frame({ vlans: [42] }) }, outermost("", 0, "inband"));
    }
    expect(await story.port("eth0.42", { ...VLAN, enabled: false })).toBe("ok");
    expect(fates(story)).toHaveLength(20);
    expect(story.record.at(-1)).toBe("port_disable dev=eth0.42 real=eth0");
  });

  test("a packet socket that is bound to a device which ends to be a port is in error, and its poller hears", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    await story.attach(5, PACKET);
    await story.bind(5, "packet/2/ETH_P_ALL");
    const polled = story.poll(5, POLL.POLLIN);
    expect(await outcomeOf(polled)).toBe("asleep");
    await story.port("eth0", { enabled: false });
    expect(await polled).toBe(POLL.POLLERR);
  });
});

describe("the VLAN map", () => {
  test.each([
    ["42-45,100", "ok", "42-45,100"],
    ["100, 42", "ok", "42,100"],
    ["2-4094", "ok", "2-4094"],
    ["", "ok", ""],
    ["0", "EINVAL", "7"],
    ["1-3", "EINVAL", "7"],
    ["4095", "EINVAL", "7"],
    ["45-42", "EINVAL", "7"],
    ["forty", "EINVAL", "7"],
    ["42,,43", "EINVAL", "7"],
  ])("%s: %s", async (list, errno, after) => {
    const story = await createNetStory();
    await divert(story, "eth0", true);
    await vlans(story, "7");
    expect(await vlans(story, list)).toBe(errno);
    const state = after === "" ? ["DIVERSION"] : ["DIVERSION", `VLANS=${after}`];
    expect(story.companion.listNetwork().devices[0]?.state).toEqual(state);
  });
});

describe("what the filter picks", () => {
  const arp = buildEthernet({
    destination: MAC_BROADCAST,
    source: THERE,
    ethertype: ETH_P.ETH_P_ARP,
    payload: utf8("who has"),
  });
  const providerTagged = (inner: Uint8Array): Uint8Array => {
    const parsed = parseEthernet(inner);
    if (!parsed.ok) throw new Error("no frame");
    const tag = new Uint8Array([0, 9, parsed.packet.ethertype >>> 8, parsed.packet.ethertype & 255]);
    const payload = new Uint8Array([...tag, ...parsed.packet.payload]);
    return buildEthernet({ ...parsed.packet, ethertype: ETH_P.ETH_P_8021AD, payload });
  };
  const cutTag = frame({ vlans: [42] }).slice(0, 16);

  test.each<[string, Uint8Array, boolean, boolean]>([
    ["IPv4", frame(), true, false],
    ["ARP", arp, false, false],
    ["IPv4 in VLAN 42, which is in the map", frame({ vlans: [42] }), true, true],
    ["IPv4 in VLAN 43, which is not", frame({ vlans: [43] }), false, false],
    ["a provider's tag around VLAN 42", providerTagged(frame({ vlans: [42] })), true, true],
    ["a provider's tag around nothing", providerTagged(frame()), false, false],
    ["two tags of customers", frame({ vlans: [42, 42] }), false, false],
    ["a tag that is cut off, dropped", cutTag, true, true],
    ["less than a header", new Uint8Array(5), false, false],
    ["nothing", new Uint8Array(0), false, false],
  ])("%s: %s on a port, %s on a device that only diverts", async (_what, bytes, onPort, diverted) => {
    const story = await createNetStory();
    await vlans(story, "42");
    expect(await story.deliver(bytes)).toBe(false);
    await divert(story, "eth0", true);
    expect(await story.deliver(bytes)).toBe(diverted);
    await story.port("eth0");
    expect(await story.deliver(bytes)).toBe(onPort);
    await drained();
    expect(fates(story)).toHaveLength(Number(onPort) + Number(diverted));
  });

  test("the verdict is at once, on either stage; the receive thread works on the out-of-band stage afterwards", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    const handler = story.companion.handlers.netif_deliver_oob;
    const context = outermost("", 0, "inband");
    expect(handler?.({ dev: "eth0", frame: 9, data: frame() }, context)).toEqual({ ok: true, value: { taken: true } });
    expect(story.facts("frame_end")).toEqual([]);
    await drained();
    expect(fates(story)).toEqual(["eth0 9 oob_no_listener"]);
  });

  test("a frame of a VLAN belongs to the VLAN's device, if that is a port, and comes without its tag", async () => {
    const story = await createNetStory();
    await vlans(story, "42,43");
    await story.port("eth0.42", VLAN);
    await story.attach(5, PACKET);
    await story.bind(5, "packet/3/ETH_P_ALL");
    await story.deliver(frame({ vlans: [42] }));
    await story.deliver(frame({ vlans: [43] }));
    await drained();
    const rt = outermost("rt", 1, "oob");
    const got = await story.call("oob_recvmsg", { fd: 5, count: 2000, flags: 0, timeout_ns: 0 }, rt);
    expect(got).toMatchObject({
      ok: true,
      value: { data: frame(), addr: sockaddr("packet/3/ETH_P_IP/02:00:00:00:00:02") },
    });
    expect(fates(story)).toEqual(["eth0.42 1 oob_tap", "eth0 2 oob_no_listener"]);
  });
});

describe("reception", () => {
  async function listening(): Promise<NetStory> {
    const story = await createNetStory();
    await story.port("eth0");
    await story.udp(5, "10.0.0.1:7000");
    return story;
  }
  const corrupt = (at: number): Uint8Array => frame().map((byte, index) => (index === at ? byte ^ 1 : byte));

  test.each<[string, Uint8Array, string]>([
    ["a datagram for the socket", frame(), "udp"],
    ["one for another host", frame({ destination: mac("02:00:00:00:00:77") }), "other_host"],
    ["one for another port", frame({ to: "10.0.0.1:7001" }), "no_listener"],
    ["one for another address", frame({ to: "10.0.0.9:7000" }), "no_listener"],
    ["a header that was changed on the way", corrupt(20), "ipv4_checksum"],
    ["a payload that was changed on the way", corrupt(43), "udp_checksum"],
    ["TCP", frame({ protocol: IPPROTO.IPPROTO_TCP }), "protocol_unknown"],
    ["a frame that was cut off", frame().slice(0, 30), "ipv4_short"],
  ])("%s", async (_what, bytes, fate) => {
    const story = await listening();
    expect(await story.deliver(bytes)).toBe(true);
    await drained();
    expect(fates(story)).toEqual([`eth0 1 oob_${fate}`]);
    expect(story.companion.listNetwork().counters).toContainEqual({ where: "eth0", name: `rx_${fate}`, count: 1 });
  });

  test("what is for many goes to all, what is for one to the first that is bound and fits", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    await story.udp(5, "0.0.0.0:7000");
    await story.udp(6, "10.0.0.1:7000");
    await story.deliver(frame({ text: "one" }));
    await story.deliver(frame({ to: "255.255.255.255:7000", destination: MAC_BROADCAST, text: "all" }));
    expect(await story.receive(5)).toBe("one from 10.0.0.2:9000");
    expect(await story.receive(5)).toBe("all from 10.0.0.2:9000");
    expect(await story.receive(6, { flags: MSG.MSG_DONTWAIT })).toBe("EAGAIN");
  });

  test("sockets for every protocol get copies; the first for IPv4 takes the frame away from UDP", async () => {
    const story = await listening();
    await story.attach(6, { ...PACKET, protocol: ETH_P.ETH_P_ALL });
    await story.deliver(frame());
    expect(await story.receive(5)).toBe("ping from 10.0.0.2:9000");
    await story.attach(7, { ...PACKET, protocol: ETH_P.ETH_P_IP });
    await story.deliver(frame());
    await drained();
    expect(fates(story)).toEqual(["eth0 1 oob_udp", "eth0 2 oob_packet"]);
    const waiting = story.companion.listNetwork().sockets.map(({ sk, waiting: bytes }) => [sk, bytes]);
    expect(waiting).toEqual([
      [5, 0],
      [6, 2 * frame().length],
      [7, frame().length],
    ]);
  });

  test("fragments become one datagram, in any order; each frame ends with it", async () => {
    const story = await listening();
    const text = "0123456789".repeat(300);
    const pieces = frames({ text, mtu: 1500 });
    for (const piece of pieces.reverse()) await story.deliver(piece);
    expect(await story.receive(5, { count: 4000 })).toBe(`${text} from 10.0.0.2:9000`);
    expect(fates(story).sort()).toEqual(["eth0 1 oob_udp", "eth0 2 oob_udp", "eth0 3 oob_udp"]);
    expect(story.clock.pending).toBe(1);
  });

  test("a fragment that stays alone is given up after 30 s", async () => {
    const story = await listening();
    const [first = new Uint8Array(0)] = frames({ text: "x".repeat(2000) });
    await story.deliver(first);
    await drained();
    expect(fates(story)).toEqual([]);
    story.clock.advance(30e9);
    expect(fates(story)).toEqual(["eth0 1 oob_fragment_timeout"]);
    expect(story.clock.pending).toBe(0);
  });

  test("a poller hears of a datagram, and a message taken leaves nothing to poll for", async () => {
    const story = await listening();
    const polled = story.poll(5, POLL.POLLIN);
    expect(await outcomeOf(polled)).toBe("asleep");
    await story.deliver(frame());
    expect(await polled).toBe(POLL.POLLIN);
    await story.receive(5);
    expect(await outcomeOf(story.poll(5, POLL.POLLIN))).toBe("asleep");
  });
});

describe("transmission", () => {
  const route = (story: NetStory, of: Partial<PointArgs["oob_route_learn"]> = {}) =>
    story.told("oob_route_learn", {
      destination: "10.0.0.2",
      source: "10.0.0.1",
      dev: "eth0",
      nexthop: "10.0.0.2",
      mtu: 1500,
      gateway: false,
      broadcast: false,
      forget: false,
      ...of,
    });
  const neighbour = (story: NetStory, of: Partial<PointArgs["oob_neighbour_update"]> = {}) =>
    story.told("oob_neighbour_update", {
      dev: "eth0",
      address: "10.0.0.2",
      mac: macBytes(THERE),
      reachable: true,
      ...of,
    });

  /** A core that knows the way to 10.0.0.2, with a UDP socket bound to 10.0.0.1:7000. */
  async function ready(options?: NetOptions, port?: Partial<PointArgs["netif_oob_switch_port"]>): Promise<NetStory> {
    const story = await createNetStory(options);
    const dev = port?.vlan_id === undefined ? "eth0" : "eth0.42";
    await story.port(dev, port);
    await story.udp(5, "10.0.0.1:7000");
    await route(story, { dev });
    await neighbour(story, { dev });
    story.record.length = 0;
    return story;
  }

  /** The datagram of a frame in words. */
  function words(bytes: Uint8Array | undefined): string {
    const outer = parseEthernet(bytes ?? new Uint8Array(0));
    if (!outer.ok) return "no frame";
    let { packet } = outer;
    let tag = "";
    if (packet.ethertype === ETH_P.ETH_P_8021Q) {
      const inner = untag(packet, ETH_P.ETH_P_8021Q);
      if (!inner.ok) return "no tag";
      tag = `vlan ${inner.packet.tag.vid} `;
      packet = inner.packet.frame;
    }
    const ip = parseIpv4(packet.payload);
    const udp = ip.ok ? parseUdp(ip.packet.payload, ip.packet) : ip;
    if (!ip.ok || !udp.ok) return "no datagram";
    const text = new TextDecoder().decode(udp.packet.payload);
    const { source, destination } = ip.packet;
    const ends = `${ipv4AddressText(source)}:${udp.packet.sourcePort} > ${ipv4AddressText(destination)}:${udp.packet.destinationPort}`;
    const addressed = packet.destination === THERE && packet.source === HERE ? "" : "misaddressed ";
    return `${tag}${addressed}${ends} ${text}`;
  }

  test("a known way on a capable driver: the frame goes to the NIC, on the out-of-band stage", async () => {
    const story = await ready();
    expect(await story.send(5, "ping", "10.0.0.2:9000")).toBe(4);
    expect(story.sent.map(({ link, bytes }) => [link, words(bytes)])).toEqual([
      ["eth0", "10.0.0.1:7000 > 10.0.0.2:9000 ping"],
    ]);
    expect(story.facts("oob_xmit", "frame_send")).toEqual([
      expect.stringMatching(/^frame_send dev=eth0 frame=\d+ to=nic bytes=46$/),
      expect.stringMatching(/^oob_xmit sk=5 dev=eth0 frame=\d+ path=full bytes=46$/),
    ]);
  });

  test("the same on a stock driver: the frame is relayed in-band with the device's index", async () => {
    const story = await ready({}, { capable: false });
    expect(await story.send(5, "ping", "10.0.0.2:9000")).toBe(4);
    expect(story.sent.map(({ link, bytes, meta }) => [link, meta.flags, words(bytes)])).toEqual([
      ["relay", 2, "10.0.0.1:7000 > 10.0.0.2:9000 ping"],
    ]);
    expect(story.facts("oob_xmit")[0]).toContain("path=partial");
  });

  test.each([
    [true, "vlan 42 10.0.0.1:7000 > 10.0.0.2:9000 ping"],
    [false, "10.0.0.1:7000 > 10.0.0.2:9000 ping"],
  ])(
    "on a VLAN port the core tags if the driver is capable (%s), else the in-band device does",
    async (capable, sent) => {
      const story = await ready({}, { ...VLAN, capable });
      await story.send(5, "ping", "10.0.0.2:9000");
      expect(words(story.sent[0]?.bytes)).toBe(sent);
    },
  );

  test("a way that is not known: EINPROGRESS, and an in-band worker sends; then it is known", async () => {
    const offloads: string[] = [];
    const story: NetStory = await createNetStory({
      hooks: {
        async inband_offload_sendmsg(context, { sk, data }) {
          offloads.push(`${context.stage} ${context.task || "worker"} ${sk} ${data.length}`);
          await route(story);
          await neighbour(story);
          return { kind: "returned", value: { count: data.length, bound: sockaddr("0.0.0.0:40000") } };
        },
      },
    });
    await story.port("eth0");
    await story.udp(5);
    expect(await story.send(5, "ping", "10.0.0.2:9000")).toBe("EINPROGRESS");
    await drained();
    expect(offloads).toEqual(["inband worker 5 4"]);
    expect(await story.send(5, "ping", "10.0.0.2:9000")).toBe(4);
    expect(words(story.sent[0]?.bytes)).toBe("10.0.0.1:40000 > 10.0.0.2:9000 ping");
    expect(story.facts("oob_offload")).toEqual(["oob_offload sk=5 bytes=4", "oob_offload_end sk=5 bytes=4"]);
  });

  test("the last close waits until the worker has sent; datagrams of one socket keep their order", async () => {
    const answers: (() => void)[] = [];
    const sent: string[] = [];
    const story = await createNetStory({
      hooks: {
        async inband_offload_sendmsg(_context, { data }) {
          sent.push(new TextDecoder().decode(data));
          await new Promise<void>((resolve) => answers.push(resolve));
          return { kind: "refused", errno: "EHOSTUNREACH" };
        },
      },
    });
    await story.udp(5, "10.0.0.1:7000");
    for (const text of ["first", "second"]) await story.send(5, text, "10.0.0.2:9000");
    const release = story.release(5);
    expect([await outcomeOf(release), sent]).toEqual(["asleep", ["first"]]);
    answers.shift()?.();
    expect([await outcomeOf(release), sent]).toEqual(["asleep", ["first", "second"]]);
    answers.shift()?.();
    expect(await release).toBe("ok");
    expect(story.facts("oob_offload_end")).toEqual(Array(2).fill("oob_offload_end sk=5 errno=EHOSTUNREACH"));
  });

  test("what waits for the worker leaves no room at last: the sender waits until its date, or must not", async () => {
    const answers: (() => void)[] = [];
    const story = await createNetStory({
      hooks: {
        async inband_offload_sendmsg() {
          await new Promise<void>((resolve) => answers.push(resolve));
          return { kind: "lost", why: "timeout" };
        },
      },
    });
    await story.udp(5, "10.0.0.1:7000");
    const big = "x".repeat(60_000);
    for (let n = 0; n < 4; n += 1) expect(await story.send(5, big, "10.0.0.2:9000")).toBe("EINPROGRESS");
    expect(await story.send(5, big, "10.0.0.2:9000", { flags: MSG.MSG_DONTWAIT })).toBe("EAGAIN");
    const late = story.send(5, big, "10.0.0.2:9000", { timeoutNs: 500 });
    expect(await outcomeOf(late)).toBe("asleep");
    story.clock.advance(500);
    expect(await late).toBe("ETIMEDOUT");
    const patient = story.send(5, big, "10.0.0.2:9000");
    const polled = story.poll(5, POLL.POLLOUT);
    expect(await outcomeOf(patient)).toBe("asleep");
    answers.shift()?.();
    expect(await patient).toBe("EINPROGRESS");
    // What became free is the other one's by now.
    expect(await outcomeOf(polled)).toBe("asleep");
    answers.shift()?.();
    expect(await polled).toBe(POLL.POLLOUT);
    expect(story.companion.listNetwork().counters).toContainEqual({ where: "", name: "offload_lost", count: 2 });
  });

  test("the caches forget: a neighbour that failed, a route, all routes, a device that is no port any more", async () => {
    const story = await ready();
    const known = async (): Promise<boolean> => (await story.send(5, "x", "10.0.0.2:9000")) === 1;
    expect(await known()).toBe(true);
    await neighbour(story, { reachable: false });
    expect(await known()).toBe(false);
    await neighbour(story);
    await route(story, { forget: true });
    expect(await known()).toBe(false);
    await route(story);
    expect(await known()).toBe(true);
    await route(story, { forget: true, destination: "" });
    expect(await known()).toBe(false);
    await route(story);
    await story.port("eth0", { enabled: false });
    await story.port("eth0");
    expect(await known()).toBe(false);
    expect(story.companion.listNetwork()).toMatchObject({ routes: [], neighbours: [] });
  });

  test("ways through devices that are no ports are not learnt", async () => {
    const story = await createNetStory();
    await route(story);
    await neighbour(story);
    expect(story.companion.listNetwork()).toMatchObject({ routes: [], neighbours: [] });
  });

  test("a datagram beyond the MTU goes in fragments, and does not forbid it; a small one does", async () => {
    const story = await ready();
    expect(await story.send(5, "x".repeat(3000), "10.0.0.2:9000")).toBe(3000);
    expect(await story.send(5, "x", "10.0.0.2:9000")).toBe(1);
    const headers = story.sent.map(({ bytes }) => parseIpv4(bytes.subarray(14)));
    expect(
      headers.map((ip) => ip.ok && [ip.packet.fragmentOffset, ip.packet.moreFragments, ip.packet.dontFragment]),
    ).toEqual([
      [0, true, false],
      [1480, true, false],
      [2960, false, false],
      [0, false, true],
    ]);
  });

  test.each<[string, Parameters<NetStory["send"]>, number | string]>([
    ["a flag that is none of the two", [5, "x", "10.0.0.2:9000", { flags: MSG.MSG_PEEK }], "EINVAL"],
    ["no address and no peer", [5, "x"], "EDESTADDRREQ"],
    ["port zero", [5, "x", "10.0.0.2:0"], "EINVAL"],
    ["address zero", [5, "x", "0.0.0.0:9000"], "EINVAL"],
    ["an address of another family", [5, "x", "oob/1"], "EINVAL"],
    ["nothing to send", [5, "", "10.0.0.2:9000"], 0],
    ["more than a datagram holds", [5, "x".repeat(65_508), "10.0.0.2:9000"], "EMSGSIZE"],
    ["as much as it holds", [5, "x".repeat(65_507), "10.0.0.2:9000"], 65_507],
  ])("%s", async (_what, args, outcome) => {
    const story = await ready();
    expect(await story.send(...args)).toBe(outcome);
  });

  test("behind a router: MSG_DONTROUTE is refused, the frame goes to the router; a broadcast is the in-band stack's to judge", async () => {
    const story = await ready();
    await route(story, { destination: "192.0.2.1", nexthop: "10.0.0.2", gateway: true });
    await route(story, { destination: "10.0.0.255", broadcast: true });
    expect(await story.send(5, "x", "192.0.2.1:9", { flags: MSG.MSG_DONTROUTE })).toBe("EMULTIHOP");
    expect(await story.send(5, "x", "192.0.2.1:9")).toBe(1);
    expect(words(story.sent[0]?.bytes)).toBe("10.0.0.1:7000 > 192.0.2.1:9 x");
    expect(await story.send(5, "x", "10.0.0.255:9")).toBe("EINPROGRESS");
  });

  test("a connected socket needs no address", async () => {
    const story = await ready();
    await story.connect(5, "10.0.0.2:9000", "10.0.0.1:7000");
    expect(await story.send(5, "ping")).toBe(4);
    expect(words(story.sent[0]?.bytes)).toBe("10.0.0.1:7000 > 10.0.0.2:9000 ping");
  });

  test("a link without room: the frame waits in its buffer, counted, and nothing is said to be sent", async () => {
    const story = await ready({ room: () => false });
    expect(await story.send(5, "ping", "10.0.0.2:9000")).toBe(4);
    expect(story.facts("oob_xmit", "frame_send", "tx_done")).toEqual([]);
    expect(story.companion.listNetwork().counters).toContainEqual({ where: "eth0", name: "tx_no_room", count: 1 });
  });

  test("raw frames: as they are, on the port that is named or bound, up to 18 bytes less than the MTU", async () => {
    const story = await createNetStory();
    await story.port("eth0");
    await story.attach(5, PACKET);
    const raw = frame({ destination: THERE });
    expect(await story.send(5, raw)).toBe("ENXIO");
    expect(await story.send(5, raw, "packet/9/ETH_P_IP")).toBe("ENXIO");
    expect(await story.send(5, raw, "packet/2/ETH_P_IP")).toBe(raw.length);
    await story.bind(5, "packet/2/ETH_P_IP");
    expect(await story.send(5, raw)).toBe(raw.length);
    expect(await story.told("oob_write", { fd: 5, data: raw }, outermost("rt", 1, "oob"))).toBe("ok");
    expect(story.sent.map(({ bytes }) => bytes)).toEqual([raw, raw, raw]);
    expect(await story.send(5, new Uint8Array(1482))).toBe(1482);
    expect(await story.send(5, new Uint8Array(1483))).toBe("EMSGSIZE");
    expect(await story.send(5, new Uint8Array(13))).toBe("EINVAL");
    expect(await story.send(5, raw, "10.0.0.2:9")).toBe("EINVAL");
    expect(await story.send(5, raw, "", { flags: MSG.MSG_DONTROUTE })).toBe("EINVAL");
  });
});
