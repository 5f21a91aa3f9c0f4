import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import { AF, EVL_SOCKIOC, IPPROTO, POLL, SIOC, SOCK } from "../../services/abi/flags.ts";
import { fail, ok } from "../../services/abi/result.ts";
import { sockaddrText } from "../../services/abi/sockaddr.ts";
import { settled } from "../kit.ts";
import { at, boot, bytes } from "./sockets-harness.ts";

type World = ReturnType<typeof boot>;

const PACKET = { family: AF.AF_PACKET, type: SOCK.SOCK_RAW } as const;
const RAW = { family: AF.AF_INET, type: SOCK.SOCK_RAW, protocol: IPPROTO.IPPROTO_ICMP } as const;
const OOB = { family: AF.PF_OOB, type: SOCK.SOCK_DGRAM, protocol: 1 } as const;

async function nameOf(world: World, sock: number, peer = false): Promise<string> {
  const name = await world.call("sock_getname", { sock, peer });
  return typeof name === "string" ? name : sockaddrText(name.addr);
}

const hooksHeard = (world: World, point: string): readonly object[] =>
  world.heard.filter((heard) => heard.point === point).map(({ args }) => args);

describe("bind", () => {
  test("PF_INET: in-band first, then the hook under the socket's lock, with the address that came of it", async () => {
    const world = boot();
    const sock = await world.socket();
    world.story();
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:0") })).toEqual({});
    expect(world.story()).toEqual(["inband_bind", "sock_oob_bind"]);
    const bind = world.heard.at(-1);
    expect(bind?.locks).toEqual(["sk.sk_lock:2"]);
    expect(bind?.args).toEqual({ sk: 2, oob_data: 1002, addr: at("127.0.0.1:0"), bound: at("127.0.0.1:46884") });
  });

  test("a bind that fails in-band reaches no hook", async () => {
    const world = boot();
    const sock = await world.socket();
    const rest = [
      [at("10.9.9.9:1"), "EADDRNOTAVAIL"],
      [at("unspec"), "EINVAL"],
      [new Uint8Array([0, 0, 27, 88, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), "EAFNOSUPPORT"],
      [new Uint8Array(0), "EINVAL"],
      [at("packet/2/ETH_P_ALL"), "EAFNOSUPPORT"],
    ] as const;
    for (const [addr, errno] of rest) expect(await world.call("sock_bind", { sock, addr })).toBe(errno);
    expect(hooksHeard(world, "sock_oob_bind")).toEqual([]);
  });

  test("documented: a bind that the core refuses is undone, the port is free, and a second bind succeeds", async () => {
    const world = boot();
    const [sock, other] = [await world.socket(), await world.socket()];
    world.when("sock_oob_bind", () => fail("ENOMEM"));
    world.story();
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") })).toBe("ENOMEM");
    expect(world.story()).toEqual(["inband_bind", "sock_oob_bind", "sock_oob_bind says ENOMEM", "inband_unbind"]);
    expect(await nameOf(world, sock)).toBe("0.0.0.0:0");
    world.when("sock_oob_bind", () => ok({}));
    expect(await world.call("sock_bind", { sock: other, addr: at("127.0.0.1:7000") })).toEqual({});
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7001") })).toEqual({});
  });

  test("as implemented (D1): the port stays, others cannot have it, and a second bind says EINVAL", async () => {
    const world = boot({ profile: "as-implemented" });
    const [sock, other] = [await world.socket(), await world.socket()];
    world.when("sock_oob_bind", ({ sk }) => (sk === 2 ? fail("ENOMEM") : ok({})));
    world.story();
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") })).toBe("ENOMEM");
    expect(world.story()).toEqual(["inband_bind", "sock_oob_bind", "sock_oob_bind says ENOMEM"]);
    expect(await nameOf(world, sock)).toBe("127.0.0.1:7000");
    expect(await world.call("sock_bind", { sock: other, addr: at("127.0.0.1:7000") })).toBe("EADDRINUSE");
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") })).toBe("EINVAL");
  });

  test("a hook whose answer is lost is EIO, and the binding is undone", async () => {
    const world = boot();
    const sock = await world.socket();
    world.lose("sock_oob_bind", "answer");
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") })).toBe("EIO");
    expect(await nameOf(world, sock)).toBe("0.0.0.0:0");
  });

  test("the lock is kept until the hook has answered: a connect waits for it", async () => {
    const world = boot();
    const sock = await world.socket();
    let answer = (): void => undefined;
    world.when("sock_oob_bind", () => new Promise((resolve) => (answer = () => resolve(ok({})))));
    world.story();
    const bound = world.call("sock_bind", { sock, addr: at("127.0.0.1:7000") });
    await settled();
    const connected = world.call("sock_connect", { sock, addr: at("127.0.0.1:7001") });
    await settled();
    expect(world.story()).toEqual(["inband_bind", "sock_oob_bind"]);
    answer();
    expect([await bound, await connected]).toEqual([{}, {}]);
    expect(world.story()).toEqual(["inband_connect", "sock_oob_connect"]);
  });

  test("a family that was left out passes for AF_INET as long as the address is any", async () => {
    const world = boot();
    const sock = await world.socket();
    const addr = new Uint8Array(16);
    addr.set([27, 88], 2);
    expect(await world.call("sock_bind", { sock, addr })).toEqual({});
    expect(await nameOf(world, sock)).toBe("0.0.0.0:7000");
  });

  test("raw sockets bind their own way: no hook", async () => {
    const world = boot();
    const sock = await world.socket(RAW);
    expect(await world.call("sock_bind", { sock, addr: at("10.0.0.1:0") })).toEqual({});
    expect(await world.call("sock_bind", { sock, addr: at("10.9.9.9:0") })).toBe("EADDRNOTAVAIL");
    expect(hooksHeard(world, "sock_oob_bind")).toEqual([]);
    expect(await nameOf(world, sock)).toBe("10.0.0.1:1");
  });

  test("PF_PACKET: the hook holds no lock; a refused second bind brings the first one back", async () => {
    const world = boot();
    const sock = await world.socket(PACKET);
    expect(await world.call("sock_bind", { sock, addr: at("packet/2/ETH_P_IP") })).toEqual({});
    expect(world.heard.at(-1)).toMatchObject({ point: "sock_oob_bind", locks: [] });
    world.when("sock_oob_bind", () => fail("EINVAL"));
    world.story();
    expect(await world.call("sock_bind", { sock, addr: at("packet/1/ETH_P_ALL") })).toBe("EINVAL");
    expect(world.story()).toEqual(["inband_bind", "sock_oob_bind", "sock_oob_bind says EINVAL", "inband_unbind"]);
    expect(await nameOf(world, sock)).toBe("packet/2/ETH_P_IP/02:00:00:00:00:01");
    expect(await world.call("sock_bind", { sock, addr: at("127.0.0.1:1") })).toBe("EINVAL");
  });

  test("PF_PACKET, protocol 0 keeps the socket's own", async () => {
    const world = boot();
    const sock = await world.socket({ ...PACKET, protocol: 3 });
    expect(await world.call("sock_bind", { sock, addr: at("packet/2/0x0000") })).toEqual({});
    expect(await nameOf(world, sock)).toBe("packet/2/ETH_P_ALL/02:00:00:00:00:01");
  });

  test("PF_PACKET: a device that is down is ENETDOWN, and the former binding stays", async () => {
    const world = boot();
    const sock = await world.socket(PACKET);
    await world.call("sock_bind", { sock, addr: at("packet/1/ETH_P_IP") });
    await world.inband.handlers.net_link_down?.({ dev: "eth0" }, outermost("admin"));
    expect(await world.call("sock_bind", { sock, addr: at("packet/2/ETH_P_ALL") })).toBe("ENETDOWN");
    expect(await nameOf(world, sock)).toBe("packet/1/ETH_P_IP/00:00:00:00:00:00");
    expect(hooksHeard(world, "sock_oob_bind")).toHaveLength(1);
  });

  test("D2 documented: an unknown device is ENODEV, and the hook is not called", async () => {
    const world = boot();
    const sock = await world.socket(PACKET);
    expect(await world.call("sock_bind", { sock, addr: at("packet/77/ETH_P_IP") })).toBe("ENODEV");
    expect(hooksHeard(world, "sock_oob_bind")).toEqual([]);
  });

  test("D2 as implemented: the hook is called all the same, and what it says replaces ENODEV", async () => {
    const world = boot({ profile: "as-implemented" });
    const sock = await world.socket(PACKET);
    expect(await world.call("sock_bind", { sock, addr: at("packet/77/ETH_P_IP") })).toEqual({});
    world.when("sock_oob_bind", () => fail("EINVAL"));
    expect(await world.call("sock_bind", { sock, addr: at("packet/77/ETH_P_IP") })).toBe("EINVAL");
  });

  test("D1 as implemented, PF_PACKET: what the core refused stays bound", async () => {
    const world = boot({ profile: "as-implemented" });
    const sock = await world.socket(PACKET);
    world.when("sock_oob_bind", () => fail("EINVAL"));
    expect(await world.call("sock_bind", { sock, addr: at("packet/2/ETH_P_IP") })).toBe("EINVAL");
    expect(await nameOf(world, sock)).toBe("packet/2/ETH_P_IP/02:00:00:00:00:01");
  });
});

describe("connect", () => {
  test("in-band first, then the hook without a lock; the port that it chose reached no bind hook", async () => {
    const world = boot();
    const sock = await world.socket();
    world.story();
    expect(await world.call("sock_connect", { sock, addr: at("127.0.0.1:7"), flags: 2048 })).toEqual({});
    expect(world.story()).toEqual(["inband_connect", "sock_oob_connect"]);
    expect(world.heard.at(-1)).toEqual({
      point: "sock_oob_connect",
      locks: [],
      args: { sk: 2, oob_data: 1002, addr: at("127.0.0.1:7"), flags: 2048, bound: at("127.0.0.1:46884") },
    });
  });

  test("a connect that fails in-band reaches no hook", async () => {
    const world = boot();
    const sock = await world.socket();
    expect(await world.call("sock_connect", { sock, addr: at("192.0.2.1:7") })).toBe("ENETUNREACH");
    expect(await world.call("sock_connect", { sock, addr: at("10.0.0.255:7") })).toBe("EACCES");
    expect(await world.call("sock_connect", { sock, addr: new Uint8Array(1) })).toBe("EINVAL");
    expect(await world.call("sock_connect", { sock, addr: at("packet/2/ETH_P_ALL") })).toBe("EAFNOSUPPORT");
    expect(hooksHeard(world, "sock_oob_connect")).toEqual([]);
  });

  test("documented: a refused connect leaves the socket as it was, without the port it had chosen", async () => {
    const world = boot();
    const sock = await world.socket();
    world.when("sock_oob_connect", () => fail("EPERM"));
    world.story();
    expect(await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") })).toBe("EPERM");
    expect(world.story()).toEqual([
      "inband_connect",
      "sock_oob_connect",
      "sock_oob_connect says EPERM",
      "inband_disconnect",
    ]);
    expect(await nameOf(world, sock)).toBe("0.0.0.0:0");
    expect(await nameOf(world, sock, true)).toBe("ENOTCONN");
  });

  test("documented: a refused reconnect brings the former peer back, a refused disconnect too", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") });
    world.when("sock_oob_connect", () => fail("EPERM"));
    for (const addr of [at("127.0.0.1:8"), at("unspec")]) {
      expect(await world.call("sock_connect", { sock, addr })).toBe("EPERM");
      expect(await nameOf(world, sock)).toBe("127.0.0.1:46884");
      expect(await nameOf(world, sock, true)).toBe("127.0.0.1:7");
    }
  });

  test("as implemented (D3): the connection stays, whatever the hook said", async () => {
    const world = boot({ profile: "as-implemented" });
    const sock = await world.socket();
    world.when("sock_oob_connect", () => fail("EPERM"));
    world.story();
    expect(await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") })).toBe("EPERM");
    expect(world.story()).toEqual(["inband_connect", "sock_oob_connect", "sock_oob_connect says EPERM"]);
    expect(await nameOf(world, sock, true)).toBe("127.0.0.1:7");
  });

  test("a later connect is not undone by the refusal of an earlier one", async () => {
    const world = boot();
    const sock = await world.socket();
    let refuse = (): void => undefined;
    world.when("sock_oob_connect", () => new Promise((resolve) => (refuse = () => resolve(fail("EPERM")))));
    const first = world.call("sock_connect", { sock, addr: at("127.0.0.1:7") });
    await settled();
    world.when("sock_oob_connect", () => ok({}));
    expect(await world.call("sock_connect", { sock, addr: at("127.0.0.1:8") })).toEqual({});
    refuse();
    expect(await first).toBe("EPERM");
    expect(await nameOf(world, sock, true)).toBe("127.0.0.1:8");
  });

  test("AF_UNSPEC disconnects, and the hook hears of it", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") });
    expect(await world.call("sock_connect", { sock, addr: at("unspec") })).toEqual({});
    expect(world.heard.at(-1)?.args).toMatchObject({ addr: at("unspec"), bound: at("0.0.0.0:0") });
  });

  test.each([
    ["documented", []],
    ["as-implemented", ["sock_oob_connect"]],
  ] as const)(
    "D12 %s: PF_OOB connects in the core, and the generic hook comes after it: %j",
    async (profile, hooks) => {
      const world = boot({ profile });
      const sock = await world.socket(OOB);
      world.story();
      expect(await world.call("sock_connect", { sock, addr: at("oob/1") })).toEqual({});
      expect(world.story()).toEqual(["oob_proto_ops", "inband_connect", ...hooks]);
    },
  );

  test("PF_PACKET does not connect", async () => {
    const world = boot();
    const sock = await world.socket(PACKET);
    expect(await world.call("sock_connect", { sock, addr: at("packet/2/ETH_P_ALL") })).toBe("EOPNOTSUPP");
    expect(hooksHeard(world, "sock_oob_connect")).toEqual([]);
  });
});

describe("shutdown", () => {
  test.each([
    ["documented", 0],
    ["as-implemented", 1],
  ] as const)("D4 %s: how reaches the hook %i more, under the socket's lock", async (profile, more) => {
    const world = boot({ profile });
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") });
    world.story();
    for (const how of [0, 1, 2]) {
      expect(await world.call("sock_shutdown", { sock, how })).toEqual({});
      expect(world.heard.at(-1)).toEqual({
        point: "sock_oob_shutdown",
        locks: ["sk.sk_lock:2"],
        args: { sk: 2, oob_data: 1002, how: how + more },
      });
    }
    expect(world.story().slice(0, 2)).toEqual(["inband_shutdown", "sock_oob_shutdown"]);
    expect(await world.call("sock_shutdown", { sock, how: 3 })).toBe("EINVAL");
  });

  test("the hook's errno is the call's, and nothing is taken back", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") });
    world.when("sock_oob_shutdown", () => fail("EPERM"));
    expect(await world.call("sock_shutdown", { sock, how: 1 })).toBe("EPERM");
    expect(await world.call("sock_sendmsg", { sock, data: bytes("x") })).toBe("EPIPE");
  });

  test.each([
    ["documented", 1],
    ["as-implemented", 0],
  ] as const)("D5 %s: without a peer the answer is ENOTCONN, and the hook ran %i times", async (profile, times) => {
    const world = boot({ profile });
    const sock = await world.socket();
    expect(await world.call("sock_shutdown", { sock })).toBe("ENOTCONN");
    expect(hooksHeard(world, "sock_oob_shutdown")).toHaveLength(times);
    expect(await world.call("sock_recvmsg", { sock })).toMatchObject({ length: 0 });
  });

  test("a reader is woken after the hook, and finds the end", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:7") });
    const read = world.call("sock_recvmsg", { sock });
    await settled();
    world.story();
    await world.call("sock_shutdown", { sock, how: 0 });
    expect(await read).toMatchObject({ length: 0, flags: 0 });
    expect(world.story()).toEqual(["inband_shutdown", "sock_oob_shutdown", "sock_wake"]);
  });

  test("PF_PACKET: EOPNOTSUPP, no hook; PF_OOB: the core's protocol", async () => {
    const world = boot();
    const packet = await world.socket(PACKET);
    expect(await world.call("sock_shutdown", { sock: packet })).toBe("EOPNOTSUPP");
    const oob = await world.socket(OOB);
    expect(await world.call("sock_shutdown", { sock: oob, how: 1 })).toEqual({});
    expect(world.heard.at(-1)).toMatchObject({ point: "oob_proto_ops", args: { operation: "shutdown", how: 1 } });
    expect(hooksHeard(world, "sock_oob_shutdown")).toEqual([]);
  });
});

