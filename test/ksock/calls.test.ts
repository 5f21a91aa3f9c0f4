import { describe, expect, test } from "@jest/globals";
import * as K from "../../services/ksock/index.ts";
import { fakeHouse } from "./fake-house.ts";

const NONE = new Uint8Array(0);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const bytesOf = (words: string): Uint8Array => new Uint8Array(Buffer.from(words));

async function withSocket() {
  const house = fakeHouse();
  const [, s] = await house.ksock.ksock_socket(K.AF_INET, K.SOCK_STREAM, 0);
  const asked = (point: string) => house.heard.filter((one) => one.point === point).map(({ args }) => args);
  return { ...house, s, asked };
}

const came = (msg: string, again = false, until_ns = 0) => ({
  msg: bytesOf(msg),
  flags: "",
  addr: NONE,
  control: NONE,
  again,
  until_ns,
});

describe("words and numbers", () => {
  test("numbers of illumos travel as names, and what has no name as the number that it is", async () => {
    const { ksock, s, asked, when } = await withSocket();
    when("ksock_setsockopt", () => ({}));
    when("ksock_ioctl", () => ({ arg: 1 }));
    when("ksock_recv", () => came("x"));
    await ksock.ksock_socket(K.AF_INET6, K.SOCK_DGRAM, K.IPPROTO_UDP);
    await ksock.ksock_socket(99, K.SOCK_STREAM | 0x10000, 0);
    await ksock.ksock_setsockopt(s, K.SOL_SOCKET, K.SO_LINGER, K.linger(1, 5));
    await ksock.ksock_setsockopt(s, K.IPPROTO_TCP, K.TCP_NODELAY, K.int(1));
    await ksock.ksock_setsockopt(s, 4711, 2, null, 4);
    await ksock.ksock_ioctl(s, K.FIONBIO | 0, 1);
    await ksock.ksock_ioctl(s, 0x5302, null);
    await ksock.ksock_recv(s, 1, K.MSG_PEEK | K.MSG_DONTWAIT);
    await ksock.ksock_recv(s, 1, K.MSG_PEEK | 0x40000000);
    expect(asked("ksock_socket").slice(1)).toMatchObject([
      { domain: "AF_INET6", type: "SOCK_DGRAM", protocol: 17 },
      { domain: "99", type: "65538" },
    ]);
    expect(asked("ksock_setsockopt")).toMatchObject([
      { level: "SOL_SOCKET", optname: "SO_LINGER", optlen: 8 },
      { level: "IPPROTO_TCP", optname: "TCP_NODELAY", optval: new Uint8Array([1, 0, 0, 0]) },
      { level: "4711", optname: "2", optlen: 4 },
    ]);
    expect(asked("ksock_ioctl").map(({ cmd }) => cmd)).toEqual(["FIONBIO", "I_PUSH"]);
    expect(asked("ksock_recv").map(({ flags }) => flags)).toEqual(["MSG_PEEK|MSG_DONTWAIT", "1073741826"]);
  });

  test("an errno is illumos' positive number, whatever Linux calls it; a call that was lost is EIO", async () => {
    const { ksock, s, when, lose } = await withSocket();
    when("ksock_connect", () => "ECONNREFUSED");
    expect(await ksock.ksock_connect(s, K.sockaddr_in("127.0.0.1", 80))).toEqual([146, undefined]);
    expect(K.errnoName(146)).toBe("ECONNREFUSED");
    when("ksock_send", () => "EAGAIN");
    expect(await ksock.ksock_send(s, bytesOf("x"), 1, 0)).toEqual([K.EWOULDBLOCK, 0]);
    lose("ksock_listen", 1);
    expect(await ksock.ksock_listen(s, 1)).toEqual([K.EIO, undefined]);
  });

  test("NULL, a number, the handle of another kernel are no sockets: the kernel is asked about none", async () => {
    const { ksock, s, when, asked } = await withSocket();
    const other = await withSocket();
    when("ksock_listen", ({ ks }) => (ks === 1 ? {} : "ENOTSOCK"));
    expect(await ksock.ksock_listen(s, 1)).toEqual([0, undefined]);
    for (const foreign of [null, 1 as never, "1" as never, {} as never, other.s])
      expect(await ksock.ksock_listen(foreign, 1)).toEqual([K.ENOTSOCK, undefined]);
    expect(asked("ksock_listen").map(({ ks }) => ks)).toEqual([1, 0, 0, 0, 0, 0]);
  });

  test("a sockaddr has the layout of illumos, and lengths are as the caller says", async () => {
    const { ksock, s, asked } = await withSocket();
    await ksock.ksock_bind(s, K.sockaddr_in("10.0.0.1", 0x1234));
    await ksock.ksock_bind(s, K.sockaddr_in("10.0.0.1", 80), 12);
    await ksock.ksock_bind(s, null);
    await ksock.ksock_bind(s, null, 16);
    expect(asked("ksock_bind")).toMatchObject([
      { addr: new Uint8Array([2, 0, 0x12, 0x34, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]) },
      { addr: K.sockaddr_in("10.0.0.1", 80).subarray(0, 12) },
      { addrlen: 0 },
      { addrlen: 16 },
    ]);
    expect(asked("ksock_bind")[2]).not.toHaveProperty("addr");
    expect(K.sockaddr_in6(new Uint8Array(16).fill(1), 80)).toHaveLength(32);
    expect(K.readSockaddr(K.sockaddr_in("10.0.0.1", 80))).toEqual({ family: 2, address: "10.0.0.1", port: 80 });
  });
});

