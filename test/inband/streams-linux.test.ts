import { describe, expect, test } from "@jest/globals";
import { AF, IPPROTO, MSG, O, POLL, SHUT, SIOC, SO, SOL, TCP } from "../../services/abi/flags.ts";
import { settled } from "../kit.ts";
import { boot } from "./sockets-harness.ts";
import {
  accept,
  connect,
  listening,
  option,
  pair,
  poll,
  recv,
  send,
  SERVER,
  stream,
  type World,
} from "./streams-harness.ts";

const SECOND = 1_000_000_000;
const { SOL_SOCKET } = SOL;
const { IPPROTO_TCP } = IPPROTO;
const { POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP, POLLPRI } = POLL;
/** All that poll(2) can tell. */
const ALL = POLLIN | POLLOUT | POLLRDHUP | POLLPRI;

const set = (
  world: World,
  sock: number,
  optname: number,
  value: number,
  level: number = SOL_SOCKET,
): Promise<unknown> => world.call("sock_setsockopt", { sock, level, optname, value });

const setLinger = (world: World, sock: number, on: number, seconds: number): Promise<unknown> =>
  world.call("sock_setsockopt", {
    sock,
    level: SOL_SOCKET,
    optname: SO.SO_LINGER,
    value: 0,
    data: Uint8Array.of(on, 0, 0, 0, seconds, 0, 0, 0),
  });

const shutdown = (world: World, sock: number, how: number): Promise<unknown> =>
  world.call("sock_shutdown", { sock, how });

const ioctl = async (world: World, sock: number, cmd: number): Promise<unknown> => {
  const answer = await world.call("sock_ioctl", { sock, cmd });
  return typeof answer === "string" ? answer : answer.value;
};

const unconnect = (world: World, sock: number): Promise<unknown> =>
  world.call("sock_connect", { sock, addr: new Uint8Array(16), flags: 0 });

/** A connection whose server reads nothing and whose window is small. */
async function smallPair(world: World): Promise<{ client: number; server: number }> {
  const listener = await listening(world);
  await set(world, listener, SO.SO_RCVBUF, 4096);
  const client = await stream(world);
  await set(world, client, SO.SO_SNDBUF, 50_000);
  await connect(world, client);
  return { client, server: Number(await accept(world, listener)) };
}

describe("poll(2) of a stream socket, state by state (tcp_poll)", () => {
  test("new, listening, connecting, connected", async () => {
    const world = boot();
    const sock = await stream(world);
    expect(await poll(world, sock, ALL)).toBe(POLLOUT | POLLHUP);
    const listener = await listening(world);
    expect(await poll(world, listener, ALL)).toBe(0);
    expect(await connect(world, sock)).toBe("ok");
    expect(await poll(world, listener, ALL)).toBe(POLLIN);
    expect(await poll(world, sock, ALL)).toBe(POLLOUT);
    const far = await stream(world);
    await connect(world, far, "10.0.0.2:7000", O.O_NONBLOCK);
    expect(await poll(world, far, ALL)).toBe(0);
  });

  test("half closed, from either side, and closed by both", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await shutdown(world, client, SHUT.SHUT_WR);
    // FIN-WAIT-2 and CLOSE-WAIT. Who may write no more is told that a write would not wait.
    expect(await poll(world, client, ALL)).toBe(POLLOUT);
    expect(await poll(world, server, ALL)).toBe(POLLIN | POLLRDHUP | POLLOUT);
    await shutdown(world, server, SHUT.SHUT_WR);
    for (const sock of [client, server]) expect(await poll(world, sock, ALL)).toBe((ALL ^ POLLPRI) | POLLHUP);
  });

  test("shut for reading by its own task only: the end is readable, and nothing hung up", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await shutdown(world, client, SHUT.SHUT_RD);
    expect(await poll(world, client, ALL)).toBe(POLLIN | POLLRDHUP | POLLOUT);
    expect(await poll(world, server, ALL)).toBe(POLLOUT);
    await shutdown(world, client, SHUT.SHUT_WR);
    expect(await poll(world, client, ALL)).toBe(POLLIN | POLLRDHUP | POLLOUT | POLLHUP);
  });

  test("a refused attempt: everything at once, until connect has taken the error", async () => {
    const world = boot();
    const client = await stream(world);
    expect(await connect(world, client, SERVER, O.O_NONBLOCK)).toBe("ECONNREFUSED");
    // The refusal came within the call, which has told it: a socket like a new one.
    expect(await poll(world, client, ALL)).toBe(POLLOUT | POLLHUP);
  });

  test("an urgent byte: POLLPRI once it is there, in line as well, and no longer when it was read", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "a!", MSG.MSG_OOB);
    expect(await poll(world, server, ALL)).toBe(POLLIN | POLLOUT | POLLPRI);
    expect(await recv(world, server)).toBe("a");
    // At the mark, with nothing behind it: the byte itself is not readable.
    expect(await poll(world, server, ALL)).toBe(POLLOUT | POLLPRI);
    expect(await recv(world, server, 1, MSG.MSG_OOB)).toBe("!");
    expect(await poll(world, server, ALL)).toBe(POLLOUT);
    // The next one: that which was read up to is left behind for good.
    await send(world, client, "c.", MSG.MSG_OOB);
    expect(await recv(world, server)).toBe("c");
    expect(await recv(world, server)).toBe("EAGAIN");
    await send(world, client, "d");
    expect(await recv(world, server)).toBe("d");
    await set(world, server, SO.SO_OOBINLINE, 1);
    await send(world, client, "b?", MSG.MSG_OOB);
    expect(await poll(world, server, ALL)).toBe(POLLIN | POLLOUT | POLLPRI);
    expect(await recv(world, server)).toBe("b");
    expect(await poll(world, server, ALL)).toBe(POLLIN | POLLOUT | POLLPRI);
    expect(await recv(world, server)).toBe("?");
    expect(await poll(world, server, ALL)).toBe(POLLOUT);
  });

  test("after a reset: an error until somebody takes it, and hung up for good", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await setLinger(world, client, 1, 0);
    await world.call("sock_close", { sock: client });
    expect(await poll(world, server, ALL)).toBe((ALL ^ POLLPRI) | POLLHUP | POLLERR);
    expect(await option(world, server, SOL_SOCKET, SO.SO_ERROR)).toBe(104);
    expect(await poll(world, server, ALL)).toBe((ALL ^ POLLPRI) | POLLHUP);
    expect(await recv(world, server)).toBe("");
    expect(await send(world, server, "x")).toBe("EPIPE");
  });
});

