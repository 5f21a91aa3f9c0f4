import { describe, expect, test } from "@jest/globals";
import { AF, IP, IPPROTO, SIOC, SO, SOCK, SOL, TCP } from "../../services/abi/flags.ts";
import { settled } from "../kit.ts";
import { at, boot, bytes, text } from "./sockets-harness.ts";
import { accept, connect, listening, option, pair, recv, send, SERVER, stream, type World } from "./streams-harness.ts";

const SECOND = 1_000_000_000;
const { SOL_SOCKET } = SOL;
const { IPPROTO_TCP } = IPPROTO;

const set = (world: World, sock: number, level: number, optname: number, value: number): Promise<unknown> =>
  world.call("sock_setsockopt", { sock, level, optname, value });

describe("options of a stream socket", () => {
  test("what Linux tells before anybody set anything, and what it makes of what is set", async () => {
    const world = boot();
    const sock = await stream(world);
    const told = (optname: number): Promise<unknown> => option(world, sock, SOL_SOCKET, optname);
    expect(await told(SO.SO_TYPE)).toBe(SOCK.SOCK_STREAM);
    expect(await told(SO.SO_PROTOCOL)).toBe(IPPROTO_TCP);
    expect(await told(SO.SO_DOMAIN)).toBe(AF.AF_INET);
    expect(await told(SO.SO_ACCEPTCONN)).toBe(0);
    expect(await told(SO.SO_SNDBUF)).toBe(16_384);
    expect(await told(SO.SO_RCVBUF)).toBe(131_072);
    for (const optname of [SO.SO_SNDBUF, SO.SO_RCVBUF]) {
      expect(await set(world, sock, SOL_SOCKET, optname, 10_000)).toEqual({});
      expect(await told(optname)).toBe(20_000);
      expect(await set(world, sock, SOL_SOCKET, optname, 10_000_000)).toEqual({});
      expect(await told(optname)).toBe(425_984);
    }
    for (const optname of [SO.SO_KEEPALIVE, SO.SO_OOBINLINE, SO.SO_REUSEADDR, SO.SO_REUSEPORT]) {
      expect(await told(optname)).toBe(0);
      await set(world, sock, SOL_SOCKET, optname, 7);
      expect(await told(optname)).toBe(1);
    }
    expect(await told(SO.SO_RCVLOWAT)).toBe(1);
    await set(world, sock, SOL_SOCKET, SO.SO_RCVLOWAT, 0);
    expect(await told(SO.SO_RCVLOWAT)).toBe(1);
    expect(await told(SO.SO_SNDLOWAT)).toBe(1);
    expect(await set(world, sock, SOL_SOCKET, SO.SO_SNDLOWAT, 5)).toBe("ENOPROTOOPT");
    await set(world, sock, SOL_SOCKET, SO.SO_SNDTIMEO, SECOND);
    expect(await told(SO.SO_SNDTIMEO)).toBe(SECOND);
  });

  test("struct linger goes as bytes, and half of one is EINVAL", async () => {
    const world = boot();
    const sock = await stream(world);
    const linger = { sock, level: SOL_SOCKET, optname: SO.SO_LINGER, value: 0 };
    expect(await world.call("sock_setsockopt", linger)).toBe("EINVAL");
    expect(await world.call("sock_setsockopt", { ...linger, data: Uint8Array.of(1, 0, 0, 0) })).toBe("EINVAL");
    const data = Uint8Array.of(1, 0, 0, 0, 30, 0, 0, 0);
    expect(await world.call("sock_setsockopt", { ...linger, data })).toEqual({});
    expect(await world.call("sock_getsockopt", linger)).toEqual({ value: 0, data });
  });

  test("TCP's own options: their bounds, and what they tell", async () => {
    const world = boot();
    const sock = await stream(world);
    const rows: readonly (readonly [optname: number, first: number, good: number, bad: readonly number[]])[] = [
      [TCP.TCP_NODELAY, 0, 1, []],
      [TCP.TCP_CORK, 0, 1, []],
      [TCP.TCP_MAXSEG, 536, 1000, [87, 32_768]],
      [TCP.TCP_KEEPIDLE, 7200, 10, [0, 32_768]],
      [TCP.TCP_KEEPINTVL, 75, 10, [0, 32_768]],
      [TCP.TCP_KEEPCNT, 9, 3, [0, 128]],
      [TCP.TCP_SYNCNT, 6, 2, [0, 128]],
      [TCP.TCP_LINGER2, 60, 10, []],
      [TCP.TCP_USER_TIMEOUT, 0, 5000, [-1]],
      [TCP.TCP_QUICKACK, 0, 1, []],
    ];
    for (const [optname, first, good, bad] of rows) {
      expect([optname, await option(world, sock, IPPROTO_TCP, optname)]).toEqual([optname, first]);
      for (const value of bad) expect(await set(world, sock, IPPROTO_TCP, optname, value)).toBe("EINVAL");
      expect(await set(world, sock, IPPROTO_TCP, optname, good)).toEqual({});
      expect([optname, await option(world, sock, IPPROTO_TCP, optname)]).toEqual([optname, good]);
    }
    expect(await set(world, sock, IPPROTO_TCP, 99, 1)).toBe("ENOPROTOOPT");
    expect(await set(world, sock, IPPROTO_TCP, TCP.TCP_INFO, 1)).toBe("ENOPROTOOPT");
    // A datagram socket has no such level: to set it is ENOPROTOOPT there, to ask for it EOPNOTSUPP.
    const datagrams = await world.socket({}, false);
    expect(await set(world, datagrams, IPPROTO_TCP, TCP.TCP_NODELAY, 1)).toBe("ENOPROTOOPT");
    expect(await option(world, datagrams, IPPROTO_TCP, TCP.TCP_NODELAY)).toBe("EOPNOTSUPP");
  });

  test("congestion control goes by name; one that is none is ENOENT", async () => {
    const world = boot();
    const sock = await stream(world);
    const congestion = { sock, level: IPPROTO_TCP, optname: TCP.TCP_CONGESTION, value: 0 };
    const name = async (): Promise<string> => {
      const told = await world.call("sock_getsockopt", congestion);
      return typeof told === "string" ? told : text(told.data ?? new Uint8Array(0));
    };
    expect(await name()).toBe("cubic");
    expect(await world.call("sock_setsockopt", { ...congestion, data: bytes("reno") })).toEqual({});
    expect(await name()).toBe("reno");
    expect(await world.call("sock_setsockopt", { ...congestion, data: bytes("vegas") })).toBe("ENOENT");
  });

  test("an accepted socket has what was set of the one that listened", async () => {
    const world = boot();
    const listener = await listening(world);
    await set(world, listener, SOL_SOCKET, SO.SO_KEEPALIVE, 1);
    await set(world, listener, SOL_SOCKET, SO.SO_RCVBUF, 5000);
    await set(world, listener, IPPROTO_TCP, TCP.TCP_NODELAY, 1);
    await set(world, listener, IPPROTO.IPPROTO_IP, IP.IP_TTL, 9);
    await connect(world, await stream(world));
    const server = Number(await accept(world, listener));
    expect(await option(world, server, SOL_SOCKET, SO.SO_KEEPALIVE)).toBe(1);
    expect(await option(world, server, SOL_SOCKET, SO.SO_RCVBUF)).toBe(10_000);
    expect(await option(world, server, IPPROTO_TCP, TCP.TCP_NODELAY)).toBe(1);
    expect(await option(world, server, IPPROTO.IPPROTO_IP, IP.IP_TTL)).toBe(9);
  });

  test("TCP_INFO tells the state and what was counted; IP_MTU the way's", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "hello");
    const told = await world.call("sock_getsockopt", { sock: server, level: IPPROTO_TCP, optname: TCP.TCP_INFO });
    if (typeof told === "string" || told.data === undefined) throw new Error("no data");
    const view = new DataView(told.data.buffer, told.data.byteOffset);
    expect(view.getUint8(0)).toBe(1);
    expect(view.getUint32(128, true)).toBe(5);
    expect(view.getUint32(140, true)).toBeGreaterThan(1);
    expect(await option(world, client, IPPROTO.IPPROTO_IP, IP.IP_MTU)).toBe(65_535);
    expect(await option(world, await stream(world), IPPROTO.IPPROTO_IP, IP.IP_MTU)).toBe("ENOTCONN");
  });

  test("TCP_CORK holds back what is no full segment, until it is taken off", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await set(world, client, IPPROTO_TCP, TCP.TCP_CORK, 1);
    await send(world, client, "one ");
    await send(world, client, "segment");
    expect(await recv(world, server)).toBe("EAGAIN");
    expect(await world.call("sock_ioctl", { sock: client, cmd: SIOC.SIOCOUTQ })).toMatchObject({ value: 11 });
    await set(world, client, IPPROTO_TCP, TCP.TCP_CORK, 0);
    expect(await recv(world, server)).toBe("one segment");
    expect(await world.call("sock_ioctl", { sock: client, cmd: SIOC.SIOCOUTQ })).toMatchObject({ value: 0 });
  });

  test("ioctls of a socket that listens are EINVAL", async () => {
    const world = boot();
    const sock = await listening(world);
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.FIONREAD })).toBe("EINVAL");
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCOUTQ })).toBe("EINVAL");
    expect(await world.call("sock_ioctl", { sock, cmd: SIOC.SIOCATMARK })).toMatchObject({ value: 0 });
  });
});

