import { describe, expect, test } from "@jest/globals";
import { settled } from "../../kit.ts";
import { at, bytes, heard, int, intAt, sent, textOf, world, type EVERY, type Host, type World } from "./harness.ts";

const now = { flags: "MSG_DONTWAIT" };
const SECOND = 1_000_000_000;

/** A listener on 127.0.0.1:80, its name L. */
async function listener(host: Host, backlog = 5): Promise<number> {
  const ks = await host.socket();
  await host.call("ksock_bind", { ks, addr: at("127.0.0.1:80") });
  expect(await host.call("ksock_listen", { ks, backlog })).toEqual({});
  await host.listen(ks, "L");
  return ks;
}

interface Connected extends World {
  readonly l: number;
  readonly c: number;
  readonly a: number;
}

/** A connection on one host: C called, A was accepted from L; callbacks are on everywhere. */
async function connected(made: World = world(), binding: keyof typeof EVERY = "ksock"): Promise<Connected> {
  const { alpha } = made;
  const l = await listener(alpha);
  const c = await alpha.socket();
  await alpha.listen(c, "C", binding);
  expect(await alpha.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") })).toEqual({ again: false });
  const accepted = await alpha.call("ksock_accept", { ks: l });
  if (typeof accepted === "string") throw new Error(accepted);
  await alpha.listen(accepted.newks, "A", binding);
  await alpha.told();
  return { ...made, l, c, a: accepted.newks };
}

/** A connection of two hosts: C on alpha called, A on beta was accepted. */
async function apart(): Promise<World & { readonly c: number; readonly a: number }> {
  const made = world();
  const { alpha, beta, clock } = made;
  const l = await beta.socket();
  await beta.call("ksock_bind", { ks: l, addr: at("10.0.0.2:80") });
  await beta.call("ksock_listen", { ks: l });
  const c = await alpha.socket();
  const connecting = alpha.call("ksock_connect", { ks: c, addr: at("10.0.0.2:80") });
  await clock.advance(1_000_000);
  expect(await connecting).toEqual({ again: false });
  const accepted = await beta.call("ksock_accept", { ks: l });
  if (typeof accepted === "string") throw new Error(accepted);
  return { ...made, c, a: accepted.newks };
}

/** From now on nothing that a host sends arrives. */
const loseAllOf = ({ kernel }: Host): void =>
  void Object.assign(kernel.ports.nics.get("eth0") ?? {}, { loses: () => true });

const linger = (seconds: number): { optname: string; optval: Uint8Array; optlen: number } => ({
  optname: "SO_LINGER",
  optval: Uint8Array.of(1, 0, 0, 0, seconds, 0, 0, 0),
  optlen: 8,
});

describe("connecting", () => {
  test("T1: the listener hears of it before the caller does, and names are each other's", async () => {
    const { alpha } = world();
    const l = await listener(alpha);
    const c = await alpha.socket();
    await alpha.listen(c, "C");
    expect(await alpha.call("ksock_connect", { ks: c, addr: at("0.0.0.0:80") })).toEqual({ again: false });
    expect(await alpha.told()).toEqual(["L newconn(0)", "C connected(0)"]);
    const accepted = await alpha.call("ksock_accept", { ks: l, want_addr: true, addrlen: 18 });
    if (typeof accepted === "string") throw new Error(accepted);
    expect(accepted.addr).toHaveLength(16);
    expect(await alpha.call("ksock_getsockname", { ks: c })).toEqual({ addr: accepted.addr });
    expect(await alpha.call("ksock_getpeername", { ks: accepted.newks })).toEqual({ addr: accepted.addr });
    expect(await alpha.call("ksock_getpeername", { ks: c })).toEqual({ addr: at("127.0.0.1:80") });
    expect(await alpha.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") })).toBe("EISCONN");
    expect(await alpha.call("ksock_listen", { ks: c })).toBe("EINVAL");
    expect(await alpha.call("ksock_bind", { ks: c, addr: at("127.0.0.1:0") })).toBe("EINVAL");
    expect(await alpha.call("ksock_connect", { ks: l, addr: at("127.0.0.1:81") })).toBe("EOPNOTSUPP");
    expect(intAt(await alpha.call("ksock_getsockopt", { ks: l, optname: "SO_ACCEPTCONN", optlen: 4 }))).toBe(2);
  });

  test("T2: who does not wait is always told that it goes on, even where it is done", async () => {
    const { alpha } = world();
    await listener(alpha);
    const ks = await alpha.socket();
    await alpha.listen(ks, "C");
    await alpha.call("ksock_ioctl", { ks, cmd: "FIONBIO", arg: 1 });
    const connect = (): Promise<unknown> => alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:80") });
    expect([await connect(), await connect()]).toEqual(["EINPROGRESS", "EISCONN"]);
    expect(await alpha.told()).toEqual(["L newconn(0)", "C connected(0)"]);
  });

  test("T3: a closed port is told once, by the call or by SO_ERROR", async () => {
    const { alpha } = world();
    const [ks, other] = [await alpha.socket(), await alpha.socket()];
    await alpha.listen(ks, "C");
    expect(await alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:80") })).toBe("ECONNREFUSED");
    expect(await alpha.told()).toEqual(["C disconnected(146)"]);
    expect(heard(await alpha.call("ksock_recv", { ks }))).toBe("");
    expect(await alpha.call("ksock_send", { ks, msg: bytes("x") })).toBe("EPIPE");
    expect(await alpha.call("ksock_getpeername", { ks })).toBe("ENOTCONN");
    await alpha.call("ksock_ioctl", { ks: other, cmd: "FIONBIO", arg: 1 });
    expect(await alpha.call("ksock_connect", { ks: other, addr: at("127.0.0.1:80") })).toBe("EINPROGRESS");
    const error = async (): Promise<unknown> =>
      intAt(await alpha.call("ksock_getsockopt", { ks: other, optname: "SO_ERROR", optlen: 4 }));
    expect([await error(), await error()]).toEqual([146, 0]);
    // P14: the next attempt begins anew.
    await listener(alpha);
    expect(await alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:80") })).toEqual({ again: false });
    expect(sent(await alpha.call("ksock_send", { ks, msg: bytes("x") }))).toBe(1);
  });

  test("T4: nobody answers for three minutes: the call is asked again, and ends with ETIMEDOUT", async () => {
    const { alpha, beta, clock } = world();
    const ks = await alpha.socket();
    await alpha.listen(ks, "C");
    const port = beta.kernel.ports.nics.get("eth0");
    // What beta says of TCP is lost, so that it is a black hole whose link address is known.
    Object.assign(port ?? {}, { loses: (frame: Uint8Array) => frame[12] === 8 && frame[13] === 0 });
    const first = alpha.call("ksock_connect", { ks, addr: at("10.0.0.2:80") });
    await clock.advance(100_000_000_000);
    expect(await first).toEqual({ again: true });
    const second = alpha.call("ksock_connect", { ks, addr: at("10.0.0.2:80"), waiting: true });
    await clock.advance(79_000_000_000);
    expect(await alpha.told()).toEqual([]);
    await clock.advance(1_000_000_000);
    expect(await second).toBe("ETIMEDOUT");
    expect(await alpha.told()).toEqual(["C disconnected(145)"]);
  });

  test("addresses are looked at before the state: length, family, port 0, itself, many", async () => {
    const { alpha } = world();
    const ks = await alpha.socket();
    const connect = (addr?: Uint8Array, addrlen = 0): Promise<unknown> =>
      alpha.call("ksock_connect", { ks, addrlen, ...(addr === undefined ? {} : { addr }) });
    expect(await connect(at("127.0.0.1:80").slice(0, 3))).toBe("EINVAL");
    expect(await connect()).toBe("EINVAL");
    expect(await connect(undefined, 16)).toBe("EFAULT");
    expect(await connect(new Uint8Array(16))).toBe("EINVAL");
    const six = at("127.0.0.1:80");
    six[0] = 26;
    expect(await connect(six)).toBe("EAFNOSUPPORT");
    expect(await connect(at("127.0.0.1:0"))).toBe("EADDRNOTAVAIL");
    expect(await connect(at("10.0.0.255:80"))).toBe("EADDRNOTAVAIL");
    expect(await connect(at("224.0.0.1:80"))).toBe("EADDRNOTAVAIL");
    expect(await connect(at("99.0.0.1:80"))).toBe("ENETUNREACH");
    await alpha.call("ksock_bind", { ks, addr: at("127.0.0.1:900") });
    expect(await connect(at("127.0.0.1:900"))).toBe("EADDRNOTAVAIL");
  });

  test("a full queue lets nobody in, and refuses nobody: the connect goes on", async () => {
    const { alpha, clock } = world();
    const l = await listener(alpha, 0);
    const [one, two] = [await alpha.socket(), await alpha.socket()];
    await alpha.call("ksock_ioctl", { ks: two, cmd: "FIONBIO", arg: 1 });
    expect(await alpha.call("ksock_connect", { ks: one, addr: at("127.0.0.1:80") })).toEqual({ again: false });
    expect(await alpha.call("ksock_connect", { ks: two, addr: at("127.0.0.1:80") })).toBe("EINPROGRESS");
    expect(await alpha.call("ksock_connect", { ks: two, addr: at("127.0.0.1:80") })).toBe("EALREADY");
    expect(await alpha.call("ksock_shutdown", { ks: two })).toBe("ENOTCONN");
    expect(await alpha.call("ksock_send", { ks: two, msg: bytes("x") })).toBe("ENOTCONN");
    expect(await alpha.call("ksock_recv", { ks: two, msgsize: 0 })).toBe("ENOTCONN");
    expect(await alpha.call("ksock_accept", { ks: l })).toMatchObject({ again: false });
    await clock.advance(10_000_000_000);
    expect(await alpha.call("ksock_connect", { ks: two, addr: at("127.0.0.1:80") })).toBe("EISCONN");
    await alpha.call("ksock_ioctl", { ks: l, cmd: "FIONBIO", arg: 1 });
    expect(await alpha.call("ksock_accept", { ks: l })).toMatchObject({ again: false });
    expect(await alpha.call("ksock_accept", { ks: l })).toBe("EAGAIN");
  });
});

describe("accepting", () => {
  test("waits, gets the connection after newconn, and inherits options but not FIONBIO and callbacks", async () => {
    const { alpha } = world();
    const l = await listener(alpha);
    await alpha.call("ksock_setsockopt", { ks: l, optname: "SO_OOBINLINE", optval: int(1) });
    await alpha.call("ksock_setsockopt", { ks: l, optname: "SO_SNDBUF", optval: int(9000) });
    await alpha.call("ksock_setsockopt", { ks: l, level: "IPPROTO_TCP", optname: "TCP_NODELAY", optval: int(1) });
    const accepting = alpha.call("ksock_accept", { ks: l });
    await settled();
    await alpha.call("ksock_ioctl", { ks: l, cmd: "FIONBIO", arg: 1 });
    const c = await alpha.socket();
    await alpha.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") });
    const accepted = await accepting;
    if (typeof accepted === "string") throw new Error(accepted);
    const ks = accepted.newks;
    const get = async (optname: string, level = "SOL_SOCKET"): Promise<unknown> =>
      intAt(await alpha.call("ksock_getsockopt", { ks, optname, level, optlen: 4 }));
    expect([await get("SO_OOBINLINE"), await get("SO_SNDBUF"), await get("TCP_NODELAY", "IPPROTO_TCP")]).toEqual([
      256, 9000, 1,
    ]);
    let done = false;
    void alpha.call("ksock_recv", { ks }).then(() => (done = true));
    await settled();
    expect(done).toBe(false);
    expect(await alpha.call("ksock_accept", { ks })).toBe("EINVAL");
    expect(await alpha.call("ksock_accept", { ks: l, want_addr: true })).toBe("EFAULT");
  });

  test("without room for the address loses the connection; one that was reset is ECONNABORTED", async () => {
    const { alpha } = world();
    const l = await listener(alpha);
    const [c, d] = [await alpha.socket(), await alpha.socket()];
    for (const ks of [c, d]) {
      await alpha.listen(ks, ks === c ? "C" : "D");
      await alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:80") });
    }
    await alpha.call("ksock_setsockopt", { ks: c, ...linger(0) });
    await alpha.call("ksock_close", { ks: c });
    await alpha.told();
    expect(await alpha.call("ksock_accept", { ks: l })).toBe("ECONNABORTED");
    expect(await alpha.call("ksock_accept", { ks: l, want_addr: true, addrlen: 1 })).toBe("EINVAL");
    expect(await alpha.told()).toEqual(["D recv(0)"]);
    await alpha.call("ksock_ioctl", { ks: l, cmd: "FIONBIO", arg: 1 });
    expect(await alpha.call("ksock_accept", { ks: l })).toBe("EAGAIN");
  });

  test("T12: who is not accepted when the listener closes is reset; who waits there gets EINTR", async () => {
    const { alpha } = world();
    const l = await listener(alpha);
    const c = await alpha.socket();
    await alpha.listen(c, "C");
    await alpha.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") });
    await alpha.told();
    await alpha.call("ksock_close", { ks: l });
    expect(await alpha.told()).toEqual(["C disconnected(131)"]);
    const other = await listener(alpha);
    const accepting = alpha.call("ksock_accept", { ks: other });
    await settled();
    await alpha.call("ksock_close", { ks: other });
    expect(await accepting).toBe("EINTR");
  });
});

describe("sending and receiving", () => {
  test("T5, T6: what came is told each time, what is queued too; one read takes all", async () => {
    const { alpha, c, a } = await connected();
    const send = (ks: number, msg: string): Promise<unknown> => alpha.call("ksock_send", { ks, msg: bytes(msg) });
    await send(a, "0123456789");
    await send(a, "abcdefghij");
    expect(await alpha.told()).toEqual(["C recv(10)", "C recv(10)"]);
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "FIONREAD" })).toEqual({ arg: 20 });
    expect(heard(await alpha.call("ksock_recv", { ks: c, flags: "MSG_PEEK", msgsize: 3 }))).toBe("012");
    expect(heard(await alpha.call("ksock_recv", { ks: c, msgsize: 64 }))).toBe("0123456789abcdefghij");
    expect(await alpha.call("ksock_recv", { ks: c, ...now })).toBe("EAGAIN");
    expect(heard(await alpha.call("ksock_recv", { ks: c, msgsize: 0 }))).toBe("");
    expect(sent(await alpha.call("ksock_send", { ks: a, msg: bytes("") }))).toBe(0);
    expect(await alpha.call("ksock_send", { ks: a, msg: bytes("x"), control: bytes("y") })).toBe("EOPNOTSUPP");
    expect(sent(await alpha.call("ksock_send", { ks: a, msg: bytes("to"), addr: at("9.9.9.9:9") }))).toBe(2);
    expect(await alpha.told()).toEqual(["C recv(2)"]);
  });

  test("the alias is told the total", async () => {
    const { alpha, a } = await connected(world(), "ksocket");
    for (const msg of ["0123456789", "abcdefghij"]) await alpha.call("ksock_send", { ks: a, msg: bytes(msg) });
    expect(await alpha.told()).toEqual(["C newdata(10)", "C newdata(20)"]);
  });

  test("MSG_WAITALL spans sends, stops at the end of file, and takes what is there without waiting", async () => {
    const { alpha, c, a } = await connected();
    const all = (msgsize: number, flags = "MSG_WAITALL"): Promise<unknown> =>
      alpha.call("ksock_recv", { ks: c, msgsize, flags }).then(heard);
    const first = all(6);
    for (const msg of ["abc", "defg"]) await alpha.call("ksock_send", { ks: a, msg: bytes(msg) });
    expect(await first).toBe("abcdef");
    expect(await all(6, "MSG_WAITALL|MSG_DONTWAIT")).toBe("g");
    expect(await all(6, "MSG_WAITALL|MSG_DONTWAIT")).toBe("EAGAIN");
    const last = all(6);
    await alpha.call("ksock_send", { ks: a, msg: bytes("hi") });
    await alpha.call("ksock_shutdown", { ks: a, how: 1 });
    expect(await last).toBe("hi");
    expect(await all(6)).toBe("");
  });

  test("one answer takes 100 s at most, however often who waits was woken: what came so far, and to be asked again", async () => {
    const { alpha, c, a, clock } = await connected();
    const waiting = alpha.call("ksock_recv", { ks: c, msgsize: 3, flags: "MSG_WAITALL" });
    await clock.advance(60 * SECOND);
    await alpha.call("ksock_send", { ks: a, msg: bytes("a") });
    await clock.advance(40 * SECOND);
    const said = await waiting;
    expect([heard(said), said]).toEqual(["a", expect.objectContaining({ again: true })]);
    // The read lock, too, is waited for within the same time.
    const [first, second] = [alpha.call("ksock_recv", { ks: c }), alpha.call("ksock_recv", { ks: c })];
    await clock.advance(60 * SECOND);
    await alpha.call("ksock_send", { ks: a, msg: bytes("b") });
    expect(heard(await first)).toBe("b");
    await clock.advance(40 * SECOND);
    expect(await second).toMatchObject({ again: true });
  });

  test("a receive that is asked again after 100 s keeps the time of its beginning (SO_RCVTIMEO)", async () => {
    const { alpha, c, clock } = await connected();
    const optval = new Uint8Array(16);
    optval[0] = 150;
    await alpha.call("ksock_setsockopt", { ks: c, optname: "SO_RCVTIMEO", optval, optlen: 16 });
    const first = alpha.call("ksock_recv", { ks: c });
    await clock.advance(100 * SECOND);
    const said = await first;
    if (typeof said === "string") throw new Error(said);
    const { again, until_ns } = said;
    expect(again).toBe(true);
    const second = alpha.call("ksock_recv", { ks: c, until_ns });
    await clock.advance(50 * SECOND);
    expect(await second).toBe("EAGAIN");
  });

  test("a poll without an end waits on where somebody else took what woke it", async () => {
    const { alpha, c, a } = await connected();
    const taking = alpha.call("ksock_recv", { ks: c });
    await settled();
    const poll = { revents: "" };
    void alpha.call("ksocket_spoll", { ks: c, timeout_ms: -1, events: "POLLIN" }).then((said) => {
      poll.revents = typeof said === "string" ? said : said.revents || "nothing";
    });
    await settled();
    await alpha.call("ksock_send", { ks: a, msg: bytes("x") });
    expect(heard(await taking)).toBe("x");
    await settled();
    expect(poll.revents).toBe("");
    await alpha.call("ksock_send", { ks: a, msg: bytes("y") });
    await settled();
    expect(poll.revents).toBe("POLLIN");
  });

  test("T7: flow control stops who sends too much, and lets go once", async () => {
    const { alpha, c, a, clock } = await connected();
    await alpha.call("ksock_setsockopt", { ks: c, optname: "SO_SNDBUF", optval: int(20_000) });
    const msg = new Uint8Array(60_000).fill(7);
    const first = sent(await alpha.call("ksock_send", { ks: c, msg, ...now }));
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(60_000);
    let total = Number(first);
    for (;;) {
      const count = sent(await alpha.call("ksock_send", { ks: c, msg, ...now }));
      if (count === "EAGAIN") break;
      total += Number(count);
    }
    expect(await alpha.call("ksocket_spoll", { ks: c, timeout_ms: 0, events: "POLLOUT" })).toMatchObject({
      revents: "",
    });
    await alpha.told();
    const rest = alpha.call("ksock_send", { ks: c, msg: new Uint8Array(100_000) });
    let received = 0;
    while (received < total + 100_000) {
      const said = await alpha.call("ksock_recv", { ks: a, msgsize: 50_000, ...now });
      received += typeof said === "string" ? 0 : said.msg.length;
      await clock.advance(50_000_000);
    }
    expect(sent(await rest)).toBe(100_000);
    expect(received).toBe(total + 100_000);
    const xmits = (await alpha.told()).filter((one) => one.startsWith("C xmit"));
    expect(xmits.length).toBeGreaterThan(0);
    expect(xmits.every((one) => /xmit\([1-9]/.test(one))).toBe(true);
  });

  test("a full buffer and SO_SNDTIMEO: EAGAIN, or what went so far", async () => {
    const { alpha, c, clock } = await connected();
    for (let full = 0; full < 3;) {
      const said = sent(await alpha.call("ksock_send", { ks: c, msg: new Uint8Array(100_000), ...now }));
      full = said === "EAGAIN" ? full + 1 : 0;
      await clock.advance(1_000_000_000);
    }
    const optval = new Uint8Array(16);
    optval[0] = 2;
    await alpha.call("ksock_setsockopt", { ks: c, optname: "SO_SNDTIMEO", optval, optlen: 16 });
    const sending = alpha.call("ksock_send", { ks: c, msg: bytes("x") });
    await clock.advance(2_000_000_000);
    expect(await sending).toBe("EAGAIN");
    const taken = alpha.call("ksock_send", { ks: c, msg: bytes("x"), taken: 5 });
    await clock.advance(2_000_000_000);
    expect(sent(await taken)).toBe(0);
    const blocked = alpha.call("ksock_send", { ks: c, msg: bytes("x") });
    await settled();
    expect(await alpha.call("ksock_close", { ks: c })).toEqual({ again: false });
    expect(await blocked).toBe("EINTR");
  });
});

describe("ending", () => {
  test("T8, T9: half-close, then the other half: disconnected(0) once, on both sides", async () => {
    const { alpha, c, a } = await connected();
    await alpha.call("ksock_send", { ks: c, msg: bytes("last") });
    await alpha.told();
    expect(await alpha.call("ksock_shutdown", { ks: c, how: 1 })).toEqual({});
    expect(await alpha.told()).toEqual(["C xmit(0)", "A recv(0)"].sort((x) => (x.startsWith("A") ? -1 : 1)));
    expect(await alpha.call("ksock_send", { ks: c, msg: bytes("x") })).toBe("EPIPE");
    for (const point of ["ksock_getpeername", "ksock_bind"] as const)
      expect(await alpha.call(point, { ks: c })).toBe("EINVAL");
    expect(heard(await alpha.call("ksock_recv", { ks: a }))).toBe("last");
    expect(heard(await alpha.call("ksock_recv", { ks: a }))).toBe("");
    expect(sent(await alpha.call("ksock_send", { ks: a, msg: bytes("reply") }))).toBe(5);
    expect(await alpha.call("ksock_connect", { ks: a, addr: at("127.0.0.1:80") })).toBe("EINVAL");
    expect(await alpha.call("ksock_getpeername", { ks: a })).toEqual({ addr: expect.anything() });
    await alpha.told();
    expect(await alpha.call("ksock_shutdown", { ks: a, how: 1 })).toEqual({});
    const told = await alpha.told();
    expect(told.filter((one) => one.startsWith("C"))).toEqual(["C recv(0)", "C disconnected(0)"]);
    expect(told.filter((one) => one.startsWith("A"))).toEqual(["A xmit(0)", "A disconnected(0)"]);
    expect(await alpha.call("ksock_shutdown", { ks: c, how: 1 })).toEqual({});
    expect(await alpha.told()).toEqual(["C xmit(0)"]);
  });

  test("T10: an abort is told alone; queued data, then the error once, then nothing", async () => {
    const { alpha, c, a } = await connected();
    await alpha.call("ksock_send", { ks: a, msg: bytes("queued") });
    await alpha.call("ksock_setsockopt", { ks: a, ...linger(0) });
    await alpha.told();
    expect(await alpha.call("ksock_close", { ks: a })).toEqual({ again: false });
    expect(await alpha.told()).toEqual(["C disconnected(131)"]);
    expect(await alpha.call("ksock_send", { ks: c, msg: bytes("x") })).toBe("EPIPE");
    const read = (flags = ""): Promise<unknown> => alpha.call("ksock_recv", { ks: c, flags }).then(heard);
    expect([await read(), await read("MSG_PEEK"), await read(), await read()]).toEqual([
      "queued",
      "ECONNRESET",
      "ECONNRESET",
      "",
    ]);
    expect(await alpha.call("ksock_getpeername", { ks: c })).toBe("ENOTCONN");
    const name = await alpha.call("ksock_getsockname", { ks: c });
    expect(typeof name === "string" ? name : textOf(name.addr)).toBe("0.0.0.0:0");
    expect(await alpha.call("ksock_shutdown", { ks: c })).toBe("ENOTCONN");
  });

  test("an attempt after a reset begins anew: neither ends nor urgent data of the former connection are left (P14)", async () => {
    const { alpha, l, c, a } = await connected();
    await alpha.call("ksock_send", { ks: a, msg: bytes("abc"), flags: "MSG_OOB" });
    await alpha.call("ksock_shutdown", { ks: c, how: 1 });
    await alpha.call("ksock_setsockopt", { ks: a, ...linger(0) });
    await alpha.call("ksock_close", { ks: a });
    expect(await alpha.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") })).toBe("ECONNRESET");
    expect(await alpha.call("ksock_connect", { ks: c, addr: at("127.0.0.1:80") })).toEqual({ again: false });
    await alpha.told();
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "SIOCATMARK" })).toEqual({ arg: 0 });
    expect(await alpha.call("ksock_recv", { ks: c, flags: "MSG_OOB" })).toBe("EINVAL");
    const accepted = await alpha.call("ksock_accept", { ks: l });
    if (typeof accepted === "string") throw new Error(accepted);
    await alpha.call("ksock_send", { ks: accepted.newks, msg: bytes("new") });
    await alpha.call("ksock_shutdown", { ks: accepted.newks, how: 1 });
    expect(await alpha.told()).toEqual(["C recv(3)", "C recv(0)"]);
    expect(heard(await alpha.call("ksock_recv", { ks: c }))).toBe("new");
    await alpha.call("ksock_shutdown", { ks: c, how: 1 });
    expect(await alpha.told()).toEqual(["C xmit(0)", "C disconnected(0)"]);
  });

  test("a reset while flow control stops the sender lets go first: room, and then why there is none", async () => {
    const { alpha, c, a } = await connected();
    while (sent(await alpha.call("ksock_send", { ks: c, msg: new Uint8Array(100_000), ...now })) !== "EAGAIN");
    await alpha.told();
    await alpha.call("ksock_setsockopt", { ks: a, ...linger(0) });
    await alpha.call("ksock_close", { ks: a });
    const told = (await alpha.told()).map((one) => one.replace(/xmit\([1-9]\d*\)/, "xmit(n)"));
    expect(told).toEqual(["C xmit(n)", "C disconnected(131)"]);
  });

  test("T11: a close with unread data sends FIN; a switch makes it RST, as Linux does", async () => {
    for (const linuxCloseRst of [false, true]) {
      const { alpha, c, a } = await connected(world({ linuxCloseRst }));
      await alpha.call("ksock_send", { ks: a, msg: bytes("unread") });
      await alpha.told();
      await alpha.call("ksock_close", { ks: c });
      expect(await alpha.told()).toEqual([linuxCloseRst ? "A disconnected(131)" : "A recv(0)"]);
      if (linuxCloseRst) continue;
      expect(sent(await alpha.call("ksock_send", { ks: a, msg: bytes("x") }))).toBe(1);
      expect(await alpha.told()).toEqual(["A disconnected(131)"]);
    }
  });

  test("T14: SHUT_RD throws away what waits, and what comes, unless the node does as Linux", async () => {
    const { alpha, c, a } = await connected();
    await alpha.call("ksock_send", { ks: a, msg: bytes("gone") });
    await alpha.told();
    expect(await alpha.call("ksock_shutdown", { ks: c, how: 0 })).toEqual({});
    expect(await alpha.told()).toEqual(["C recv(0)"]);
    expect(heard(await alpha.call("ksock_recv", { ks: c }))).toBe("");
    expect(sent(await alpha.call("ksock_send", { ks: a, msg: bytes("gone") }))).toBe(4);
    expect(await alpha.told()).toEqual([]);
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "FIONREAD" })).toEqual({ arg: 0 });
    const linux = await connected(world({ linuxShutdownRead: true }));
    await linux.alpha.call("ksock_send", { ks: linux.a, msg: bytes("kept") });
    await linux.alpha.call("ksock_shutdown", { ks: linux.c, how: 0 });
    expect(heard(await linux.alpha.call("ksock_recv", { ks: linux.c }))).toBe("kept");
  });

  test("who waits to receive wakes with the end of file, and with the reset", async () => {
    const { alpha, c, a } = await connected();
    const first = alpha.call("ksock_recv", { ks: c });
    await settled();
    await alpha.call("ksock_shutdown", { ks: c, how: 0 });
    expect(heard(await first)).toBe("");
    const second = alpha.call("ksock_recv", { ks: a });
    await settled();
    await alpha.call("ksock_setsockopt", { ks: c, ...linger(0) });
    await alpha.call("ksock_close", { ks: c });
    expect(await second).toBe("ECONNRESET");
  });

  test("the quirk of illumos swaps what the alias is told of a failed connect and of an abort", async () => {
    const { alpha, a } = await connected(world({ illumosQuirks: true }), "ksocket");
    await alpha.call("ksock_setsockopt", { ks: a, ...linger(0) });
    await alpha.call("ksock_close", { ks: a });
    expect(await alpha.told()).toEqual(["C connectfailed(131)"]);
  });

  test("SO_LINGER waits until the FIN is acknowledged, or for so long", async () => {
    const { alpha, c } = await connected();
    await alpha.call("ksock_setsockopt", { ks: c, ...linger(5) });
    await alpha.call("ksock_send", { ks: c, msg: bytes("x") });
    expect(await alpha.call("ksock_close", { ks: c })).toEqual({ again: false });
    const { alpha: here, clock, c: ks } = await apart();
    await here.call("ksock_setsockopt", { ks, ...linger(5) });
    loseAllOf(here);
    await here.call("ksock_send", { ks, msg: bytes("x") });
    const closing = here.call("ksock_close", { ks });
    let closed = false;
    void closing.then(() => (closed = true));
    await clock.advance(4_900_000_000);
    expect(closed).toBe(false);
    await clock.advance(200_000_000);
    expect(closed).toBe(true);
  });

  test("data that comes while a close lingers ends the wait: nobody will ever read it", async () => {
    const { alpha, beta, clock, c, a } = await apart();
    await alpha.call("ksock_setsockopt", { ks: c, ...linger(5) });
    loseAllOf(alpha);
    let closed = false;
    void alpha.call("ksock_close", { ks: c }).then(() => (closed = true));
    await clock.advance(1_000_000_000);
    expect(closed).toBe(false);
    await beta.call("ksock_send", { ks: a, msg: bytes("too late") });
    await clock.advance(1_000_000);
    expect(closed).toBe(true);
  });
});

