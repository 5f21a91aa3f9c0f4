import { describe, expect, test } from "@jest/globals";
import { AF, IP, IPPROTO, MSG, POLL, PMTUDISC, SIOC, SO, SOCK, SOL } from "../../services/abi/flags.ts";
import { parseSockaddr, sockaddrText } from "../../services/abi/sockaddr.ts";
import { settled } from "../kit.ts";
import { at, boot, bytes, text } from "./sockets-harness.ts";

type World = ReturnType<typeof boot>;

/** A socket at 127.0.0.1:7000, and one that is connected to it. */
async function twoSockets(world: World): Promise<readonly [number, number]> {
  const [server, client] = [await world.socket(), await world.socket()];
  await world.call("sock_bind", { sock: server, addr: at("127.0.0.1:7000") });
  await world.call("sock_connect", { sock: client, addr: at("127.0.0.1:7000") });
  return [server, client];
}

const sendTo = (world: World, sock: number, message: string): Promise<unknown> =>
  world.call("sock_sendmsg", { sock, data: bytes(message) });

async function receive(world: World, sock: number, flags: number = MSG.MSG_DONTWAIT, count = 2048): Promise<unknown> {
  const got = await world.call("sock_recvmsg", { sock, flags, count });
  return typeof got === "string" ? got : text(got.data);
}

