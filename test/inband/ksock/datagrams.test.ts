import { describe, expect, test } from "@jest/globals";
import { settled } from "../../kit.ts";
import { at, bytes, heard, int, intAt, sent, textOf, world, type Host } from "./harness.ts";

const datagram = async (host: Host, addr?: string): Promise<number> => {
  const ks = await host.socket({ type: "SOCK_DGRAM" });
  if (addr !== undefined) expect(await host.call("ksock_bind", { ks, addr: at(addr) })).toEqual({});
  return ks;
};
const now = { flags: "MSG_DONTWAIT" };

describe("a datagram socket", () => {
  test("is connected inside the call, again and again, and keeps its port when it is disconnected", async () => {
    const { alpha } = world();
    const ks = await datagram(alpha);
    await alpha.listen(ks, "C");
    const unspec = new Uint8Array(16);
    const connect = (addr?: Uint8Array): Promise<unknown> =>
      alpha.call("ksock_connect", { ks, ...(addr === undefined ? {} : { addr }) });
    expect(await connect(unspec)).toBe("EINVAL");
    expect(await connect(at("127.0.0.1:0"))).toBe("EADDRNOTAVAIL");
    expect(await connect(at("127.0.0.1:700"))).toEqual({ again: false });
    expect(await alpha.told()).toEqual(["C connected(0)"]);
    expect(await connect(at("0.0.0.0:701"))).toEqual({ again: false });
    expect(await alpha.told()).toEqual(["C connected(0)"]);
    expect(await alpha.call("ksock_getpeername", { ks })).toEqual({ addr: at("127.0.0.1:701") });
    const before = await alpha.call("ksock_getsockname", { ks });
    expect(await connect()).toEqual({ again: false });
    expect(await alpha.call("ksock_getpeername", { ks })).toBe("ENOTCONN");
    const after = await alpha.call("ksock_getsockname", { ks });
    const port = (said: typeof after): unknown => typeof said !== "string" && textOf(said.addr).split(":")[1];
    expect(port(after)).toBe(port(before));
    expect(await alpha.call("ksock_bind", { ks, addr: at("127.0.0.1:0") })).toBe("EINVAL");
    expect(await alpha.call("ksock_listen", { ks })).toBe("EOPNOTSUPP");
    expect(await alpha.call("ksock_accept", { ks })).toBe("EOPNOTSUPP");
    expect(await alpha.call("ksock_ioctl", { ks, cmd: "SIOCATMARK" })).toBe("EINVAL");
  });

  test("sends to its peer, or to whom is named, and never to both", async () => {
    const { alpha } = world();
    const [a, b] = [await datagram(alpha), await datagram(alpha, "127.0.0.1:700")];
    const send = async (args: object): Promise<unknown> =>
      sent(await alpha.call("ksock_send", { ks: a, msg: bytes("hello"), ...args }));
    expect(await send({})).toBe("EDESTADDRREQ");
    expect(await send({ addr: at("127.0.0.1:700"), flags: "MSG_OOB" })).toBe("EOPNOTSUPP");
    expect(await send({ addr: at("127.0.0.1:700"), msg: new Uint8Array(65_508) })).toBe("EMSGSIZE");
    expect(await send({ addr: at("127.0.0.1:700").slice(0, 8) })).toBe("EINVAL");
    expect(await send({ msg: undefined, msgsize: 4 })).toBe("EFAULT");
    expect(await send({ addr: at("127.0.0.1:0") })).toBe(5);
    expect(await send({ addr: at("127.0.0.1:700") })).toBe(5);
    await alpha.call("ksock_connect", { ks: a, addr: at("127.0.0.1:700") });
    expect(await send({ addr: at("127.0.0.1:700") })).toBe("EISCONN");
    expect(await send({ msg: bytes("you") })).toBe(3);
    expect(await alpha.call("ksock_ioctl", { ks: b, cmd: "FIONREAD" })).toEqual({ arg: 8 });
    expect(heard(await alpha.call("ksock_recv", { ks: b, flags: "MSG_PEEK" }))).toBe("hello");
    expect(await alpha.call("ksock_recv", { ks: b, msgsize: 2 })).toMatchObject({ flags: "MSG_TRUNC" });
    expect(heard(await alpha.call("ksock_recv", { ks: b }))).toBe("you");
    expect(await alpha.call("ksock_recv", { ks: b, ...now })).toBe("EAGAIN");
    expect(await alpha.call("ksock_recv", { ks: b, flags: "MSG_OOB" })).toBe("EOPNOTSUPP");
  });

  test("that is connected to nobody who listens is told so once, and the datagram of that call is not sent", async () => {
    const { alpha } = world();
    const ks = await datagram(alpha);
    await alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:700") });
    const send = async (): Promise<unknown> => sent(await alpha.call("ksock_send", { ks, msg: bytes("x") }));
    expect([await send(), await send(), await send()]).toEqual([1, "ECONNREFUSED", 1]);
    expect(await alpha.call("ksock_recv", { ks, flags: "MSG_PEEK|MSG_DONTWAIT" })).toBe("ECONNREFUSED");
    expect(intAt(await alpha.call("ksock_getsockopt", { ks, optname: "SO_ERROR", optlen: 4 }))).toBe(146);
    await send();
    for (const cmd of ["FIOASYNC", "FIONREAD", "FIONREAD"])
      expect(await alpha.call("ksock_ioctl", { ks, cmd })).toEqual(
        { FIOASYNC: "EOPNOTSUPP", FIONREAD: expect.anything() }[cmd],
      );
    const other = await datagram(alpha);
    const to = { ks: other, msg: bytes("x"), addr: at("127.0.0.1:700") };
    expect([sent(await alpha.call("ksock_send", to)), sent(await alpha.call("ksock_send", to))]).toEqual([1, 1]);
    await alpha.call("ksock_setsockopt", { ks: other, optname: "SO_DGRAM_ERRIND", optval: int(1) });
    expect([sent(await alpha.call("ksock_send", to)), sent(await alpha.call("ksock_send", to))]).toEqual([
      1,
      "ECONNREFUSED",
    ]);
  });

  test("is told of no refusal with SO_DGRAM_ERRIND off, which connect turns on", async () => {
    const { alpha } = world();
    const ks = await datagram(alpha);
    await alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:700") });
    const errind = { ks, optname: "SO_DGRAM_ERRIND" };
    expect(intAt(await alpha.call("ksock_getsockopt", { ...errind, optlen: 4 }))).toBe(0x200);
    await alpha.call("ksock_setsockopt", { ...errind, optval: int(0) });
    const send = async (): Promise<unknown> => sent(await alpha.call("ksock_send", { ks, msg: bytes("x") }));
    expect([await send(), await send()]).toEqual([1, 1]);
  });

  test("keeps the error that waits when another destination cannot be reached, which is none to illumos", async () => {
    const { alpha, clock } = world();
    const ks = await datagram(alpha);
    await alpha.call("ksock_connect", { ks, addr: at("127.0.0.1:700") });
    const both = { level: "IPPROTO_UDP", optname: "UDP_SND_TO_CONNECTED", optval: int(1) };
    expect(await alpha.call("ksock_setsockopt", { ks, ...both })).toEqual({});
    // Nobody has 10.0.0.9, which turns out after three questions; the refusal is there at once.
    await alpha.call("ksock_send", { ks, msg: bytes("x"), addr: at("10.0.0.9:700") });
    await alpha.call("ksock_send", { ks, msg: bytes("x") });
    await clock.advance(10_000_000_000);
    const error = async (): Promise<unknown> =>
      intAt(await alpha.call("ksock_getsockopt", { ks, optname: "SO_ERROR", optlen: 4 }));
    expect([await error(), await error()]).toEqual([146, 0]);
  });

  test("tells each datagram that comes, what came and what is queued; an empty one is no end of file", async () => {
    const { alpha } = world();
    const [a, b, c] = [await datagram(alpha), await datagram(alpha, "127.0.0.1:700"), await datagram(alpha)];
    await alpha.call("ksock_bind", { ks: c, addr: at("127.0.0.1:701") });
    await alpha.listen(b, "B");
    await alpha.listen(c, "C", "ksocket");
    for (const msg of ["", "four", "sixsix"])
      for (const port of [700, 701])
        await alpha.call("ksock_send", { ks: a, msg: bytes(msg), addr: at(`127.0.0.1:${port}`) });
    expect((await alpha.told()).sort()).toEqual([
      "B recv(-1)",
      "B recv(4)",
      "B recv(6)",
      "C newdata(0)",
      "C newdata(10)",
      "C newdata(4)",
    ]);
    expect(heard(await alpha.call("ksock_recv", { ks: b }))).toBe("");
    // Without room the next one is thrown away.
    expect(await alpha.call("ksock_recv", { ks: b, msgsize: 0 })).toMatchObject({ flags: "MSG_TRUNC" });
    expect(heard(await alpha.call("ksock_recv", { ks: b }))).toBe("sixsix");
    expect(heard(await alpha.call("ksock_recv", { ks: b, msgsize: 0 }))).toBe("");
  });

  test("that waits gets what comes after the callback has returned; the second reader waits for the first", async () => {
    const { alpha, beta, clock } = world();
    const [a, b] = [await datagram(beta), await datagram(alpha, "10.0.0.1:700")];
    await alpha.listen(b, "B");
    const order: string[] = [];
    const first = alpha.call("ksock_recv", { ks: b }).then((said) => order.push(`first ${heard(said)}`));
    const second = alpha.call("ksock_recv", { ks: b }).then((said) => order.push(`second ${heard(said)}`));
    expect(await alpha.call("ksock_recv", { ks: b, ...now })).toBe("EAGAIN");
    const send = (msg: string): Promise<unknown> =>
      beta.call("ksock_send", { ks: a, msg: bytes(msg), addr: at("10.0.0.1:700") });
    await send("one");
    await clock.advance(1000);
    await send("two");
    await clock.advance(1000);
    await Promise.all([first, second]);
    expect(order).toEqual(["first one", "second two"]);
  });

  test("gives up after SO_RCVTIMEO, measured over all askings; and is asked again every 100 s", async () => {
    const { alpha, clock } = world();
    const ks = await datagram(alpha, "127.0.0.1:700");
    const optval = new Uint8Array(16);
    optval[0] = 150;
    await alpha.call("ksock_setsockopt", { ks, optname: "SO_RCVTIMEO", optval, optlen: 16 });
    const first = alpha.call("ksock_recv", { ks });
    await clock.advance(100_000_000_000);
    const said = await first;
    expect(said).toMatchObject({ again: true, until_ns: 150_000_000_000 });
    await clock.advance(10_000_000_000);
    const again = alpha.call("ksock_recv", { ks, until_ns: 150_000_000_000 });
    let over = false;
    void again.then(() => (over = true));
    await clock.advance(39_999_999_999);
    expect(over).toBe(false);
    await clock.advance(1);
    expect(await again).toBe("EAGAIN");
  });

  test("tells TTL, TOS and destination of what comes, to who asks", async () => {
    const { alpha } = world();
    const [a, b] = [await datagram(alpha), await datagram(alpha, "127.0.0.1:700")];
    const send = (): Promise<unknown> =>
      alpha.call("ksock_send", { ks: a, msg: bytes("x"), addr: at("127.0.0.1:700") });
    await send();
    expect(await alpha.call("ksock_recv", { ks: b, controllen: 100 })).toMatchObject({ control: new Uint8Array(0) });
    const level = "IPPROTO_IP";
    await alpha.call("ksock_setsockopt", { ks: a, level, optname: "IP_TOS", optval: int(0x28) });
    for (const optname of ["IP_RECVTTL", "IP_RECVTOS"])
      await alpha.call("ksock_setsockopt", { ks: b, level, optname, optval: int(1) });
    await send();
    await send();
    const told = {
      control: Uint8Array.from(
        [
          [13, 0, 0xb, 255],
          [13, 0, 0xc, 0x28],
        ].flatMap(header),
      ),
    };
    expect(await alpha.call("ksock_recv", { ks: b, controllen: 100 })).toMatchObject({ ...told, flags: "" });
    expect(await alpha.call("ksock_recv", { ks: b, controllen: 16 })).toMatchObject({ flags: "MSG_CTRUNC" });
  });

  test("that is shut down reads the end of file, wakes who waits, and sends no more", async () => {
    const { alpha } = world();
    const [a, b] = [await datagram(alpha), await datagram(alpha, "127.0.0.1:700")];
    expect(await alpha.call("ksock_shutdown", { ks: b })).toBe("ENOTCONN");
    await alpha.call("ksock_bind", { ks: a, addr: at("127.0.0.1:699") });
    await alpha.call("ksock_connect", { ks: b, addr: at("127.0.0.1:699") });
    await alpha.listen(b, "B");
    await alpha.call("ksock_send", { ks: a, msg: bytes("lost"), addr: at("127.0.0.1:700") });
    await alpha.told();
    expect(await alpha.call("ksock_shutdown", { ks: b, how: 7 })).toBe("EINVAL");
    const shut = alpha.call("ksock_shutdown", { ks: b, how: 2 });
    expect(await shut).toEqual({});
    expect(await alpha.told()).toEqual(["B xmit(0)", "B recv(0)"]);
    expect(heard(await alpha.call("ksock_recv", { ks: b }))).toBe("");
    expect(await alpha.call("ksock_send", { ks: b, msg: bytes("x") })).toBe("EPIPE");
    expect(await alpha.call("ksock_getpeername", { ks: b })).toBe("EINVAL");
    expect(await alpha.call("ksock_setsockopt", { ks: b, optname: "SO_DEBUG", optval: int(1) })).toBe("EINVAL");
    await alpha.call("ksock_send", { ks: a, msg: bytes("lost"), addr: at("127.0.0.1:700") });
    expect(await alpha.told()).toEqual([]);
  });

  test("that is closed wakes who waits with EINTR, and tells no callback any more", async () => {
    const { alpha } = world();
    const ks = await datagram(alpha, "127.0.0.1:700");
    await alpha.listen(ks, "B");
    const waiting = [
      alpha.call("ksock_recv", { ks }),
      alpha.call("ksock_recv", { ks }),
      alpha.call("ksocket_spoll", { ks, timeout_ms: -1, events: "POLLIN" }),
    ];
    await settled();
    const a = await datagram(alpha);
    expect(await alpha.call("ksock_close", { ks })).toEqual({ again: false });
    expect(await Promise.all(waiting)).toEqual(["EINTR", "EINTR", "EINTR"]);
    await alpha.call("ksock_send", { ks: a, msg: bytes("x"), addr: at("127.0.0.1:700") });
    expect(await alpha.told()).toEqual([]);
    expect([ks, a].map((each) => alpha.kernel.ksocks.at(each)?.ks)).toEqual([undefined, a]);
  });
});

/** A cmsghdr of IPPROTO_IP with a byte, padded. */
const header = ([length = 0, level = 0, type = 0, byte = 0]: readonly number[]): number[] =>
  [length, level, type].flatMap((word) => [word, 0, 0, 0]).concat([byte, 0, 0, 0]);