describe("connect(2)", () => {
  test("an attempt that did not wait: once it has succeeded connect says so once, then EISCONN", async () => {
    const world = boot();
    await listening(world);
    const sock = await stream(world);
    expect(await connect(world, sock, SERVER, O.O_NONBLOCK)).toBe("ok");
    expect(await connect(world, sock, SERVER, O.O_NONBLOCK)).toBe("EISCONN");
    expect(await option(world, sock, SOL_SOCKET, SO.SO_ERROR)).toBe(0);
  });

  test("AF_UNSPEC leaves ECONNRESET behind, for who asks first, and a new attempt forgets it (tcp_disconnect)", async () => {
    const world = boot();
    const { client } = await pair(world);
    expect(await unconnect(world, client)).toEqual({});
    expect(await poll(world, client, ALL)).toBe(POLLOUT | POLLHUP | POLLERR);
    expect(await option(world, client, SOL_SOCKET, SO.SO_ERROR)).toBe(104);
    expect(await option(world, client, SOL_SOCKET, SO.SO_ERROR)).toBe(0);
    expect(await recv(world, client)).toBe("ENOTCONN");
    expect(await connect(world, client)).toBe("ok");
    await unconnect(world, client);
    expect(await connect(world, client)).toBe("ok");
    expect(await option(world, client, SOL_SOCKET, SO.SO_ERROR)).toBe(0);
    // Nothing was there to be reset.
    const fresh = await stream(world);
    expect(await unconnect(world, fresh)).toEqual({});
    expect(await option(world, fresh, SOL_SOCKET, SO.SO_ERROR)).toBe(0);
  });

  test("AF_UNSPEC ends an attempt, and listening", async () => {
    const world = boot();
    const sock = await stream(world);
    await connect(world, sock, "10.0.0.2:7000", O.O_NONBLOCK);
    expect(await unconnect(world, sock)).toEqual({});
    expect(await option(world, sock, SOL_SOCKET, SO.SO_ERROR)).toBe(104);
    const listener = await listening(world);
    expect(await unconnect(world, listener)).toEqual({});
    expect(await option(world, listener, SOL_SOCKET, SO.SO_ACCEPTCONN)).toBe(0);
    expect(await accept(world, listener)).toBe("EINVAL");
  });
});