describe("messages", () => {
  test("datagrams come in order, and tell whence", async () => {
    const world = boot();
    const [server, client] = await twoSockets(world);
    await sendTo(world, client, "one");
    await sendTo(world, client, "");
    const first = await world.call("sock_recvmsg", { sock: server });
    expect(first).toEqual({ data: bytes("one"), addr: at("127.0.0.1:46884"), flags: 0, length: 3 });
    expect(await receive(world, server)).toBe("");
    expect(await receive(world, server)).toBe("EAGAIN");
  });

  test("MSG_PEEK leaves the datagram; what does not fit is cut off, and its whole length is told", async () => {
    const world = boot();
    const [server, client] = await twoSockets(world);
    await sendTo(world, client, "telephone");
    expect(await receive(world, server, MSG.MSG_PEEK, 4)).toBe("tele");
    const got = await world.call("sock_recvmsg", { sock: server, count: 4, flags: MSG.MSG_DONTWAIT });
    expect(got).toMatchObject({ data: bytes("tele"), flags: MSG.MSG_TRUNC, length: 9 });
    expect(await receive(world, server)).toBe("EAGAIN");
  });

  test("readers wait in line: the first gets the first datagram", async () => {
    const world = boot();
    const [server, client] = await twoSockets(world);
    const [first, second] = [receive(world, server, 0), receive(world, server, 0)];
    await settled();
    world.story();
    await sendTo(world, client, "one");
    await sendTo(world, client, "two");
    expect([await first, await second]).toEqual(["one", "two"]);
    expect(world.story()).toEqual(["sock_wake", "sock_wake"]);
    expect(world.kit.clock.pending()).toBe(0);
  });

  test("SO_RCVTIMEO ends a wait with EAGAIN; without it, nobody waits longer than 100 s", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_setsockopt", { sock, optname: SO.SO_RCVTIMEO, value: 3e9 });
    const limited = receive(world, sock, 0);
    await world.kit.clock.advance(3e9);
    expect(await limited).toBe("EAGAIN");
    await world.call("sock_setsockopt", { sock, optname: SO.SO_RCVTIMEO, value: 0 });
    const patient = receive(world, sock, 0);
    await world.kit.clock.advance(100e9);
    expect(await patient).toBe("EINTR");
    expect(world.kit.clock.pending()).toBe(0);
  });

  test("nobody answers for a neighbour: the next call of the sender says so, once", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_sendmsg", { sock, data: bytes("x"), addr: at("10.0.0.9:7") });
    const waiting = world.call("sock_recvmsg", { sock });
    await world.kit.clock.advance(4e9);
    expect(await waiting).toBe("EHOSTUNREACH");
    expect(await receive(world, sock)).toBe("EAGAIN");
  });

  test("a closed port refuses a connected socket, and SO_ERROR takes the error", async () => {
    const world = boot();
    const sock = await world.socket();
    await world.call("sock_connect", { sock, addr: at("127.0.0.1:9") });
    await sendTo(world, sock, "x");
    expect(await world.call("sock_poll", { sock, events: POLL.POLLIN })).toEqual({ revents: POLL.POLLERR });
    expect(await world.call("sock_getsockopt", { sock, optname: SO.SO_ERROR })).toEqual({ value: 111 });
    expect(await world.call("sock_getsockopt", { sock, optname: SO.SO_ERROR })).toEqual({ value: 0 });
  });

  test("the errnos of sending", async () => {
    const world = boot();
    const sock = await world.socket();
    const send = (addr: Uint8Array, data = bytes("x")): Promise<unknown> =>
      world.call("sock_sendmsg", { sock, data, addr });
    expect(await send(new Uint8Array(0))).toBe("EDESTADDRREQ");
    expect(await send(at("127.0.0.1:0"))).toBe("EINVAL");
    expect(await send(new Uint8Array(5))).toBe("EINVAL");
    expect(await send(at("packet/2/ETH_P_ALL"))).toBe("EAFNOSUPPORT");
    expect(await send(at("192.0.2.1:7"))).toBe("ENETUNREACH");
    expect(await send(at("10.0.0.255:7"))).toBe("EACCES");
    expect(await send(at("127.0.0.1:7"), new Uint8Array(65_508))).toBe("EMSGSIZE");
    expect(await world.call("sock_sendmsg", { sock: 99, data: bytes("x") })).toBe("EBADF");
    expect(await world.call("sock_listen", { sock })).toBe("EOPNOTSUPP");
    expect(await world.call("sock_accept", { sock })).toBe("EOPNOTSUPP");
  });

  test("a raw socket sends and hears whole datagrams of its protocol, and may be connected and shut down", async () => {
    const world = boot();
    const raw = { family: AF.AF_INET, type: SOCK.SOCK_RAW, protocol: 200 };
    const sock = await world.socket(raw);
    expect(await world.call("sock_connect", { sock, addr: at("127.0.0.1:0") })).toEqual({});
    expect(await sendTo(world, sock, "hello")).toEqual({ count: 5 });
    const got = await world.call("sock_recvmsg", { sock });
    expect(got).toMatchObject({ length: 25, addr: at("127.0.0.1:0") });
    expect(await world.call("sock_shutdown", { sock, how: 2 })).toEqual({});
    expect(await sendTo(world, sock, "hello")).toBe("EPIPE");
    expect(await receive(world, sock, 0)).toBe("");
    expect(await world.call("sock_connect", { sock, addr: at("unspec") })).toEqual({});
    expect(await world.call("sock_getname", { sock, peer: true })).toBe("ENOTCONN");
  });

  test("a packet socket sees what leaves a device, and sends frames of its own", async () => {
    const world = boot();
    const tap = await world.socket({ family: AF.AF_PACKET, type: SOCK.SOCK_RAW, protocol: 3 });
    const other = await world.socket({ family: AF.AF_PACKET, type: SOCK.SOCK_DGRAM, protocol: 0x88b5 });
    const addr = at("packet/2/0x88b5/02:00:00:00:00:02");
    expect(await world.call("sock_sendmsg", { sock: other, data: bytes("hello"), addr })).toEqual({ count: 5 });
    const got = await world.call("sock_recvmsg", { sock: tap });
    if (typeof got === "string") throw new Error(got);
    expect(sockaddrText(got.addr)).toBe("packet/2/0x88b5/02:00:00:00:00:01");
    expect(parseSockaddr(got.addr)).toMatchObject({ pkttype: 4 });
    expect(got.length).toBe(19);
    expect(await world.call("sock_sendmsg", { sock: other, data: bytes("hello") })).toBe("ENXIO");
    expect(await world.call("sock_sendmsg", { sock: other, data: bytes("hello"), addr: at("unspec") })).toBe("EINVAL");
    expect(await world.call("sock_getname", { sock: tap, peer: true })).toBe("EOPNOTSUPP");
  });
});

describe("poll", () => {
  test("waits for what comes, and ends with 0 when nothing does", async () => {
    const world = boot();
    const [server, client] = await twoSockets(world);
    expect(await world.call("sock_poll", { sock: server, events: POLL.POLLOUT })).toEqual({ revents: POLL.POLLOUT });
    const waiting = world.call("sock_poll", { sock: server, events: POLL.POLLIN, timeout_ns: 1e9 });
    await settled();
    await sendTo(world, client, "x");
    expect(await waiting).toEqual({ revents: POLL.POLLIN });
    await receive(world, server);
    const late = world.call("sock_poll", { sock: server, events: POLL.POLLIN, timeout_ns: 1e9 });
    await world.kit.clock.advance(1e9);
    expect(await late).toEqual({ revents: 0 });
  });

  test("a socket that is shut down both ways hangs up", async () => {
    const world = boot();
    const [, client] = await twoSockets(world);
    await world.call("sock_shutdown", { sock: client, how: 2 });
    expect(await world.call("sock_poll", { sock: client, events: POLL.POLLIN })).toEqual({
      revents: POLL.POLLIN | POLL.POLLHUP,
    });
  });
});