/** An ifreq that names a device. */
function ifreq(name: string): Uint8Array {
  const made = new Uint8Array(40);
  made.set(bytes(name));
  return made;
}

describe("ioctl", () => {
  test("ENOIOCTLCMD of the core means the regular handler, and no task ever sees it", async () => {
    const world = boot();
    const sock = await world.socket();
    const index = await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCGIFINDEX, data: ifreq("eth0") });
    expect(index).toMatchObject({ value: 0 });
    expect(typeof index === "string" ? 0 : new DataView(index.data.buffer).getInt32(16, true)).toBe(2);
    expect(hooksHeard(world, "sock_inband_ioctl_redirect")).toHaveLength(1);
    expect(await world.call("sock_ioctl", { sock, cmd: 0x1234 })).toBe("ENOTTY");
  });

  test("any other answer of the core is final: a success, an errno, EIO for a lost one", async () => {
    const world = boot();
    const sock = await world.socket();
    const cmd = EVL_SOCKIOC.EVL_SOCKIOC_SOLICIT;
    world.when("sock_inband_ioctl_redirect", () => ok({ arg: bytes("done") }));
    expect(await world.call("sock_ioctl", { sock, cmd })).toEqual({ value: 0, data: bytes("done") });
    world.when("sock_inband_ioctl_redirect", () => fail("ENODEV"));
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCGIFINDEX, data: ifreq("eth0") })).toBe("ENODEV");
    world.lose("sock_inband_ioctl_redirect", "answer");
    expect(await world.call("sock_ioctl", { sock, cmd })).toBe("EIO");
  });

  test("what the socket layer serves itself never reaches the core", async () => {
    const world = boot();
    const sock = await world.socket();
    const data = new Uint8Array([9, 0, 0, 0]);
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.FIOSETOWN, data })).toMatchObject({ value: 0 });
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCGPGRP })).toEqual({ value: 0, data });
    const list = await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCGIFCONF });
    expect(typeof list === "string" ? 0 : list.data.length).toBe(80);
    for (const cmd of [0x89f0, 0x89ff, 0x8b01, 0x8940, 0x8906]) {
      expect(await world.call("sock_ioctl", { sock, cmd })).toBe("ENOTTY");
    }
    expect(hooksHeard(world, "sock_inband_ioctl_redirect")).toEqual([]);
  });

  test("a plain socket asks nobody", async () => {
    const world = boot();
    const sock = await world.socket({}, false);
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCGIFMTU, data: ifreq("eth9") })).toBe("ENODEV");
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCGIFMTU })).toBe("EFAULT");
    expect(world.heard).toEqual([]);
  });

  test("PF_OOB: the redirect first, then the core's protocol, then the devices", async () => {
    const world = boot();
    const sock = await world.socket(OOB);
    world.when("oob_proto_ops", () => fail("ENOIOCTLCMD"));
    world.story();
    expect(await world.call("sock_ioctl", { sock, cmd: 0x1234 })).toBe("ENOTTY");
    expect(world.story()).toEqual([
      "sock_inband_ioctl_redirect",
      "sock_inband_ioctl_redirect says ENOIOCTLCMD",
      "inband_ioctl",
      "oob_proto_ops",
      "oob_proto_ops says ENOIOCTLCMD",
    ]);
  });
});

