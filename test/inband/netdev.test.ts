import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { buildEthernet } from "../../services/abi/packet/ethernet.ts";
import { buildIcmp, ICMP } from "../../services/abi/packet/icmp.ts";
import { sendRaw } from "../../services/inband/model/stack/raw-calls.ts";
import { bindUdp, receiveUdp, takeError } from "../../services/inband/model/stack/udp-calls.ts";
import { listNetwork } from "../../services/inband/netdev/list-network.ts";
import { settled } from "../kit.ts";
import { ADMIN, facts, pair, send, udp, unended, type Node } from "./netdev-harness.ts";
import { SECOND, ip, mac, there } from "./stack-harness.ts";

const A = ip("10.0.0.1");
const B = ip("10.0.0.2");
const text = (word: string): Uint8Array => new TextEncoder().encode(word);

/** A socket of beta at port 7. */
function server({ kernel }: Node, socket = udp({ kernel } as Node)) {
  expect(bindUdp(kernel.stack, socket.udp, { address: ip("0.0.0.0"), port: 7 }).ok).toBe(true);
  return socket;
}

/** The types of the frames that a node sent. */
const types = ({ eth0 }: Node): string[] =>
  eth0.log.map(
    (bytes) => there(bytes[12]).toString(16).padStart(2, "0") + there(bytes[13]).toString(16).padStart(2, "0"),
  );

describe("frames between two nodes", () => {
  test("a datagram asks for the address first, and each frame is one leg of a trace that ends once", async () => {
    const { alpha, beta, seen } = pair();
    const [from, to] = [udp(alpha), server(beta)];
    expect(await send(alpha, from.udp, text("hello"), B)).toEqual({ ok: true, value: 5 });
    expect([types(alpha), types(beta)]).toEqual([["0806", "0800"], ["0806"]]);
    const got = receiveUdp(to.udp);
    expect(got.ok && got.value?.from.address).toBe(A);

    const events = seen();
    expect(events.filter(({ point }) => point === "frame_end").map(({ node, args }) => [node, args["fate"]])).toEqual([
      ["beta", "answered"],
      ["alpha", "consumed"],
      ["beta", "delivered"],
    ]);
    expect([unended(events, "alpha"), unended(events, "beta")]).toEqual([[], []]);
    const sends = events.filter(({ point }) => point === "frame_send");
    const arrivals = events.filter(({ point }) => point === "frame_receive");
    expect(sends.map(({ args }) => args["to"])).toEqual(["nic", "nic", "nic"]);
    for (const [at, arrival] of arrivals.entries()) {
      expect([arrival.parent, arrival.trace]).toEqual([sends[at]?.span, sends[at]?.trace]);
      expect(arrival.lamport).toBeGreaterThan(there(sends[at]).lamport);
    }
    // All of it follows from one send, so all of it is one trace: a question, its answer, the datagram.
    expect(new Set(events.filter(({ trace }) => trace !== 0).map(({ trace }) => trace)).size).toBe(1);
    expect(facts(events, "neighbour_change")).toContainEqual({
      dev: "eth0",
      address: "10.0.0.2",
      from: "INCOMPLETE",
      to: "REACHABLE",
    });
  });

  test("a raw socket's echo request comes back as its reply", async () => {
    const { alpha, beta, seen } = pair();
    const raw = alpha.kernel.stack.raw.create(77, 1);
    const echo = buildIcmp({ type: ICMP.ICMP_ECHO, code: 0, rest: 0x0001_0001, body: text("ping") });
    alpha.kernel.run(ADMIN, (nowNs) => sendRaw(alpha.kernel.stack, raw, echo, B, nowNs));
    await settled();
    expect(raw.queue.shift()?.from).toBe(B);
    const events = seen();
    expect([unended(events, "alpha"), unended(events, "beta")]).toEqual([[], []]);
    expect(beta.kernel.stack.rx.of("answered")).toBe(2);
  });

  test("one notification for all pieces of a datagram; their ends are told when the last one comes", async () => {
    const { alpha, beta, seen } = pair();
    const [from, to] = [udp(alpha), server(beta)];
    await send(alpha, from.udp, text("first"), B);
    const signals = alpha.eth0.counts.signals;
    seen();
    await send(alpha, from.udp, new Uint8Array(4000), B);
    expect(alpha.eth0.counts.signals - signals).toBe(1);
    const events = seen().filter(({ node }) => node === "beta");
    const words = events.map(({ point }) => point).filter((point) => point.startsWith("frame_"));
    expect(words).toEqual([...Array<string>(3).fill("frame_receive"), ...Array<string>(3).fill("frame_end")]);
    expect(unended(events, "beta")).toEqual([]);
    expect(to.udp.queue.length).toBe(2);
  });

  test("a lost fragment: the others end after 30 seconds, each in its own trace", async () => {
    const { alpha, beta, clock, seen } = pair();
    const from = udp(alpha);
    server(beta);
    await send(alpha, from.udp, text("first"), B);
    alpha.eth0.loses = (bytes) => bytes.length < 1200;
    await send(alpha, from.udp, new Uint8Array(4000), B);
    const before = seen();
    expect(unended(before, "beta")).toHaveLength(2);
    await clock.advance(31 * SECOND);
    const after = seen().filter(({ point, node }) => point === "frame_end" && node === "beta");
    expect(after.slice(0, 2).map(({ args }) => args["fate"])).toEqual(["fragment_timeout", "fragment_timeout"]);
    const arrivals = before.filter(({ point, node }) => point === "frame_receive" && node === "beta").slice(-2);
    expect(after.slice(0, 2).map(({ span }) => span)).toEqual(arrivals.map(({ span }) => span));
    expect(unended([...before, ...after], "beta")).toEqual([]);
  });

  test("nobody answers: EHOSTUNREACH after three seconds, and the timer is the clock's", async () => {
    const { alpha, clock, seen } = pair();
    alpha.eth0.loses = () => true;
    const from = udp(alpha);
    await send(alpha, from.udp, text("x"), B);
    await clock.advance(4 * SECOND);
    expect(takeError(from.udp)).toBe("EHOSTUNREACH");
    expect(alpha.eth0.counts.sent).toBe(3);
    expect(facts(seen(), "neighbour_change").at(-1)).toMatchObject({ from: "INCOMPLETE", to: "FAILED" });
    expect(clock.pending()).toBe(0);
  });

  test("a ring without room: the frame never was, but for the count", async () => {
    const { alpha, beta, seen } = pair();
    const from = udp(alpha);
    server(beta);
    await send(alpha, from.udp, text("first"), B);
    seen();
    alpha.eth0.room = 1;
    await send(alpha, from.udp, new Uint8Array(4000), B);
    const { tx, devices } = alpha.kernel.stack;
    expect([tx.of("tx_ring_full"), devices.byName("eth0")?.tx.of("tx_ring_full")]).toEqual([2, 2]);
    expect([tx.of("sent"), alpha.eth0.counts.sent]).toEqual([3, 3]);
    expect(seen().filter(({ point, node }) => point === "frame_send" && node === "alpha")).toHaveLength(1);
  });
});