describe("shutdown(2), state by state (inet_shutdown)", () => {
  test("new, and over: ENOTCONN, and shut all the same", async () => {
    const world = boot();
    const sock = await stream(world);
    expect(await shutdown(world, sock, SHUT.SHUT_RD)).toBe("ENOTCONN");
    expect(await poll(world, sock, ALL)).toBe(POLLIN | POLLRDHUP | POLLOUT | POLLHUP);
    expect(await recv(world, sock)).toBe("");
    expect(await shutdown(world, sock, 3)).toBe("EINVAL");
  });

  test("connecting: the attempt ends, with ECONNRESET for who waits", async () => {
    const world = boot();
    const sock = await stream(world);
    const waiting = connect(world, sock, "10.0.0.2:7000");
    await settled();
    expect(await shutdown(world, sock, SHUT.SHUT_WR)).toEqual({});
    expect(await waiting).toBe("ECONNRESET");
  });

  test("listening: for writing nothing happens, for reading it ends", async () => {
    const world = boot();
    const listener = await listening(world);
    expect(await shutdown(world, listener, SHUT.SHUT_WR)).toEqual({});
    expect(await option(world, listener, SOL_SOCKET, SO.SO_ACCEPTCONN)).toBe(1);
    expect(await shutdown(world, listener, SHUT.SHUT_RDWR)).toEqual({});
    expect(await option(world, listener, SOL_SOCKET, SO.SO_ACCEPTCONN)).toBe(0);
    expect(await connect(world, await stream(world))).toBe("ECONNREFUSED");
  });

  test("twice is as good as once while the peer has not closed", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    for (const how of [SHUT.SHUT_WR, SHUT.SHUT_WR, SHUT.SHUT_RDWR])
      expect(await shutdown(world, client, how)).toEqual({});
    expect(await recv(world, server)).toBe("");
    await shutdown(world, server, SHUT.SHUT_WR);
    // TIME-WAIT is CLOSED to its owner, and so is the end of LAST-ACK.
    expect(await shutdown(world, client, SHUT.SHUT_WR)).toBe("ENOTCONN");
    expect(await shutdown(world, server, SHUT.SHUT_WR)).toBe("ENOTCONN");
  });
});

describe("queues", () => {
  test("SIOCOUTQ counts what was written and not acknowledged, after a shutdown too, and FIN with it", async () => {
    const world = boot();
    const { client, server } = await smallPair(world);
    expect(await ioctl(world, client, SIOC.SIOCOUTQ)).toBe(0);
    const sent = Number(await send(world, client, new Uint8Array(20_000), MSG.MSG_DONTWAIT));
    expect(sent).toBe(20_000);
    const waits = Number(await ioctl(world, client, SIOC.SIOCOUTQ));
    expect(waits).toBeGreaterThan(10_000);
    await shutdown(world, client, SHUT.SHUT_WR);
    expect(await ioctl(world, client, SIOC.SIOCOUTQ)).toBe(waits + 1);
    for (let got = 0; got < sent;) {
      got += (await recv(world, server, 100_000)).replace("EAGAIN", "").length;
      await world.kit.clock.advance(SECOND);
    }
    expect(await ioctl(world, client, SIOC.SIOCOUTQ)).toBe(0);
  });

  test("SIOCINQ does not count the peer's FIN", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "12345");
    await shutdown(world, client, SHUT.SHUT_WR);
    expect(await ioctl(world, server, SIOC.FIONREAD)).toBe(5);
    expect(await recv(world, server)).toBe("12345");
    expect(await ioctl(world, server, SIOC.FIONREAD)).toBe(0);
  });
});

