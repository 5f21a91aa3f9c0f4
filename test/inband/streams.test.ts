import { describe, expect, test } from "@jest/globals";
import { CONTRACT } from "../../services/abi/contract.generated.ts";
import { AF, IPPROTO, MSG, O, POLL, SHUT, SIOC, SO, SOCK, SOL } from "../../services/abi/flags.ts";
import { ICMP } from "../../services/abi/packet/icmp.ts";
import { sockaddrText } from "../../services/abi/sockaddr.ts";
import { errorOf, isFragNeeded } from "../../services/inband/model/icmp/error-errno.ts";
import { settled } from "../kit.ts";
import { at, boot, bytes } from "./sockets-harness.ts";
import { accept, connect, listening, option, pair, poll, recv, send, SERVER, stream } from "./streams-harness.ts";

const SECOND = 1_000_000_000;

describe("making a connection", () => {
  test("a stream socket is made for TCP alone", async () => {
    const world = boot();
    const create = (protocol: number): Promise<unknown> =>
      world.call("sock_create", { family: AF.AF_INET, type: SOCK.SOCK_STREAM, protocol });
    expect(await create(IPPROTO.IPPROTO_IP)).toMatchObject({ sk: 2 });
    expect(await create(IPPROTO.IPPROTO_TCP)).toMatchObject({ sk: 4 });
    expect(await create(IPPROTO.IPPROTO_UDP)).toBe("EPROTONOSUPPORT");
  });

  test("connect succeeds as soon as somebody listens; accept tells the peer, and both know their ends", async () => {
    const world = boot();
    const listener = await listening(world);
    const client = await stream(world);
    expect(await connect(world, client)).toBe("ok");
    const name = await world.call("sock_getname", { sock: client, peer: false });
    const accepted = await world.call("sock_accept", { sock: listener, file: 9 });
    if (typeof accepted === "string" || typeof name === "string") throw new Error("no connection");
    expect(accepted.addr).toEqual(name.addr);
    const { newsock } = accepted;
    const peer = await world.call("sock_getname", { sock: client, peer: true });
    expect(peer).toEqual({ addr: at(SERVER) });
    expect(await world.call("sock_getname", { sock: newsock, peer: false })).toEqual({ addr: at(SERVER) });
    expect(await world.call("sock_getname", { sock: newsock, peer: true })).toEqual({ addr: name.addr });
    expect(sockaddrText(name.addr)).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test("who is first in accept gets the first connection, and nobody waits when it is told not to", async () => {
    const world = boot();
    const listener = await listening(world);
    expect(await accept(world, listener, O.O_NONBLOCK)).toBe("EAGAIN");
    const [first, second] = [accept(world, listener), accept(world, listener)];
    await settled();
    await connect(world, await stream(world));
    expect(typeof (await first)).toBe("number");
    await connect(world, await stream(world));
    expect(typeof (await second)).toBe("number");
  });

  test("SO_RCVTIMEO ends an accept, and whoever listens no more has none", async () => {
    const world = boot();
    const listener = await listening(world);
    const rcvtimeo = { sock: listener, level: SOL.SOL_SOCKET, optname: SO.SO_RCVTIMEO, value: SECOND };
    await world.call("sock_setsockopt", rcvtimeo);
    const waiting = accept(world, listener);
    await settled();
    await world.kit.clock.advance(SECOND);
    expect(await waiting).toBe("EAGAIN");
    const again = accept(world, listener);
    await settled();
    await world.call("sock_shutdown", { sock: listener, how: SHUT.SHUT_RD });
    expect(await again).toBe("EINVAL");
    expect(await accept(world, listener)).toBe("EINVAL");
    expect(await accept(world, await world.socket({}, false))).toBe("EOPNOTSUPP");
  });

  test("nobody listens: ECONNREFUSED, and the socket may try again", async () => {
    const world = boot();
    const client = await stream(world);
    expect(await connect(world, client)).toBe("ECONNREFUSED");
    expect(await connect(world, client)).toBe("ECONNREFUSED");
    await listening(world);
    expect(await connect(world, client)).toBe("ok");
    expect(await connect(world, client)).toBe("EISCONN");
  });

  test("an attempt that does not wait is in progress; when it has failed, SO_ERROR tells why, once", async () => {
    const world = boot();
    const client = await stream(world);
    expect(await connect(world, client, "10.0.0.2:7000", O.O_NONBLOCK)).toBe("EINPROGRESS");
    expect(await connect(world, client, "10.0.0.2:7000", O.O_NONBLOCK)).toBe("EALREADY");
    expect(await poll(world, client, POLL.POLLOUT)).toBe(0);
    expect(await send(world, client, "x", MSG.MSG_DONTWAIT)).toBe("EAGAIN");
    expect(await recv(world, client)).toBe("EAGAIN");
    await world.kit.clock.advance(4 * SECOND);
    const mask = POLL.POLLIN | POLL.POLLOUT | POLL.POLLERR | POLL.POLLHUP;
    expect(await poll(world, client, POLL.POLLIN | POLL.POLLOUT)).toBe(mask);
    expect(await option(world, client, SOL.SOL_SOCKET, SO.SO_ERROR)).toBe(113);
    expect(await option(world, client, SOL.SOL_SOCKET, SO.SO_ERROR)).toBe(0);
    expect(await connect(world, client, "10.0.0.2:7000", O.O_NONBLOCK)).toBe("ECONNABORTED");
    expect(await connect(world, client, "10.0.0.2:7000", O.O_NONBLOCK)).toBe("EINPROGRESS");
  });

  test("connect's own errnos, and what it says of addresses", async () => {
    const world = boot();
    const client = await stream(world);
    const said = (addr: Uint8Array): Promise<unknown> => world.call("sock_connect", { sock: client, addr, flags: 0 });
    expect(await said(new Uint8Array(1))).toBe("EINVAL");
    expect(await said(at(SERVER).subarray(0, 8))).toBe("EINVAL");
    expect(await said(Uint8Array.from(at(SERVER), (byte, i) => (i === 0 ? AF.AF_INET6 : byte)))).toBe("EAFNOSUPPORT");
    expect(await said(at("198.51.100.1:7000"))).toBe("ENETUNREACH");
    expect(await said(at("10.0.0.255:7000"))).toBe("ENETUNREACH");
    expect(await connect(world, await listening(world))).toBe("EISCONN");
  });

  test("whatever ICMP says of an attempt, and a peer that was there and went, are errnos of connect", () => {
    const told = Array.from({ length: 17 }, (_, code) => code)
      .filter((code) => !isFragNeeded(ICMP.ICMP_DEST_UNREACH, code))
      .flatMap((code) => errorOf(ICMP.ICMP_DEST_UNREACH, code)?.errno ?? []);
    for (const point of ["sock_connect", "sys_connect"] as const)
      expect(CONTRACT[point].errnos).toEqual(expect.arrayContaining([...told, "EPROTO", "ECONNRESET", "EPIPE"]));
  });

  test("SO_SNDTIMEO ends the wait, not the attempt", async () => {
    const world = boot();
    const client = await stream(world);
    const sndtimeo = { sock: client, level: SOL.SOL_SOCKET, optname: SO.SO_SNDTIMEO, value: SECOND };
    await world.call("sock_setsockopt", sndtimeo);
    const waiting = connect(world, client, "10.0.0.2:7000");
    await settled();
    await world.kit.clock.advance(SECOND);
    expect(await waiting).toBe("EINPROGRESS");
    expect(await connect(world, client, "10.0.0.2:7000", O.O_NONBLOCK)).toBe("EALREADY");
  });

  test("a socket that connects to itself is connected to itself", async () => {
    const world = boot();
    const sock = await stream(world);
    await world.call("sock_bind", { sock, addr: at(SERVER) });
    expect(await connect(world, sock)).toBe("ok");
    expect(await send(world, sock, "echo")).toBe(4);
    expect(await recv(world, sock)).toBe("echo");
  });

  test("AF_UNSPEC ends a connection with a reset, and the socket may connect again", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    const unspec = new Uint8Array(16);
    expect(await world.call("sock_connect", { sock: client, addr: unspec, flags: 0 })).toEqual({});
    expect(await recv(world, server)).toBe("ECONNRESET");
    expect(await world.call("sock_getname", { sock: client, peer: true })).toBe("ENOTCONN");
    expect(await connect(world, client)).toBe("ok");
  });

  test("listen: a port of its own choice, another backlog, and never on a connection", async () => {
    const world = boot();
    const sock = await stream(world);
    expect(await world.call("sock_listen", { sock, backlog: 1 })).toEqual({});
    expect(await world.call("sock_listen", { sock, backlog: 5 })).toEqual({});
    expect(await option(world, sock, SOL.SOL_SOCKET, SO.SO_ACCEPTCONN)).toBe(1);
    const name = await world.call("sock_getname", { sock, peer: false });
    if (typeof name === "string") throw new Error(name);
    expect(sockaddrText(name.addr)).toMatch(/^0\.0\.0\.0:\d{5}$/);
    const { client } = await pair(world);
    expect(await world.call("sock_listen", { sock: client, backlog: 1 })).toBe("EINVAL");
    expect(await world.call("sock_listen", { sock: await world.socket({}, false), backlog: 1 })).toBe("EOPNOTSUPP");
  });
});

describe("the end of a connection", () => {
  test("one direction ends, the other goes on; poll tells of either, and of both", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "question");
    expect(await world.call("sock_shutdown", { sock: client, how: SHUT.SHUT_WR })).toEqual({});
    expect(await send(world, client, "x")).toBe("EPIPE");
    const events = POLL.POLLIN | POLL.POLLRDHUP | POLL.POLLOUT;
    expect(await poll(world, server, events)).toBe(events);
    expect(await recv(world, server)).toBe("question");
    expect(await recv(world, server)).toBe("");
    expect(await send(world, server, "answer")).toBe(6);
    expect(await recv(world, client)).toBe("answer");
    await world.call("sock_close", { sock: server });
    expect(await recv(world, client)).toBe("");
    expect(await poll(world, client, POLL.POLLIN)).toBe(POLL.POLLIN | POLL.POLLHUP);
    expect(await world.call("sock_shutdown", { sock: client, how: SHUT.SHUT_WR })).toBe("ENOTCONN");
  });

  test("after a reset: what came before, the error once, the end; and EPIPE for who writes", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "last words");
    const linger = { sock: client, level: SOL.SOL_SOCKET, optname: SO.SO_LINGER, value: 0 };
    await world.call("sock_setsockopt", { ...linger, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) });
    await world.call("sock_close", { sock: client });
    const mask = POLL.POLLIN | POLL.POLLERR | POLL.POLLHUP;
    expect(await poll(world, server, POLL.POLLIN)).toBe(mask);
    expect(await recv(world, server, 4)).toBe("last");
    expect(await recv(world, server)).toBe(" words");
    expect(await recv(world, server)).toBe("ECONNRESET");
    expect(await recv(world, server)).toBe("");
    expect(await send(world, server, "x")).toBe("EPIPE");
    expect(await world.call("sock_getname", { sock: server, peer: true })).toBe("ENOTCONN");
  });

  test("a close with unread data is a reset, which the peer's send sees once", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "unread");
    await world.call("sock_close", { sock: server });
    expect(await send(world, client, "x")).toBe("ECONNRESET");
    expect(await send(world, client, "x")).toBe("EPIPE");
  });

  test("who was never connected: ENOTCONN to receive, EPIPE to send, POLLHUP", async () => {
    const world = boot();
    const sock = await stream(world);
    expect(await recv(world, sock)).toBe("ENOTCONN");
    expect(await send(world, sock, "x")).toBe("EPIPE");
    expect(await poll(world, sock, POLL.POLLOUT)).toBe(POLL.POLLOUT | POLL.POLLHUP);
    expect(await world.call("sock_shutdown", { sock, how: SHUT.SHUT_RDWR })).toBe("ENOTCONN");
    expect(await recv(world, await listening(world))).toBe("ENOTCONN");
  });

  test("a listening socket that is closed resets what nobody has accepted", async () => {
    const world = boot();
    const listener = await listening(world);
    const client = await stream(world);
    await connect(world, client);
    await world.call("sock_close", { sock: listener });
    expect(await recv(world, client)).toBe("ECONNRESET");
    expect(await connect(world, await stream(world))).toBe("ECONNREFUSED");
  });

  test("a connection that is reset before accept is accepted, and says so when it is used", async () => {
    const world = boot();
    const listener = await listening(world);
    const client = await stream(world);
    await connect(world, client);
    await send(world, client, "hello");
    await world.call("sock_connect", { sock: client, addr: new Uint8Array(16), flags: 0 });
    const server = await accept(world, listener);
    if (typeof server === "string") throw new Error(server);
    expect(await recv(world, server)).toBe("hello");
    expect(await recv(world, server)).toBe("ECONNRESET");
  });

  test("the socket is gone once the peer has acknowledged the FIN, the connection when it closed too; no timer is left", async () => {
    const world = boot();
    const { client, server, listener } = await pair(world);
    world.story();
    await world.call("sock_close", { sock: client });
    const closed = world.story();
    expect(closed.indexOf("sk_destruct")).toBeGreaterThan(closed.indexOf("inband_release"));
    expect(closed.filter((fact) => fact === "sk_destruct")).toHaveLength(1);
    expect(await recv(world, server)).toBe("");
    await world.call("sock_close", { sock: server });
    await settled();
    const told = world.story();
    expect(told.filter((fact) => fact === "sk_destruct")).toHaveLength(1);
    await world.call("sock_close", { sock: listener });
    await world.kit.clock.advance(61 * SECOND);
    expect(world.kit.clock.pending()).toBe(0);
    expect(world.inband.listNetwork().sockets).toEqual([]);
  });
});