describe("houses that come and go", () => {
  test("a VFS that comes back empty: the streams of its former files are closed, and peers see the end", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, server, "bye");
    const waiting = recv(world, server, 9, 0);
    await settled();
    await world.call("sock_vfs_ready", { file: 1_000_000 });
    // The client is closed first, and had not read everything.
    expect(await waiting).toBe("ECONNRESET");
    for (const sock of [client, server]) expect(await recv(world, sock)).toBe("EBADF");
    await world.kit.clock.advance(61 * SECOND);
    expect(world.inband.listNetwork().sockets).toEqual([]);
    expect(world.kit.clock.pending()).toBe(0);
  });

  test("another core comes up: streams, which no core has, go on", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await world.coreReady();
    expect(await send(world, client, "still here")).toBe(10);
    expect(await recv(world, server)).toBe("still here");
  });

  test("an accept that was given up leaves the connection to the next one", async () => {
    const world = boot();
    const listener = await listening(world);
    await world.call("sock_close", { sock: 0, file: 77 });
    await connect(world, await stream(world));
    expect(await world.call("sock_accept", { sock: listener, file: 77 })).toBe("ECONNABORTED");
    expect(typeof (await accept(world, listener))).toBe("number");
  });

  test("netstat tells of who listens, who is connected, and who nobody has accepted", async () => {
    const world = boot();
    await listening(world);
    const client = await stream(world);
    await world.call("sock_connect", { sock: client, addr: at(SERVER), flags: 0 });
    await send(world, client, "hello");
    const rows = world.inband.listNetwork().sockets.map(({ kind, local, state, waiting, sending }) => ({
      kind,
      port: local.endsWith(":7000"),
      state: state.join(" "),
      waiting,
      sending,
    }));
    expect(rows).toEqual([
      { kind: "tcp", port: true, state: "LISTEN", waiting: 1, sending: 9 },
      { kind: "tcp", port: false, state: "ESTABLISHED", waiting: 0, sending: 0 },
      { kind: "tcp", port: true, state: "ESTABLISHED UNACCEPTED", waiting: 5, sending: 0 },
    ]);
  });
});