describe("options, as Linux takes them", () => {
  test("a negative buffer is a very large one", async () => {
    const world = boot();
    for (const sock of [await stream(world), await world.socket({}, false)]) {
      for (const optname of [SO.SO_SNDBUF, SO.SO_RCVBUF]) {
        expect(await set(world, sock, optname, -1)).toEqual({});
        expect(await option(world, sock, SOL_SOCKET, optname)).toBe(425_984);
      }
    }
  });

  test("SO_RCVLOWAT is no more than the window can hold", async () => {
    const world = boot();
    const sock = await stream(world);
    await set(world, sock, SO.SO_RCVBUF, 10_000);
    await set(world, sock, SO.SO_RCVLOWAT, 1_000_000);
    expect(await option(world, sock, SOL_SOCKET, SO.SO_RCVLOWAT)).toBe(10_000);
    await set(world, sock, SO.SO_RCVLOWAT, -1);
    expect(await option(world, sock, SOL_SOCKET, SO.SO_RCVLOWAT)).toBe(10_000);
  });

  test("SO_LINGER that is switched off keeps its time", async () => {
    const world = boot();
    const sock = await stream(world);
    await setLinger(world, sock, 1, 30);
    await setLinger(world, sock, 0, 5);
    const told = await world.call("sock_getsockopt", { sock, level: SOL_SOCKET, optname: SO.SO_LINGER });
    expect(told).toMatchObject({ data: Uint8Array.of(0, 0, 0, 0, 30, 0, 0, 0) });
  });

  test("TCP_LINGER2: 0 is the default, which it tells; 121 s are 120; less than nothing is -1", async () => {
    const world = boot();
    const sock = await stream(world);
    for (const [value, told] of [
      [10, 10],
      [0, 60],
      [121, 120],
      [-5, -1],
    ] as const) {
      await set(world, sock, TCP.TCP_LINGER2, value, IPPROTO_TCP);
      expect(await option(world, sock, IPPROTO_TCP, TCP.TCP_LINGER2)).toBe(told);
    }
  });

  test("an accepted socket has the options of the one that listened, but none of its state", async () => {
    const world = boot();
    const listener = await listening(world);
    await set(world, listener, SO.SO_OOBINLINE, 1);
    await set(world, listener, SO.SO_RCVLOWAT, 7);
    await set(world, listener, SO.SO_RCVTIMEO, SECOND);
    await set(world, listener, SO.SO_SNDTIMEO, 2 * SECOND);
    await set(world, listener, SO.SO_REUSEADDR, 1);
    await setLinger(world, listener, 1, 9);
    for (const [optname, value] of [
      [TCP.TCP_KEEPIDLE, 11],
      [TCP.TCP_LINGER2, 12],
      [TCP.TCP_USER_TIMEOUT, 13],
      [TCP.TCP_SYNCNT, 3],
      [TCP.TCP_CORK, 1],
    ] as const)
      await set(world, listener, optname, value, IPPROTO_TCP);
    await connect(world, await stream(world));
    const server = Number(await accept(world, listener, 0));
    for (const optname of [SO.SO_OOBINLINE, SO.SO_RCVLOWAT, SO.SO_RCVTIMEO, SO.SO_SNDTIMEO, SO.SO_REUSEADDR])
      expect(await option(world, server, SOL_SOCKET, optname)).toBe(await option(world, listener, SOL_SOCKET, optname));
    for (const optname of [TCP.TCP_KEEPIDLE, TCP.TCP_LINGER2, TCP.TCP_USER_TIMEOUT, TCP.TCP_SYNCNT, TCP.TCP_CORK])
      expect(await option(world, server, IPPROTO_TCP, optname)).toBe(
        await option(world, listener, IPPROTO_TCP, optname),
      );
    expect(await option(world, server, SOL_SOCKET, SO.SO_ACCEPTCONN)).toBe(0);
    expect(await option(world, server, SOL_SOCKET, SO.SO_DOMAIN)).toBe(AF.AF_INET);
    expect(await option(world, server, SOL_SOCKET, SO.SO_ERROR)).toBe(0);
  });
});

describe("flags of a receive", () => {
  test("MSG_PEEK with MSG_WAITALL and MSG_TRUNC; the error queue, which is empty", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "abc");
    expect(await recv(world, server, 10, MSG.MSG_TIMESTAMP)).toBe("EAGAIN");
    expect(await recv(world, server, 2, MSG.MSG_PEEK | MSG.MSG_WAITALL)).toBe("ab");
    const counted = await world.call("sock_recvmsg", { sock: server, count: 2, flags: MSG.MSG_PEEK | MSG.MSG_TRUNC });
    expect(counted).toMatchObject({ length: 2, data: new Uint8Array(0) });
    expect(await recv(world, server, 10, MSG.MSG_WAITALL | MSG.MSG_DONTWAIT)).toBe("abc");
    expect(await recv(world, server, 10, MSG.MSG_WAITALL | MSG.MSG_DONTWAIT)).toBe("EAGAIN");
  });

  test("MSG_WAITALL ends early with the end of the stream", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    const all = recv(world, server, 10, MSG.MSG_WAITALL);
    await settled();
    await send(world, client, "abc");
    await shutdown(world, client, SHUT.SHUT_WR);
    expect(await all).toBe("abc");
  });
});

describe("TCP_INFO", () => {
  const info = async (world: World, sock: number): Promise<(at: number) => number> => {
    const told = await world.call("sock_getsockopt", { sock, level: IPPROTO_TCP, optname: TCP.TCP_INFO });
    if (typeof told === "string" || told.data === undefined) throw new Error("no data");
    expect(told.data).toHaveLength(232);
    const view = new DataView(told.data.buffer, told.data.byteOffset);
    return (at) => view.getUint32(at, true);
  };

  test("tells round trips in microseconds and windows in segments, as Linux does", async () => {
    const world = boot();
    const { client } = await smallPair(world);
    await send(world, client, new Uint8Array(20_000), MSG.MSG_DONTWAIT);
    const told = await info(world, client);
    const mss = told(16);
    expect(told(8)).toBe(200_000);
    expect(told(68)).toBe(0);
    expect(told(76)).toBe(0x7fff_ffff);
    expect(told(80)).toBeGreaterThanOrEqual(1);
    expect(told(144)).toBe(20_000 - told(120));
    expect(told(16)).toBe(mss);
    expect(told(228)).toBe(0);
    const listens = await info(world, await listening2(world));
    expect([listens(24), listens(28)]).toEqual([0, 5]);
  });

  const listening2 = async (world: World): Promise<number> => {
    const sock = await stream(world);
    await world.call("sock_listen", { sock, backlog: 5 });
    return sock;
  };
});