describe("devices", () => {
  test("a VLAN device over eth0 carries its tag on the wire, and plain traffic passes beside it", async () => {
    const { alpha, beta, seen } = pair();
    for (const [{ handlers }, address] of [
      [alpha, "10.42.0.1/24"],
      [beta, "10.42.0.2/24"],
    ] as const) {
      const added = await handlers.net_vlan_add({ dev: "eth0", name: "eth0.42", vlan_id: 42 }, ADMIN);
      expect(added).toEqual({ ok: true, value: { ifindex: 3 } });
      expect(await handlers.net_address_add({ dev: "eth0.42", address }, ADMIN)).toEqual({ ok: true, value: {} });
      expect(await handlers.net_link_up({ dev: "eth0.42" }, ADMIN)).toEqual({ ok: true, value: {} });
    }
    const [from, to] = [udp(alpha), server(beta)];
    await send(alpha, from.udp, text("tagged"), ip("10.42.0.2"));
    await send(alpha, from.udp, text("plain"), B);
    expect(types(alpha)).toEqual(["8100", "8100", "0806", "0800"]);
    const first = to.udp.queue.shift();
    expect([first?.ifindex, first?.to.address]).toEqual([3, ip("10.42.0.2")]);
    expect(unended(seen(), "beta")).toEqual([]);

    const { handlers } = alpha;
    const vlan = { dev: "eth0", name: "eth0.42", vlan_id: 7 };
    expect(await handlers.net_vlan_add(vlan, ADMIN)).toEqual({ ok: false, errno: "EEXIST" });
    expect(await handlers.net_vlan_add({ ...vlan, name: "a/b" }, ADMIN)).toEqual({ ok: false, errno: "EINVAL" });
    expect(await handlers.net_vlan_add({ ...vlan, name: "v", vlan_id: 4095 }, ADMIN)).toMatchObject({
      errno: "EINVAL",
    });
    expect(await handlers.net_vlan_add({ ...vlan, dev: "eth9" }, ADMIN)).toEqual({ ok: false, errno: "ENODEV" });
    expect(await handlers.net_link_del({ dev: "eth0.42" }, ADMIN)).toEqual({ ok: false, errno: "EBUSY" });
    expect(await handlers.net_link_del({ dev: "eth0" }, ADMIN)).toEqual({ ok: false, errno: "EBUSY" });
    await handlers.net_link_down({ dev: "eth0.42" }, ADMIN);
    expect(await handlers.net_link_del({ dev: "eth0.42" }, ADMIN)).toEqual({ ok: true, value: {} });
    expect(await handlers.net_link_del({ dev: "eth0.42" }, ADMIN)).toEqual({ ok: false, errno: "ENODEV" });
    expect(facts(seen(), "device_change").slice(-2)).toEqual([
      { dev: "eth0.42", what: "down" },
      { dev: "eth0.42", what: "removed" },
    ]);
  });

  test("down, nothing gets in or out and each frame still ends; up, the routes are back", async () => {
    const { alpha, beta, seen } = pair();
    const [from, to] = [udp(alpha), server(beta)];
    await send(alpha, from.udp, text("x"), B);
    await beta.handlers.net_link_down({ dev: "eth0" }, ADMIN);
    await send(alpha, from.udp, text("y"), B);
    expect(beta.kernel.stack.rx.of("device_down")).toBe(1);
    expect(await send(beta, to.udp, text("z"), A)).toEqual({ ok: false, errno: "ENETUNREACH" });
    expect(await beta.handlers.net_link_up({ dev: "eth0" }, ADMIN)).toEqual({ ok: true, value: {} });
    await send(alpha, from.udp, text("y"), B);
    expect(to.udp.queue.length).toBe(2);
    expect(unended(seen(), "beta")).toEqual([]);
    expect(await beta.handlers.net_link_down({ dev: "eth9" }, ADMIN)).toEqual({ ok: false, errno: "ENODEV" });
  });

  test("a lost link drops what is sent, forgets the neighbours, and comes back", async () => {
    const { alpha, beta, clock, seen } = pair();
    const [from, to] = [udp(alpha), server(beta)];
    await send(alpha, from.udp, text("x"), B);
    await alpha.handlers.netif_carrier({ dev: "eth0", on: false }, outermost(""));
    expect(listNetwork(alpha.kernel).devices[1]?.state).toEqual(["UP"]);
    expect(alpha.kernel.stack.neighbours.size).toBe(0);
    await send(alpha, from.udp, text("y"), B);
    expect(alpha.kernel.stack.tx.of("tx_no_carrier")).toBe(1);
    await alpha.handlers.netif_carrier({ dev: "eth0", on: true }, outermost(""));
    await alpha.handlers.netif_carrier({ dev: "eth9", on: true }, outermost(""));
    await send(alpha, from.udp, text("z"), B);
    // The question of the second datagram was dropped: both wait for the next one.
    await clock.advance(SECOND);
    expect(to.udp.queue.length).toBe(3);
    expect(facts(seen(), "device_change")).toEqual([
      { dev: "eth0", what: "carrier_off" },
      { dev: "eth0", what: "carrier_on" },
    ]);
  });

  test("addresses, routes and MTU are an administrator's, with Linux's errnos", async () => {
    const { handlers, kernel } = pair().alpha;
    const refused = (errno: string): object => ({ ok: false, errno });
    const done = { ok: true, value: {} };
    const address = (text: string) => ({ dev: "eth0", address: text });
    expect(await handlers.net_address_add(address("10.9.0.1/24"), ADMIN)).toEqual(done);
    expect(await handlers.net_address_add(address("10.9.0.1/24"), ADMIN)).toEqual(refused("EEXIST"));
    expect(await handlers.net_address_add(address("10.9.0.1/33"), ADMIN)).toEqual(refused("EINVAL"));
    expect(await handlers.net_address_del(address("10.9.0.1/16"), ADMIN)).toEqual(refused("EADDRNOTAVAIL"));
    const route = { dev: "eth0", destination: "10.1.0.0/16", gateway: "10.9.0.254", metric: 5 };
    expect(await handlers.net_route_add(route, ADMIN)).toEqual(done);
    expect(await handlers.net_route_add(route, ADMIN)).toEqual(refused("EEXIST"));
    expect(await handlers.net_route_add({ ...route, destination: "10.1.0.1/16" }, ADMIN)).toEqual(refused("EINVAL"));
    expect(await handlers.net_route_add({ ...route, gateway: "10.8" }, ADMIN)).toEqual(refused("EINVAL"));
    expect(await handlers.net_route_add({ ...route, gateway: "1.1.1.1" }, ADMIN)).toEqual(refused("ENETUNREACH"));
    expect(await handlers.net_route_del({ ...route, metric: 6 }, ADMIN)).toEqual(refused("ESRCH"));
    expect(await handlers.net_route_del(route, ADMIN)).toEqual(done);
    expect(await handlers.net_address_del(address("10.9.0.1"), ADMIN)).toEqual(done);
    expect(await handlers.net_mtu({ dev: "eth0", mtu: 67 }, ADMIN)).toEqual(refused("EINVAL"));
    expect(await handlers.net_mtu({ dev: "eth0", mtu: 900 }, ADMIN)).toEqual(done);
    expect(kernel.stack.devices.byName("eth0")?.mtu).toBe(900);
    await handlers.net_link_down({ dev: "eth0" }, ADMIN);
    expect(await handlers.net_route_add({ ...route, gateway: "" }, ADMIN)).toEqual(refused("ENETDOWN"));
  });

  test("the list names devices, sockets, routes, neighbours, and what was counted where", async () => {
    const { alpha, beta } = pair();
    const from = udp(alpha);
    server(beta);
    await send(alpha, from.udp, text("x"), B);
    const list = listNetwork(alpha.kernel);
    expect(list.devices[1]).toEqual({
      dev: "eth0",
      ifindex: 2,
      kind: "ethernet",
      mac: "02:00:00:00:00:01",
      mtu: 1500,
      state: ["UP", "LOWER_UP"],
      addresses: ["10.0.0.1/24"],
      below: "",
      driver: "memory",
    });
    expect(list.sockets).toMatchObject([{ sk: from.sk, kind: "udp", peer: "", waiting: 0, oob_data: 0, state: [] }]);
    expect(list.routes.map(({ destination, dev, kind }) => `${kind} ${destination} ${dev}`)).toContain(
      "unicast 10.0.0.0/24 eth0",
    );
    expect(list.neighbours).toEqual([
      { address: "10.0.0.2", mac: "02:00:00:00:00:02", dev: "eth0", state: "REACHABLE" },
    ]);
    expect(list.counters).toEqual([
      { where: "", name: "consumed", count: 1 },
      { where: "", name: "sent", count: 2 },
      { where: "eth0", name: "consumed", count: 1 },
      { where: "eth0", name: "sent", count: 2 },
      { where: "eth0 ring", name: "sent", count: 2 },
      { where: "eth0 ring", name: "received", count: 1 },
      { where: "eth0 ring", name: "signals", count: 2 },
    ]);
  });
});

