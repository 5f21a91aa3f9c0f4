import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { AF, SHUT, SOCK } from "../../services/abi/flags.ts";
import { fail, ok } from "../../services/abi/result.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { settled } from "../kit.ts";
import { at, boot } from "./sockets-harness.ts";

const ADMIN = outermost("admin", 1);

/** A world whose second core gives the socket 2 the context 2002. */
function booted(profile?: Profile) {
  const world = boot(profile === undefined ? {} : { profile });
  const port = async (enabled: boolean, dev = "eth0"): Promise<void> => {
    await world.inband.handlers.net_oob_port?.({ dev, enabled, pool: 0, buffer_bytes: 0 }, ADMIN);
  };
  const replaced = (): void => {
    world.when("sock_oob_attach", ({ sk }) => ok({ oob_data: 2000 + sk }));
    world.told();
    world.story();
  };
  return { world, port, replaced };
}

/** Stops the next calls of a hook on their way, until `go`. */
function gate() {
  let open = (): void => undefined;
  let came = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const arrived = new Promise<void>((resolve) => (came = resolve));
  return { arrived, go: () => open(), pass: () => (came(), opened) };
}

describe("a core that comes back empty", () => {
  test("is told of the ports first, then of each socket: attached, bound, connected, shut down", async () => {
    const { world, port, replaced } = booted();
    await port(true);
    const bound = await world.socket();
    await world.call("sock_bind", { sock: bound, addr: at("0.0.0.0:7000") });
    await world.call("sock_connect", { sock: bound, addr: at("127.0.0.1:7001"), flags: 2 });
    await world.call("sock_shutdown", { sock: bound, how: SHUT.SHUT_WR });
    const packet = await world.socket({ family: AF.AF_PACKET, type: SOCK.SOCK_RAW });
    await world.call("sock_bind", { sock: packet, addr: at("packet/2/ETH_P_IP") });
    await world.socket({}, false);
    await world.socket();
    replaced();
    await world.coreReady();
    expect(world.told()).toEqual([
      "netif_oob_switch_port dev=eth0 enabled=true under rtnl:1",
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_bind sk=2 oob_data=2002 addr=0.0.0.0:7000 bound=127.0.0.1:7000 under sk.sk_lock:2",
      "sock_oob_connect sk=2 flags=2 oob_data=2002 addr=127.0.0.1:7001 bound=127.0.0.1:7000",
      "sock_oob_shutdown sk=2 oob_data=2002 how=1 under sk.sk_lock:2",
      "sock_oob_attach sk=4 file=2 flags=0",
      "sock_oob_bind sk=4 oob_data=2004 addr=packet/2/ETH_P_IP bound=packet/2/ETH_P_IP/02:00:00:00:00:01",
      "sock_oob_attach sk=8 file=4 flags=0",
    ]);
    expect(world.story().filter((line) => line.startsWith("oob_"))).toEqual([
      "oob_port",
      "oob_renew",
      "oob_renew",
      "oob_renew",
    ]);
    // The VFS asks what its file shall say.
    expect(await world.call("sock_map_file", { sock: bound, file: 1 })).toEqual({ oob_data: 2002 });
    expect(await world.call("sock_map_file", { sock: bound, file: 9 })).toBe("EBADF");
    expect(world.told()).toEqual([]);
  });

  test("hears as-implemented what the code says: shutdown's how is incremented (D4)", async () => {
    const { world, replaced } = booted("as-implemented");
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7001") });
    await world.call("sock_shutdown", { sock, how: SHUT.SHUT_RDWR });
    replaced();
    await world.coreReady();
    expect(world.told().at(-1)).toBe("sock_oob_shutdown sk=2 oob_data=2002 how=3 under sk.sk_lock:2");
  });

  test("is told of no binding that the first core did not hear of, and of none that was undone", async () => {
    const { world, replaced } = booted();
    const auto = await world.socket();
    await world.call("sock_sendmsg", { sock: auto, addr: at("127.0.0.1:9"), data: new Uint8Array(1) });
    const refused = await world.socket();
    world.when("sock_oob_bind", () => fail("EPERM"));
    await world.call("sock_bind", { sock: refused, addr: at("127.0.0.1:7000") });
    const ended = await world.socket();
    await world.call("sock_connect", { sock: ended, addr: at("127.0.0.1:7001") });
    await world.call("sock_connect", { sock: ended, addr: at("unspec") });
    world.when("sock_oob_bind", () => ok({}));
    replaced();
    await world.coreReady();
    expect(world.told()).toEqual([
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_attach sk=4 file=2 flags=0",
      "sock_oob_attach sk=6 file=3 flags=0",
    ]);
  });

  test("PF_OOB is bound and connected by its own operations, and its family is loaded again by the next socket", async () => {
    const { world, replaced } = booted();
    const sock = await world.socket({ family: AF.PF_OOB });
    await world.call("sock_bind", { sock, addr: at("oob/1") });
    await world.call("sock_connect", { sock, addr: at("oob/2") });
    replaced();
    await world.coreReady();
    await world.socket({ family: AF.PF_OOB });
    expect(world.told()).toEqual([
      "sock_oob_attach sk=2 file=1 flags=0",
      "oob_proto_ops sk=2 oob_data=2002 operation=bind addr=oob/1 how=0",
      "oob_proto_ops sk=2 oob_data=2002 operation=connect addr=oob/2 how=0",
      "oob_load_family",
      "sock_oob_attach sk=4 file=2 flags=0",
    ]);
  });

  test("that refuses a binding has nothing of the socket, which is a plain one for good; the next is told", async () => {
    const { world, replaced } = booted();
    const sock = await world.socket();
    await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    await world.socket();
    replaced();
    world.when("sock_oob_bind", () => fail("ENOMEM"));
    await world.coreReady();
    expect(world.told()).toEqual([
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_bind sk=2 oob_data=2002 addr=127.0.0.1:7000 bound=127.0.0.1:7000 under sk.sk_lock:2",
      "sock_oob_release sk=2 file=1 oob_data=2002",
      "sock_oob_destroy sk=2 oob_data=2002",
      "sock_oob_attach sk=4 file=2 flags=0",
    ]);
    expect(world.story()).toEqual(
      expect.arrayContaining(["sock_oob_bind says ENOMEM", "oob_lapse", "sock_oob_attach", "oob_renew"]),
    );
    // In-band it is what it was.
    expect(await world.call("sock_getname", { sock, peer: false })).toEqual({ addr: at("127.0.0.1:7000") });
    expect(await world.call("sock_connect", { sock, addr: at("127.0.0.1:7001") })).toEqual({});
    await world.coreReady(3);
    expect(world.told()).toEqual(["sock_oob_attach sk=4 file=2 flags=0"]);
  });

  test("whose answer is lost is told that it has nothing, and the core after it is asked", async () => {
    const { world, replaced } = booted();
    await world.socket();
    replaced();
    world.lose("sock_oob_attach", "answer");
    await world.coreReady();
    expect(world.told()).toEqual([
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_release sk=2 file=1 oob_data=0",
      "sock_oob_destroy sk=2 oob_data=0",
    ]);
    expect(world.story()).toContain("compensate");
  });

  test("hears of a close that comes while it attaches only the end, with the new context", async () => {
    const { world, replaced } = booted();
    const sock = await world.socket();
    await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    replaced();
    const attaching = gate();
    world.when("sock_oob_attach", async ({ sk }) => (await attaching.pass(), ok({ oob_data: 2000 + sk })));
    const ready = world.coreReady();
    await attaching.arrived;
    const closed = world.call("sock_close", { sock });
    await settled();
    attaching.go();
    await Promise.all([ready, closed]);
    expect(world.told()).toEqual([
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_bind sk=2 oob_data=2002 addr=127.0.0.1:7000 bound=127.0.0.1:7000 under sk.sk_lock:2",
      "sock_oob_release sk=0 file=1 oob_data=2002",
      "sock_oob_destroy sk=2 oob_data=2002",
    ]);
  });

  test("is told of a bind that came before its socket's turn: in-band at once, and then with the rest", async () => {
    const { world, replaced } = booted();
    await world.socket();
    const second = await world.socket();
    replaced();
    const attaching = gate();
    world.when("sock_oob_attach", async ({ sk }) => (await attaching.pass(), ok({ oob_data: 2000 + sk })));
    const ready = world.coreReady();
    await attaching.arrived;
    expect(await world.call("sock_bind", { sock: second, addr: at("127.0.0.1:7000") })).toEqual({});
    attaching.go();
    await ready;
    expect(world.told()).toEqual([
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_attach sk=4 file=2 flags=0",
      "sock_oob_bind sk=4 oob_data=2004 addr=127.0.0.1:7000 bound=127.0.0.1:7000 under sk.sk_lock:4",
    ]);
  });

  test("and dies while it is told: the telling stops, and the next core is told everything once", async () => {
    const { world, port, replaced } = booted();
    await port(true);
    const sock = await world.socket();
    await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    await world.socket();
    replaced();
    const attaching = gate();
    let attached = 0;
    world.when("sock_oob_attach", async ({ sk }) => {
      if (attached++ === 0) await attaching.pass();
      return ok({ oob_data: 1000 * (attached + 1) + sk });
    });
    const second = world.coreReady(2);
    await attaching.arrived;
    const third = world.coreReady(3);
    await settled();
    attaching.go();
    await Promise.all([second, third]);
    expect(world.told()).toEqual([
      "netif_oob_switch_port dev=eth0 enabled=true under rtnl:1",
      "sock_oob_attach sk=2 file=1 flags=0",
      "netif_oob_switch_port dev=eth0 enabled=true under rtnl:1",
      "sock_oob_attach sk=2 file=1 flags=0",
      "sock_oob_bind sk=2 oob_data=3002 addr=127.0.0.1:7000 bound=127.0.0.1:7000 under sk.sk_lock:2",
      "sock_oob_attach sk=4 file=2 flags=0",
    ]);
    // A word of the second that comes after the third's means nothing.
    await world.coreReady(2);
    expect(world.told()).toEqual([]);
  });

  test("that refuses a port has none, and the device is a plain one until somebody asks again", async () => {
    const { world, port, replaced } = booted();
    await port(true);
    replaced();
    world.when("netif_oob_switch_port", () => fail("ENXIO"));
    await world.coreReady();
    expect(world.story()).toEqual(["netif_oob_switch_port", "netif_oob_switch_port says ENXIO", "oob_lapse"]);
    expect(world.inband.listNetwork().devices.find(({ dev }) => dev === "eth0")?.state).not.toContain("OOB_PORT");
    world.when("netif_oob_switch_port", () => ok({}));
    world.told();
    await port(true);
    expect(world.told()).toEqual(["netif_oob_switch_port dev=eth0 enabled=true under rtnl:1"]);
  });
});