describe("PF_OOB in-band", () => {
  test("bind goes to the core's protocol alone; messages, names, poll and options of protocols do not exist", async () => {
    const world = boot();
    const sock = await world.socket(OOB);
    world.story();
    expect(await world.call("sock_bind", { sock, addr: at("oob/1") })).toEqual({});
    expect(world.story()).toEqual(["oob_proto_ops"]);
    expect(await world.call("sock_sendmsg", { sock, data: bytes("x") })).toBe("EOPNOTSUPP");
    expect(await world.call("sock_recvmsg", { sock })).toBe("EOPNOTSUPP");
    expect(await world.call("sock_getname", { sock })).toBe("EOPNOTSUPP");
    expect(await world.call("sock_setsockopt", { sock, level: 0, optname: 2, value: 1 })).toBe("EOPNOTSUPP");
    const polled = world.call("sock_poll", { sock, events: POLL.POLLIN, timeout_ns: 5 });
    await world.kit.clock.advance(5);
    expect(await polled).toEqual({ revents: 0 });
  });

  test("a socket without SOCK_OOB has no context, and the core says so", async () => {
    const world = boot();
    const sock = await world.socket(OOB, false);
    expect(await world.call("sock_bind", { sock, addr: at("oob/1") })).toBe("EBADFD");
    expect(await world.call("sock_connect", { sock, addr: at("oob/1") })).toBe("EBADFD");
    await world.call("sock_close", { sock });
    expect(world.heard.map(({ point }) => point)).not.toContain("sock_oob_release");
  });
});