describe("what the core transmits on a stock driver's device", () => {
  const frame = buildEthernet({
    destination: mac("02:00:00:00:00:02"),
    source: mac("02:00:00:00:00:01"),
    ethertype: 0x1234,
    payload: text("from the core"),
  });
  /** The core gives a frame to a device. */
  async function relay({ core }: Node, ifindex: number, number: number, bytes = frame): Promise<void> {
    core.send(bytes, { flags: ifindex, frame: number, timeNs: 0, trace: 9, span: 8, lamport: 100 });
    core.flush();
    await settled();
  }

  test("goes out under its number, past the taps, and with the tag of a VLAN device", async () => {
    const { alpha, beta, seen } = pair();
    const tap = alpha.kernel.stack.packets.create(99, "SOCK_RAW", 3);
    await alpha.handlers.net_vlan_add({ dev: "eth0", name: "eth0.42", vlan_id: 42 }, ADMIN);
    await alpha.handlers.net_link_up({ dev: "eth0.42" }, ADMIN);
    await relay(alpha, 2, 1001);
    await relay(alpha, 3, 1002);
    expect(types(alpha)).toEqual(["1234", "8100"]);
    expect(tap.queue.length).toBe(3);
    const events = seen();
    expect(facts(events, "relay_xmit")).toEqual([
      { dev: "eth0", frame: 1001 },
      { dev: "eth0.42", frame: 1002 },
    ]);
    const legs = events.filter(({ point, node }) => point === "frame_send" && node === "alpha");
    expect(legs.map(({ slice, trace }) => [slice["dev"], slice["frame"], trace])).toEqual([
      ["eth0", 1001, 9],
      ["eth0", 1002, 9],
    ]);
    expect([unended(events, "alpha"), unended(events, "beta")]).toEqual([[], []]);
    expect(beta.kernel.stack.rx.of("protocol_unhandled")).toBe(2);
  });

  test("ends here when the device is down, or is none, or has no room, or the frame has no header", async () => {
    const { alpha, seen } = pair();
    alpha.eth0.room = 0;
    await relay(alpha, 2, 1);
    await relay(alpha, 2, 2, new Uint8Array(5));
    await relay(alpha, 7, 3);
    await relay(alpha, 1, 4);
    await alpha.handlers.net_link_down({ dev: "eth0" }, ADMIN);
    await relay(alpha, 2, 5);
    const events = seen();
    expect(facts(events, "frame_end")).toEqual([
      { dev: "eth0", frame: 1, fate: "tx_ring_full" },
      { dev: "eth0", frame: 2, fate: "tx_invalid" },
      { dev: "ifindex 7", frame: 3, fate: "tx_no_device" },
      { dev: "lo", frame: 4, fate: "protocol_unhandled" },
      { dev: "eth0", frame: 5, fate: "tx_device_down" },
    ]);
    expect(unended(events, "alpha")).toEqual([]);
  });
});