describe("blocking calls that the kernel wants to be asked again", () => {
  test("a receive goes on with the room that is left, with what was taken and until when", async () => {
    const { ksock, s, when, asked } = await withSocket();
    const answers = [came("he", true, 77), came("", true, 77), came("llo")];
    when("ksock_recv", () => answers.shift() ?? "EINVAL");
    const [error, msg] = await ksock.ksock_recv(s, 5, K.MSG_WAITALL);
    expect([error, text(msg)]).toEqual([0, "hello"]);
    expect(asked("ksock_recv").map(({ msgsize, taken, until_ns }) => [msgsize, taken, until_ns])).toEqual([
      [5, 0, 0],
      [3, 2, 77],
      [3, 2, 77],
    ]);
  });

  test("a hard error after progress is an error without bytes, for only the kernel knows which are", async () => {
    const { ksock, s, when } = await withSocket();
    const answers = [came("he", true), "ECONNRESET"];
    when("ksock_recv", () => answers.shift() ?? "EINVAL");
    expect(await ksock.ksock_recv(s, 5, K.MSG_WAITALL)).toEqual([K.ECONNRESET, NONE]);
  });

  test("a send goes on with the bytes that were not taken", async () => {
    const { ksock, s, when, asked } = await withSocket();
    const answers = [
      { sent: 2, again: true, until_ns: 99 },
      { sent: 3, again: false, until_ns: 0 },
    ];
    when("ksock_send", () => answers.shift() ?? "EINVAL");
    expect(await ksock.ksock_send(s, bytesOf("hello"), 5, 0)).toEqual([0, 5]);
    expect(asked("ksock_send").map(({ msg, taken, until_ns }) => [text(msg as Uint8Array), taken, until_ns])).toEqual([
      ["hello", 0, 0],
      ["llo", 2, 99],
    ]);
  });

  test("a short send that needs no asking ends it: the call does not wait", async () => {
    const { ksock, s, when, asked } = await withSocket();
    when("ksock_send", () => ({ sent: 2, again: false, until_ns: 0 }));
    expect(await ksock.ksock_send(s, bytesOf("hello"), 5, K.MSG_DONTWAIT)).toEqual([0, 2]);
    expect(asked("ksock_send")).toHaveLength(1);
  });

  test("a large send goes in pieces, which are one call for its errors; MSG_WAITALL likewise", async () => {
    const { ksock, s, when, asked } = await withSocket();
    when("ksock_send", ({ msg }) => ({ sent: msg?.length ?? 0, again: false, until_ns: 0 }));
    expect(await ksock.ksock_send(s, new Uint8Array(600_000), 600_000, 0)).toEqual([0, 600_000]);
    expect(asked("ksock_send").map(({ taken }) => taken)).toEqual([0, 262_144, 524_288]);
    when("ksock_recv", ({ msgsize }) => came("x".repeat(Math.min(msgsize, 1_048_576))));
    const [error, msg] = await ksock.ksock_recv(s, 1_500_000, K.MSG_WAITALL);
    expect([error, msg.length]).toEqual([0, 1_500_000]);
  });

  test("connect says that it waits, accept too, close says that it has begun, spoll says until when", async () => {
    const { ksock, s, when, asked } = await withSocket();
    let connects = 0;
    when("ksock_connect", () => ({ again: ++connects < 3 }));
    expect(await ksock.ksock_connect(s, K.sockaddr_in("127.0.0.1", 80))).toEqual([0, undefined]);
    expect(asked("ksock_connect").map(({ waiting }) => waiting)).toEqual([false, true, true]);
    let accepts = 0;
    when("ksock_accept", () => ({ newks: ++accepts < 2 ? 0 : 8, addr: NONE, again: accepts < 2 }));
    const [, { ns }] = await ksock.ksock_accept(s, {});
    expect(ns).not.toBeNull();
    expect(asked("ksock_accept")).toMatchObject([
      { want_addr: true, addrlen: 32, waiting: false },
      { want_addr: true, addrlen: 32, waiting: true },
    ]);
    let polls = 0;
    when("ksocket_spoll", () => ({ revents: "POLLIN|POLLRDNORM", again: ++polls < 2, until_ns: 5 }));
    expect(await ksock.ksocket_spoll(s, -1, K.POLLIN | K.POLLRDNORM, K.CRED())).toEqual([0, 0x41]);
    expect(asked("ksocket_spoll").map(({ until_ns }) => until_ns)).toEqual([0, 5]);
    let closes = 0;
    when("ksock_close", () => ({ again: ++closes < 2 }));
    expect(await ksock.ksock_close(s)).toEqual([0, undefined]);
    expect(asked("ksock_close").map(({ waiting }) => waiting)).toEqual([false, true]);
  });
});

