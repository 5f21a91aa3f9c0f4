import { describe, expect, test } from "@jest/globals";
import type { Context } from "../../services/abi/context.ts";
import { AF } from "../../services/abi/flags.ts";
import { buildArp } from "../../services/abi/packet/arp.ts";
import { buildEthernet } from "../../services/abi/packet/ethernet.ts";
import { buildSockaddr } from "../../services/abi/sockaddr.ts";
import { addRoute } from "../../services/inband/model/stack/admin.ts";
import { bindUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { sockCoreReady } from "../../services/inband/peers/sock-core-ready.ts";
import { listNetwork } from "../../services/inband/netdev/list-network.ts";
import { settled } from "../kit.ts";
import { ADMIN, facts, pair, send, udp, type Node, type Pair } from "./netdev-harness.ts";
import { SECOND, ip, mac } from "./stack-harness.ts";

const B = ip("10.0.0.2");
const text = (word: string): Uint8Array => new TextEncoder().encode(word);
const DONE = { ok: true, value: {} };
const ETH0 = { dev: "eth0", enabled: true, pool: 0, buffer_bytes: 0 };

/** What the core was asked, in short. */
const asked = (node: Node): string[] =>
  node.asked.splice(0).map(({ point, args }) => {
    if (point === "netif_oob_switch_port")
      return `${args["enabled"] === true ? "port" : "no port"} ${String(args["dev"])}`;
    if (point === "oob_neighbour_update") {
      return `${args["reachable"] === true ? "reachable" : "gone"} ${String(args["address"])} ${String(args["dev"])}`;
    }
    if (args["forget"] === true) return `forget ${String(args["dev"])}`;
    return `route ${String(args["destination"])} by ${String(args["nexthop"])} ${String(args["dev"])}`;
  });

/** A pair whose alpha has a port on eth0, and a socket at beta's port 7. */
async function withPort(): Promise<Pair> {
  const world = pair();
  const { alpha, beta } = world;
  expect(await alpha.handlers.net_oob_port(ETH0, ADMIN)).toEqual(DONE);
  bindUdp(beta.kernel.stack, udp(beta).udp, { address: ip("0.0.0.0"), port: 7 });
  alpha.asked.splice(0);
  return world;
}

/** Adds a VLAN device with an address, up. */
async function withVlan({ handlers }: Node, address: string): Promise<void> {
  await handlers.net_vlan_add({ dev: "eth0", name: "eth0.42", vlan_id: 42 }, ADMIN);
  await handlers.net_address_add({ dev: "eth0.42", address }, ADMIN);
  await handlers.net_link_up({ dev: "eth0.42" }, ADMIN);
}

describe("an out-of-band port", () => {
  test("is made by the core, under rtnl, which is told all about the device", async () => {
    const { alpha, seen } = pair();
    await withVlan(alpha, "10.42.0.1/24");
    const locks: (readonly string[])[] = [];
    alpha.answer = (_, { locks: held }) => void locks.push(held);
    const port = { dev: "eth0.42", enabled: true, pool: 64, buffer_bytes: 2048 };
    expect(await alpha.handlers.net_oob_port(port, ADMIN)).toEqual(DONE);
    expect(locks).toContainEqual(["rtnl:1"]);
    expect(alpha.asked.map(({ args }) => args)).toEqual([
      {
        dev: "eth0.42",
        ifindex: 3,
        real: "eth0",
        vlan_id: 42,
        mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
        mtu: 1500,
        capable: true,
        running: true,
        enabled: true,
        pool: 64,
        buffer_bytes: 2048,
      },
    ]);
    const ports = (): string[] =>
      listNetwork(alpha.kernel).devices.flatMap(({ dev, state }) => (state.includes("OOB_PORT") ? [dev] : []));
    expect(ports()).toEqual(["eth0.42"]);
    expect(await alpha.handlers.net_oob_port({ ...port, enabled: false }, ADMIN)).toEqual(DONE);
    expect(ports()).toEqual([]);
    expect(facts(seen(), "oob_port")).toEqual([
      { dev: "eth0.42", enabled: true },
      { dev: "eth0.42", enabled: false },
    ]);
    expect(await alpha.handlers.net_oob_port({ ...port, dev: "eth9" }, ADMIN)).toEqual({ ok: false, errno: "ENODEV" });
  });

  test("is none when the core refuses, and nothing is undone; without CONFIG_NET_OOB nobody is asked", async () => {
    const { alpha } = pair();
    alpha.answer = () => ({ ok: false, errno: "ENOMEM" });
    expect(await alpha.handlers.net_oob_port(ETH0, ADMIN)).toEqual({ ok: false, errno: "ENOMEM" });
    expect(asked(alpha)).toEqual(["port eth0"]);
    expect(alpha.kernel.netdev.oobPorts.size).toBe(0);
    Object.assign(alpha.kernel, { node: { ...alpha.kernel.node, netOob: false } });
    expect(await alpha.handlers.net_oob_port(ETH0, ADMIN)).toEqual({ ok: false, errno: "EOPNOTSUPP" });
    expect(asked(alpha)).toEqual([]);
  });

  test("a lost answer is EIO, and both sides go back to what was before", async () => {
    const { alpha, seen } = pair();
    const loses = (enabled: boolean): void => {
      alpha.answer = ({ args }) => (args["enabled"] === enabled ? "lost" : undefined);
    };
    loses(true);
    expect(await alpha.handlers.net_oob_port({ ...ETH0, pool: 9 }, ADMIN)).toEqual({ ok: false, errno: "EIO" });
    expect(asked(alpha)).toEqual(["port eth0", "no port eth0"]);
    expect(alpha.kernel.netdev.oobPorts.size).toBe(0);
    loses(false);
    await alpha.handlers.net_oob_port({ ...ETH0, pool: 9 }, ADMIN);
    expect(await alpha.handlers.net_oob_port({ ...ETH0, enabled: false }, ADMIN)).toEqual({ ok: false, errno: "EIO" });
    expect(alpha.asked.at(-1)?.args).toMatchObject({ enabled: true, pool: 9 });
    expect(alpha.kernel.netdev.oobPorts.size).toBe(1);
    // To be a port once more changes nothing, so nothing is to be undone.
    loses(true);
    asked(alpha);
    expect(await alpha.handlers.net_oob_port(ETH0, ADMIN)).toEqual({ ok: false, errno: "EIO" });
    expect(asked(alpha)).toEqual(["port eth0"]);
    const lost = { dev: "eth0", undoes: "netif_oob_switch_port", why: "timeout" };
    expect(facts(seen(), "compensate")).toEqual([lost, lost]);
  });

  test("a device that goes down ends its ports first, those above before it, and they do not come back", async () => {
    const { alpha, seen } = await withPort();
    await withVlan(alpha, "10.42.0.1/24");
    await alpha.handlers.net_oob_port({ ...ETH0, dev: "eth0.42" }, ADMIN);
    asked(alpha);
    seen();
    // The core cannot stop it.
    alpha.answer = ({ args }) => (args["dev"] === "eth0" ? "lost" : { ok: false, errno: "EIO" });
    expect(await alpha.handlers.net_link_down({ dev: "eth0" }, ADMIN)).toEqual(DONE);
    expect(asked(alpha)).toEqual(["no port eth0.42", "no port eth0", "no port eth0"]);
    const order = seen().flatMap(({ point, slice, args }) => {
      if (point === "oob_port") return [`${String(slice["dev"])} port`];
      return point === "device_change" ? [`${String(slice["dev"])} ${String(args["what"])}`] : [];
    });
    expect(order).toEqual(["eth0.42 port", "eth0 port", "eth0.42 down", "eth0 down"]);
    await alpha.handlers.net_link_up({ dev: "eth0" }, ADMIN);
    expect(alpha.kernel.netdev.oobPorts.size).toBe(0);
  });

  test("a call that comes back for rtnl from inside the hook is refused, not hung; a driver's word is not held up", async () => {
    const { alpha } = pair();
    const inside: unknown[] = [];
    const again = async (context: Context): Promise<void> => {
      inside.push(await alpha.handlers.net_mtu({ dev: "eth0", mtu: 900 }, context));
    };
    alpha.answer = (_, context) => {
      void again(context);
      void alpha.handlers.netif_carrier({ dev: "eth0", on: false }, context);
      inside.push(alpha.kernel.stack.devices.byName("eth0")?.carrier);
      return undefined;
    };
    await alpha.handlers.net_oob_port(ETH0, ADMIN);
    await settled();
    expect(inside).toEqual([false, { ok: false, errno: "EDEADLK" }]);
    expect(alpha.kernel.locks.holders()).toEqual([]);
  });
});

describe("the core's front caches", () => {
  test("are told of a route once, and of a neighbour when it is reachable and when it is so no more", async () => {
    const { alpha, clock } = await withPort();
    const from = udp(alpha);
    await send(alpha, from.udp, text("x"), B);
    await send(alpha, from.udp, text("y"), B);
    expect(alpha.asked[0]?.args).toEqual({
      destination: "10.0.0.2",
      source: "10.0.0.1",
      dev: "eth0",
      nexthop: "10.0.0.2",
      mtu: 1500,
      gateway: false,
      broadcast: false,
      forget: false,
    });
    expect(alpha.asked[1]?.args).toEqual({
      dev: "eth0",
      address: "10.0.0.2",
      mac: Uint8Array.of(2, 0, 0, 0, 0, 2),
      reachable: true,
    });
    expect(asked(alpha)).toEqual(["route 10.0.0.2 by 10.0.0.2 eth0", "reachable 10.0.0.2 eth0"]);
    await clock.advance(60 * SECOND);
    expect(asked(alpha)).toEqual(["gone 10.0.0.2 eth0"]);
    expect(alpha.kernel.stack.neighbours.entries()[0]?.to).toBe("STALE");
  });

  test("hear nothing of a device that is no port, and all that is known when it becomes one", async () => {
    const { alpha } = pair();
    const from = udp(alpha);
    await send(alpha, from.udp, text("x"), B);
    expect(asked(alpha)).toEqual([]);
    const { neighbours } = alpha.kernel.stack;
    expect(neighbours.setPermanent(2, ip("10.0.0.9"), mac("02:00:00:00:00:09"), 0).ok).toBe(true);
    expect(
      neighbours.heard(2, ip("10.0.0.8"), { mac: mac("02:00:00:00:00:08"), to: "STALE", gratuitous: false }, true, 0)
        .ok,
    ).toBe(true);
    const under: string[] = [];
    alpha.answer = ({ point }, { locks, chain }) => void under.push([point, ...locks, ...chain].join(" "));
    await alpha.handlers.net_oob_port(ETH0, { ...ADMIN, chain: ["net_oob_port"] });
    await settled();
    // Those notices come when the call may be over: they stand under nothing of it.
    expect(under).toEqual([
      "netif_oob_switch_port rtnl:1 net_oob_port netif_oob_switch_port",
      "oob_neighbour_update oob_neighbour_update",
      "oob_neighbour_update oob_neighbour_update",
    ]);
    expect(asked(alpha)).toEqual(["port eth0", "reachable 10.0.0.2 eth0", "reachable 10.0.0.9 eth0"]);
  });

  test("forget when routes change, and learn anew; the end of the port leaves nothing in them", async () => {
    const { alpha } = await withPort();
    const from = udp(alpha);
    const gateway = { dev: "eth0", destination: "default", gateway: "10.0.0.2", metric: 0 };
    await alpha.handlers.net_route_add(gateway, ADMIN);
    await send(alpha, from.udp, text("x"), ip("192.0.2.9"));
    expect(alpha.asked[0]?.args).toMatchObject({ nexthop: "10.0.0.2", gateway: true });
    expect(asked(alpha)).toEqual(["route 192.0.2.9 by 10.0.0.2 eth0", "reachable 10.0.0.2 eth0"]);
    for (const change of [
      () => alpha.handlers.net_mtu({ dev: "eth0", mtu: 1400 }, ADMIN),
      () => alpha.handlers.net_address_add({ dev: "eth0", address: "10.9.0.1/24" }, ADMIN),
      () => alpha.handlers.net_address_del({ dev: "eth0", address: "10.9.0.1/24" }, ADMIN),
      () => alpha.handlers.net_route_del(gateway, ADMIN),
      () => alpha.handlers.net_route_add(gateway, ADMIN),
    ]) {
      expect(await change()).toEqual(DONE);
      await send(alpha, from.udp, text("x"), B);
      expect(asked(alpha)).toEqual(["forget eth0", "route 10.0.0.2 by 10.0.0.2 eth0"]);
    }
    await alpha.handlers.net_oob_port({ ...ETH0, enabled: false }, ADMIN);
    await settled();
    expect(asked(alpha)).toEqual(["no port eth0", "forget eth0", "gone 10.0.0.2 eth0"]);
  });

  test("a core that does not answer holds no packet up, and is told in order when it does", async () => {
    const { alpha, clock } = await withPort();
    alpha.answer = ({ point }) => (point === "oob_route_learn" ? "lost" : undefined);
    const from = udp(alpha);
    await send(alpha, from.udp, text("x"), B);
    expect(alpha.eth0.counts.sent).toBe(2);
    await clock.advance(SECOND);
    expect(asked(alpha).at(-1)).toBe("reachable 10.0.0.2 eth0");
    // As many destinations as it takes: what is remembered is bounded.
    alpha.answer = () => undefined;
    const route = { type: "unicast", bits: 8, gateway: B, metric: 0, source: undefined } as const;
    addRoute(alpha.kernel.stack, { ...route, destination: ip("11.0.0.0"), ifindex: 2 });
    for (let i = 0; i < 1100; i++) await send(alpha, from.udp, text("x"), (ip("11.0.0.0") + i) as typeof B);
    expect(alpha.kernel.netdev.front.routes.size).toBe(1024);
    expect(alpha.kernel.netdev.front.pending).toBe(0);
  });
});

describe("a core that hangs while a neighbour's address changes with every frame", () => {
  test("has no more than 4,096 notices waiting for it, and then learns how things are", async () => {
    const { alpha, beta } = await withPort();
    await send(alpha, udp(alpha).udp, text("x"), B);
    asked(alpha);
    let goOn = (): void => undefined;
    const hang = new Promise<undefined>((resolve) => (goOn = () => resolve(undefined)));
    alpha.answer = () => hang;
    const own = mac("02:00:00:00:00:01");
    for (let i = 1; i <= 5000; i++) {
      const from = (mac("02:00:00:01:00:00") + i) as typeof own;
      const arp = { operation: "reply", senderMac: from, sender: B, targetMac: from, target: B } as const;
      const bytes = buildEthernet({ destination: own, source: from, ethertype: 0x0806, payload: buildArp(arp) });
      beta.eth0.send(bytes, { flags: 0, frame: i, timeNs: 0, trace: 1, span: 1, lamport: 1 });
    }
    beta.eth0.flush();
    await settled();
    expect(alpha.kernel.netdev.front.pending).toBe(4096);
    goOn();
    await settled();
    const { front } = alpha.kernel.netdev;
    await front.last;
    await settled();
    expect([front.pending, front.behind, alpha.asked.length]).toEqual([0, false, 4097]);
    // The last address that was claimed, 5,000, which is 0x1388.
    expect(alpha.asked.at(-1)?.args["mac"]).toEqual(Uint8Array.of(2, 0, 0, 1, 0x13, 0x88));
  });
});

describe("what the core offloads", () => {
  test("is sent through the in-band half of the socket, and teaches the core the way", async () => {
    const { alpha } = await withPort();
    const socket = udp(alpha);
    const addr = buildSockaddr({ family: "AF_INET", address: B, port: 7 });
    const offload = (args: object) =>
      alpha.handlers.inband_offload_sendmsg({ sk: socket.sk, data: text("hello"), addr, ...args }, ADMIN);
    const first = await offload({});
    const bound = buildSockaddr({ family: "AF_INET", ...socket.udp.local });
    expect(first).toEqual({ ok: true, value: { count: 5, bound } });
    await settled();
    expect(asked(alpha)).toEqual(["route 10.0.0.2 by 10.0.0.2 eth0", "reachable 10.0.0.2 eth0"]);
    expect(socket.references).toBe(1);

    const refused = (errno: string): object => ({ ok: false, errno });
    expect(await offload({ addr: new Uint8Array(0) })).toEqual(refused("EDESTADDRREQ"));
    expect(await offload({ addr: Uint8Array.of(AF.AF_INET, 0) })).toEqual(refused("EINVAL"));
    expect(await offload({ data: new Uint8Array(65_535) })).toEqual(refused("EMSGSIZE"));
    expect(await offload({ sk: 4711 })).toEqual(refused("EBADF"));
    const { sockets, stack } = alpha.kernel;
    const tap = sockets.create({ family: "PF_PACKET", type: 3, protocol: 3, file: 0 }, (sk) => ({
      t: "packet",
      packet: stack.packets.create(sk, "SOCK_RAW", 3),
    }));
    expect(await offload({ sk: tap.sk })).toEqual(refused("EOPNOTSUPP"));
    stack.udp.close(socket.sk);
    expect(await offload({})).toEqual(refused("EBADF"));
  });
});

describe("a core that comes back empty", () => {
  test("is told of every port, the real device's before its VLAN's, and of the neighbours that are known there", async () => {
    const world = await withPort();
    const { alpha, clock } = world;
    await withVlan(alpha, "10.42.0.1/24");
    await alpha.handlers.net_oob_port({ dev: "eth0.42", enabled: true, pool: 64, buffer_bytes: 2048 }, ADMIN);
    await send(alpha, udp(alpha).udp, text("ping"), B);
    await clock.advance(1e9);
    await settled();
    expect(asked(alpha)).toEqual(["port eth0.42", "route 10.0.0.2 by 10.0.0.2 eth0", "reachable 10.0.0.2 eth0"]);
    await sockCoreReady(alpha.kernel, { incarnation: 2 }, ADMIN);
    await settled();
    const sizes = alpha.asked.find(({ args }) => args["dev"] === "eth0.42")?.args;
    expect([sizes?.["pool"], sizes?.["buffer_bytes"]]).toEqual([64, 2048]);
    expect(asked(alpha)).toEqual(["port eth0", "reachable 10.0.0.2 eth0", "port eth0.42"]);
    // A route is told with the next datagram, as at first.
    await send(alpha, udp(alpha).udp, text("ping"), B);
    expect(asked(alpha)).toEqual(["route 10.0.0.2 by 10.0.0.2 eth0"]);
  });

  test("hears of a neighbour that changes while its port is switched, once it is one", async () => {
    const { alpha, clock } = await withPort();
    alpha.answer = async ({ point }) => {
      if (point !== "netif_oob_switch_port") return undefined;
      await send(alpha, udp(alpha).udp, text("ping"), B);
      return undefined;
    };
    await sockCoreReady(alpha.kernel, { incarnation: 2 }, ADMIN);
    await clock.advance(1e9);
    await settled();
    expect(asked(alpha).filter((line) => line.startsWith("reachable"))).toEqual(["reachable 10.0.0.2 eth0"]);
  });

  test("whose answer for a port is lost is told that there is none, unless another core came meanwhile", async () => {
    const { alpha } = await withPort();
    const ports = (): number => alpha.kernel.netdev.oobPorts.size;
    let times = 0;
    alpha.answer = () => (times++ === 0 ? "lost" : undefined);
    await sockCoreReady(alpha.kernel, { incarnation: 2 }, ADMIN);
    expect([asked(alpha), ports()]).toEqual([["port eth0", "no port eth0"], 0]);

    await alpha.handlers.net_oob_port(ETH0, ADMIN);
    asked(alpha);
    let next: Promise<unknown> | undefined;
    alpha.answer = () => {
      if (next !== undefined) return undefined;
      next = sockCoreReady(alpha.kernel, { incarnation: 4 }, ADMIN);
      return "lost";
    };
    await sockCoreReady(alpha.kernel, { incarnation: 3 }, ADMIN);
    await next;
    expect([asked(alpha), ports()]).toEqual([["port eth0", "no port eth0", "port eth0"], 1]);
  });
});