describe("urgent data", () => {
  const urgent = { flags: "MSG_OOB" };
  const mark = (host: Host, ks: number): Promise<unknown> => host.call("ksock_ioctl", { ks, cmd: "SIOCATMARK" });

  test("T13: one byte apart, told once, and the mark stays until something behind it is read", async () => {
    const { alpha, c, a } = await connected();
    expect(await alpha.call("ksock_recv", { ks: c, ...urgent })).toBe("EINVAL");
    await alpha.call("ksock_send", { ks: a, msg: bytes("x"), ...urgent });
    expect(await alpha.told()).toEqual(["C exception(1)"]);
    expect(await mark(alpha, c)).toEqual({ arg: 1 });
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "FIONREAD" })).toEqual({ arg: 0 });
    expect(heard(await alpha.call("ksock_recv", { ks: c, flags: "MSG_OOB|MSG_PEEK" }))).toBe("x");
    expect(heard(await alpha.call("ksock_recv", { ks: c, ...urgent }))).toBe("x");
    expect(await alpha.call("ksock_recv", { ks: c, ...urgent })).toBe("EINVAL");
    expect(await mark(alpha, c)).toEqual({ arg: 1 });
    expect(await alpha.call("ksock_recv", { ks: c, ...now })).toBe("EAGAIN");
    await alpha.call("ksock_send", { ks: a, msg: bytes("more") });
    expect(heard(await alpha.call("ksock_recv", { ks: c }))).toBe("more");
    expect(await mark(alpha, c)).toEqual({ arg: 0 });
  });

  test("a read stops before the mark; the byte is dropped with what is read behind it", async () => {
    const { alpha, c, a } = await connected();
    await alpha.call("ksock_send", { ks: a, msg: bytes("hello"), ...urgent });
    await alpha.call("ksock_send", { ks: a, msg: bytes("world") });
    expect(await alpha.told()).toEqual(["C recv(4)", "C exception(1)", "C recv(5)"]);
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "FIONREAD" })).toEqual({ arg: 9 });
    expect(await mark(alpha, c)).toEqual({ arg: 0 });
    const read = (flags = ""): Promise<unknown> => alpha.call("ksock_recv", { ks: c, flags }).then(heard);
    expect([await read("MSG_PEEK"), await read("MSG_WAITALL")]).toEqual(["hell", "hell"]);
    expect(await mark(alpha, c)).toEqual({ arg: 1 });
    expect([await read("MSG_PEEK"), await read()]).toEqual(["world", "world"]);
    expect(await read("MSG_OOB")).toBe("EINVAL");
    expect(await mark(alpha, c)).toEqual({ arg: 0 });
  });

  test("inline it stays in the stream, and a read begins at it", async () => {
    const { alpha, c, a } = await connected();
    await alpha.call("ksock_setsockopt", { ks: c, optname: "SO_OOBINLINE", optval: int(1) });
    await alpha.call("ksock_send", { ks: a, msg: bytes("hello"), ...urgent });
    expect(await alpha.told()).toEqual(["C recv(4)", "C exception(1)"]);
    const read = (flags = ""): Promise<unknown> => alpha.call("ksock_recv", { ks: c, flags }).then(heard);
    expect(await read("MSG_OOB")).toBe("EINVAL");
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "FIONREAD" })).toEqual({ arg: 5 });
    expect(await read()).toBe("hell");
    expect(await mark(alpha, c)).toEqual({ arg: 1 });
    expect(await read()).toBe("o");
    expect(await mark(alpha, c)).toEqual({ arg: 0 });
  });

  test("a second one moves the mark; the first byte is dropped, and nobody reads it", async () => {
    const { alpha, c, a } = await connected();
    await alpha.call("ksock_send", { ks: a, msg: bytes("ab1"), ...urgent });
    await alpha.call("ksock_send", { ks: a, msg: bytes("cd2"), ...urgent });
    await alpha.call("ksock_send", { ks: a, msg: bytes("ef") });
    const read = (flags = ""): Promise<unknown> => alpha.call("ksock_recv", { ks: c, flags }).then(heard);
    expect(await read("MSG_OOB")).toBe("2");
    expect(await alpha.call("ksock_ioctl", { ks: c, cmd: "FIONREAD" })).toEqual({ arg: 6 });
    expect([await read(), await read()]).toEqual(["abcd", "ef"]);
  });

  test("the mark comes before a byte that finds no room; to ask for it is EAGAIN, and it is told when it comes", async () => {
    const { alpha, c, a, clock } = await connected();
    await alpha.call("ksock_setsockopt", { ks: a, optname: "SO_RCVBUF", optval: int(536) });
    // A pointer of 16 bits reaches no further.
    await alpha.call("ksock_setsockopt", { ks: c, optname: "SO_SNDBUF", optval: int(10_000) });
    for (let full = 0; full < 3;) {
      const said = sent(await alpha.call("ksock_send", { ks: c, msg: new Uint8Array(50_000), ...now }));
      full = said === "EAGAIN" ? full + 1 : 0;
      await clock.advance(1_000_000_000);
    }
    await alpha.told();
    // Flow control does not hold urgent data back.
    expect(sent(await alpha.call("ksock_send", { ks: c, msg: bytes("!"), ...urgent }))).toBe(1);
    expect(await alpha.call("ksock_send", { ks: c, msg: bytes("x"), ...now })).toBe("EAGAIN");
    expect(await alpha.told()).toEqual([]);
    expect(await alpha.call("ksock_recv", { ks: a, ...urgent })).toBe("EAGAIN");
    expect(await mark(alpha, a)).toEqual({ arg: 0 });
    expect(await alpha.call("ksocket_spoll", { ks: a, timeout_ms: 0, events: "POLLPRI" })).toMatchObject({
      revents: "POLLPRI",
    });
    const told: string[] = [];
    while (!told.includes("A exception(1)") && told.length < 1000) {
      await alpha.call("ksock_recv", { ks: a, msgsize: 500_000, ...now });
      await clock.advance(100_000_000);
      told.push(...(await alpha.told()), "");
    }
    expect(told).toContain("A exception(1)");
    expect(heard(await alpha.call("ksock_recv", { ks: a, ...urgent }))).toBe("!");
  });
});