describe("bytes", () => {
  test("a stream has no messages: what was written in pieces is read in others", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    for (const piece of ["one", "two", "three"]) await send(world, client, piece);
    expect(await recv(world, server, 2)).toBe("on");
    expect(await recv(world, server, 3, MSG.MSG_PEEK)).toBe("etw");
    expect(await world.call("sock_ioctl", { sock: server, cmd: SIOC.FIONREAD })).toMatchObject({ value: 9 });
    expect(await recv(world, server)).toBe("etwothree");
    expect(await recv(world, server)).toBe("EAGAIN");
  });

  test("MSG_WAITALL and SO_RCVLOWAT wait for as much as they say; MSG_TRUNC throws away", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    const all = recv(world, server, 6, MSG.MSG_WAITALL);
    await settled();
    await send(world, client, "abc");
    await settled();
    await send(world, client, "defghi");
    expect(await all).toBe("abcdef");
    const trunc = await world.call("sock_recvmsg", { sock: server, count: 2, flags: MSG.MSG_TRUNC });
    expect(trunc).toMatchObject({ data: new Uint8Array(0), length: 2 });
    expect(await recv(world, server)).toBe("i");
    await world.call("sock_setsockopt", { sock: server, level: SOL.SOL_SOCKET, optname: SO.SO_RCVLOWAT, value: 4 });
    const some = recv(world, server, 100, 0);
    await settled();
    await send(world, client, "jkl");
    expect(await poll(world, server, POLL.POLLIN)).toBe(0);
    await send(world, client, "mn");
    expect(await some).toBe("jklmn");
  });

  test("who sends more than there is room for waits, and what went before the time was over counts", async () => {
    const world = boot();
    const listener = await listening(world);
    const client = await stream(world);
    const small = { level: SOL.SOL_SOCKET, value: 4096 };
    await world.call("sock_setsockopt", { sock: client, optname: SO.SO_SNDBUF, ...small });
    await world.call("sock_setsockopt", { sock: listener, optname: SO.SO_RCVBUF, ...small });
    await connect(world, client);
    const server = Number(await accept(world, listener));
    const data = new Uint8Array(1_000_000);
    const some = await send(world, client, data, MSG.MSG_DONTWAIT);
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(data.length);
    expect(await send(world, client, "x", MSG.MSG_DONTWAIT)).toBe("EAGAIN");
    expect(await poll(world, client, POLL.POLLOUT)).toBe(0);
    const waiting = send(world, client, "the rest");
    await settled();
    const drained = (async (): Promise<number> => {
      let got = 0;
      while (got < Number(some) + 8) got += (await recv(world, server, 100_000, 0)).length;
      return got;
    })();
    // A window that is opened a little is used when the time for a probe has come.
    await world.kit.clock.advance(SECOND);
    expect(await waiting).toBe(8);
    expect(await drained).toBe(Number(some) + 8);
    expect(await poll(world, client, POLL.POLLOUT)).toBe(POLL.POLLOUT);
    const timeout = { sock: client, level: SOL.SOL_SOCKET, optname: SO.SO_SNDTIMEO, value: SECOND };
    await world.call("sock_setsockopt", timeout);
    const partial = send(world, client, data);
    await settled();
    await world.kit.clock.advance(SECOND);
    expect(await partial).toBeGreaterThan(0);
    expect(await send(world, client, "x", MSG.MSG_DONTWAIT)).toBe("EAGAIN");
  });

  test("a reader that waits gets the end, the reset, or EINTR after 100 s", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    const long = recv(world, server, 9, 0);
    await settled();
    await world.kit.clock.advance(100 * SECOND);
    expect(await long).toBe("EINTR");
    const end = recv(world, server, 9, 0);
    await settled();
    await world.call("sock_close", { sock: client });
    expect(await end).toBe("");
  });

  test("after SHUT_RD what had come is read, then the end, and no more waits", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    await send(world, client, "before");
    expect(await world.call("sock_shutdown", { sock: server, how: SHUT.SHUT_RD })).toEqual({});
    expect(await recv(world, server)).toBe("before");
    expect(await recv(world, server, 9, 0)).toBe("");
    await send(world, client, "after");
    expect(await recv(world, server)).toBe("after");
  });

  test("urgent data: a read stops before the mark and goes on behind the byte, which MSG_OOB takes once", async () => {
    const world = boot();
    const { client, server } = await pair(world);
    const atMark = async (): Promise<unknown> => {
      const answer = await world.call("sock_ioctl", { sock: server, cmd: SIOC.SIOCATMARK });
      return typeof answer === "string" ? answer : answer.value;
    };
    expect(await recv(world, server, 1, MSG.MSG_OOB)).toBe("EINVAL");
    await send(world, client, "ab!", MSG.MSG_OOB);
    await send(world, client, "cd");
    expect(await poll(world, server, POLL.POLLPRI)).toBe(POLL.POLLPRI);
    expect(await world.call("sock_ioctl", { sock: server, cmd: SIOC.FIONREAD })).toMatchObject({ value: 2 });
    expect(await recv(world, server, 1, MSG.MSG_OOB | MSG.MSG_PEEK)).toBe("!");
    expect(await recv(world, server)).toBe("ab");
    expect(await atMark()).toBe(1);
    expect(await recv(world, server, 1, MSG.MSG_OOB)).toBe("!");
    expect(await recv(world, server, 1, MSG.MSG_OOB)).toBe("EINVAL");
    expect(await poll(world, server, POLL.POLLPRI)).toBe(0);
    expect(await recv(world, server)).toBe("cd");
    expect(await atMark()).toBe(0);
    await world.call("sock_setsockopt", { sock: server, level: SOL.SOL_SOCKET, optname: SO.SO_OOBINLINE, value: 1 });
    await send(world, client, "ef?", MSG.MSG_OOB);
    expect(await recv(world, server, 1, MSG.MSG_OOB)).toBe("EINVAL");
    expect(await recv(world, server)).toBe("ef");
    expect(await recv(world, server)).toBe("?");
  });

  test("a datagram socket knows no urgent data", async () => {
    const world = boot();
    const sock = await world.socket({}, false);
    expect(await world.call("sock_sendmsg", { sock, data: bytes("x"), flags: MSG.MSG_OOB })).toBe("EOPNOTSUPP");
  });
});

describe("the exit of a task", () => {
  test("wakes its calls that sleep with EINTR, with what they have if it is something, and takes nothing for nobody", async () => {
    const world = boot();
    const { client, server, listener } = await pair(world);
    const waits = [
      accept(world, listener),
      recv(world, server, 100, 0),
      recv(world, client, 100, MSG.MSG_WAITALL),
      world.call("sock_poll", { sock: server, events: POLL.POLLIN, timeout_ns: 0 }),
    ];
    await settled();
    await world.call("sock_interrupt", {});
    expect(await Promise.all(waits)).toEqual(["EINTR", "EINTR", "EINTR", "EINTR"]);
    const partly = recv(world, server, 100, MSG.MSG_WAITALL);
    await send(world, client, "some");
    await world.call("sock_interrupt", {});
    expect(await partly).toBe("some");
    await send(world, client, "more");
    expect(await recv(world, server)).toBe("more");
    await connect(world, await stream(world));
    expect(typeof (await accept(world, listener, O.O_NONBLOCK))).toBe("number");
  });
});