describe("a VFS that comes back empty", () => {
  test("leaves sockets that nobody can close: they are closed for it, and their ports are free", async () => {
    const { world } = booted();
    const old = await world.socket();
    await world.call("sock_bind", { sock: old, addr: at("127.0.0.1:7000") });
    const waiting = world.call("sock_recvmsg", { sock: old });
    world.told();
    await world.call("sock_vfs_ready", { file: 1_000_000_001 });
    expect(world.told()).toEqual(["sock_oob_release sk=0 file=1 oob_data=1002", "sock_oob_destroy sk=2 oob_data=1002"]);
    expect(await waiting).toBe("EBADF");
    expect(await world.call("sock_bind", { sock: old, addr: at("127.0.0.1:7000") })).toBe("EBADF");
    const fresh = await world.call("sock_create", {});
    if (typeof fresh === "string") throw new Error(fresh);
    expect(await world.call("sock_bind", { sock: fresh.sock, addr: at("127.0.0.1:7000") })).toEqual({});
  });

  test("keeps what it has opened itself by then", async () => {
    const { world } = booted();
    await world.call("sock_create", { file: 1_000_000_001 });
    await world.call("sock_map_file", { sock: 1, file: 1_000_000_001 });
    await world.call("sock_create", { file: 7 });
    world.told();
    await world.call("sock_vfs_ready", { file: 1_000_000_001 });
    expect(world.told()).toEqual([]);
    expect(await world.call("sock_bind", { sock: 1, addr: at("127.0.0.1:7000") })).toEqual({});
    // The other one was never tied to its file.
    expect(await world.call("sock_bind", { sock: 3, addr: at("127.0.0.1:7001") })).toBe("EBADF");
  });
});

describe("an in-band stack that comes back empty", () => {
  test("says so to the core, and numbers its sockets as it never did", async () => {
    const world = boot({ incarnation: 2 });
    await world.inband.start();
    expect(world.heard.map(({ point, args }) => [point, args])).toEqual([["oob_inband_ready", { sk: 1_000_000_001 }]]);
    expect(await world.call("sock_create", {})).toEqual({ sock: 1_000_000_001, sk: 1_000_000_002 });
  });

  test("in its first life there is nothing to say", async () => {
    const world = boot();
    await world.inband.start();
    expect(world.heard).toEqual([]);
  });
});