describe("the later names", () => {
  test("have their own order of arguments and put an address beside the bytes", async () => {
    const { ksock, s, when, asked } = await withSocket();
    const peer = K.sockaddr_in("10.0.0.2", 7);
    when("ksock_send", ({ msg }) => ({ sent: msg?.length ?? 0, again: false, until_ns: 0 }));
    when("ksock_recv", () => ({ ...came("hello"), addr: peer, flags: "MSG_TRUNC", control: new Uint8Array([1]) }));
    expect(await ksock.ksocket_sendto(s, bytesOf("hey!"), 3, K.MSG_DONTWAIT, peer, 16, K.CRED())).toEqual([0, 3]);
    expect(asked("ksock_send")[0]).toMatchObject({ msg: bytesOf("hey"), flags: "MSG_DONTWAIT", addr: peer });
    const iov = [bytesOf("he"), bytesOf("llo")];
    expect(await ksock.ksocket_sendmsg(s, { msg_name: peer, msg_iov: iov }, 0, K.CRED())).toEqual([0, 5]);
    expect(asked("ksock_send")[1]).toMatchObject({ msg: bytesOf("hello"), addr: peer });
    const [, from] = await ksock.ksocket_recvfrom(s, 10, 0, 8, K.CRED());
    expect([text(from.msg), from.name, from.namelen]).toEqual(["hello", peer.subarray(0, 8), 16]);
    const [, message] = await ksock.ksocket_recvmsg(s, { msg_iov: [2, 10], msg_controllen: 64 }, 0, K.CRED());
    expect(message.msg_iov.map(text)).toEqual(["he", "llo"]);
    expect(message).toMatchObject({
      recvd: 5,
      msg_name: peer,
      msg_flags: K.MSG_TRUNC,
      msg_control: new Uint8Array([1]),
    });
    when("ksock_setsockopt", () => ({}));
    when("ksock_getsockopt", () => ({ optval: K.int(7) }));
    expect(await ksock.ksocket_setsockopt(s, K.SOL_SOCKET, K.SO_SNDBUF, K.int(9), 4, K.CRED())).toEqual([0, undefined]);
    expect(await ksock.ksocket_getsockopt(s, K.SOL_SOCKET, K.SO_SNDBUF, 4, K.CRED())).toEqual([0, K.int(7)]);
    for (const point of ["ksock_setsockopt", "ksock_getsockopt"])
      expect(asked(point)).toMatchObject([{ level: "SOL_SOCKET", optname: "SO_SNDBUF" }]);
    when("ksock_accept", () => ({ newks: 9, addr: peer, again: false }));
    when("ksock_shutdown", () => ({}));
    const [, { nks, addr }] = await ksock.ksocket_accept(s, {}, K.CRED());
    await ksock.ksocket_shutdown(nks, K.SHUT_WR, K.CRED());
    expect([addr, asked("ksock_shutdown")]).toMatchObject([peer, [{ ks: 9, how: 1 }]]);
  });

  test("what is no IPv4 address or no port makes no sockaddr, which would name another host", () => {
    expect(() => K.sockaddr_in("10.0.0.300", 7)).toThrow("found 10.0.0.300");
    expect(() => K.sockaddr_in("10.0.0", 7)).toThrow("found 10.0.0");
    for (const port of [-1, 65_536, 1.5, NaN]) expect(() => K.sockaddr_in("10.0.0.2", port)).toThrow(`found ${port}`);
  });

  test("a missing buffer is told as one: its length says what there would be", async () => {
    const { ksock, s, when, asked } = await withSocket();
    when("ksock_send", () => "EFAULT");
    when("ksock_recv", () => "EFAULT");
    expect(await ksock.ksock_send(s, null, 10, 0)).toEqual([K.EFAULT, 0]);
    expect(await ksock.ksock_recv(s, { msg: null, msgsize: 10 }, 0)).toEqual([K.EFAULT, NONE]);
    expect(asked("ksock_send")[0]).toMatchObject({ msgsize: 10 });
    expect(asked("ksock_send")[0]).not.toHaveProperty("msg");
    expect(asked("ksock_recv")[0]).toMatchObject({ msgsize: 10, msg_null: true });
  });
});