describe("options", () => {
  test("what is set is told, as Linux tells it", async () => {
    const world = boot();
    const sock = await world.socket();
    const { SOL_SOCKET } = SOL;
    const { IPPROTO_IP } = IPPROTO;
    const rows = [
      [SOL_SOCKET, SO.SO_REUSEADDR, 5, 1],
      [SOL_SOCKET, SO.SO_REUSEPORT, 1, 1],
      [SOL_SOCKET, SO.SO_BROADCAST, 1, 1],
      [SOL_SOCKET, SO.SO_RCVBUF, 5000, 10_000],
      [SOL_SOCKET, SO.SO_RCVBUF, 1, 2304],
      [SOL_SOCKET, SO.SO_RCVBUF, 1e9, 425_984],
      [SOL_SOCKET, SO.SO_SNDBUF, 1, 4608],
      [SOL_SOCKET, SO.SO_RCVTIMEO, 7, 7],
      [SOL_SOCKET, SO.SO_BINDTOIFINDEX, 2, 2],
      [IPPROTO_IP, IP.IP_TTL, 3, 3],
      [IPPROTO_IP, IP.IP_TTL, -1, 64],
      [IPPROTO_IP, IP.IP_TOS, 16, 16],
      [IPPROTO_IP, IP.IP_MTU_DISCOVER, PMTUDISC.IP_PMTUDISC_DO, PMTUDISC.IP_PMTUDISC_DO],
    ] as const;
    for (const [level, optname, value, told] of rows) {
      expect(await world.call("sock_setsockopt", { sock, level, optname, value })).toEqual({});
      expect(await world.call("sock_getsockopt", { sock, level, optname })).toEqual({ value: told });
    }
  });

  test("what is refused", async () => {
    const world = boot();
    const sock = await world.socket();
    const set = (level: number, optname: number, value: number): Promise<unknown> =>
      world.call("sock_setsockopt", { sock, level, optname, value });
    expect(await set(1, 999, 1)).toBe("ENOPROTOOPT");
    expect(await set(6, 1, 1)).toBe("ENOPROTOOPT");
    expect(await set(1, SO.SO_TYPE, 1)).toBe("ENOPROTOOPT");
    expect(await set(1, SO.SO_BINDTOIFINDEX, 9)).toBe("ENODEV");
    expect(await set(0, IP.IP_TTL, 256)).toBe("EINVAL");
    expect(await set(0, IP.IP_MTU_DISCOVER, 9)).toBe("EINVAL");
    expect(await world.call("sock_getsockopt", { sock, level: 0, optname: IP.IP_MTU })).toBe("ENOTCONN");
    await world.call("sock_connect", { sock, addr: at("10.0.0.2:7") });
    expect(await world.call("sock_getsockopt", { sock, level: 0, optname: IP.IP_MTU })).toEqual({ value: 1500 });
    const packet = await world.socket({ family: AF.AF_PACKET, type: SOCK.SOCK_RAW });
    expect(await world.call("sock_setsockopt", { sock: packet, level: 0, optname: IP.IP_TTL, value: 1 })).toBe(
      "ENOPROTOOPT",
    );
    expect(await world.call("sock_getsockopt", { sock: packet, optname: SO.SO_TYPE })).toEqual({ value: 3 });
  });

  test("SO_BROADCAST opens the way to everybody, SO_REUSEADDR the port of another", async () => {
    const world = boot();
    const [sock, other] = [await world.socket(), await world.socket()];
    for (const one of [sock, other]) {
      await world.call("sock_setsockopt", { sock: one, optname: SO.SO_REUSEADDR, value: 1 });
      expect(await world.call("sock_bind", { sock: one, addr: at("0.0.0.0:7000") })).toEqual({});
    }
    await world.call("sock_setsockopt", { sock, optname: SO.SO_BROADCAST, value: 1 });
    expect(await world.call("sock_connect", { sock, addr: at("10.0.0.255:7") })).toEqual({});
  });

  test("a full receive buffer drops what comes, and FIONREAD tells the first of what waits", async () => {
    const world = boot();
    const [server, client] = await twoSockets(world);
    await world.call("sock_setsockopt", { sock: server, optname: SO.SO_RCVBUF, value: 1 });
    for (const message of ["four", "x".repeat(2000), "y".repeat(2000), "z"]) await sendTo(world, client, message);
    expect(await world.call("sock_ioctl", { sock: server, cmd: SIOC.FIONREAD })).toMatchObject({ value: 4 });
    expect(await receive(world, server)).toBe("four");
    expect(await receive(world, server)).toHaveLength(2000);
    expect(await receive(world, server)).toBe("EAGAIN");
  });
});
