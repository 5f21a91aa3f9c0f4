import { expect } from "@jest/globals";
import * as K from "../../../services/ksock/index.ts";
import { story, type Case } from "../cases/case.ts";
import { lo, portOf, SO } from "../cases/words.ts";

/** Appendix A, the numbers of options in 4.2, of commands in 5 and of slots in 8.1. */
const NUMBERS = `
SOCK_DGRAM 1 SOCK_STREAM 2 SOCK_RAW 4 SOCK_RDM 5 SOCK_SEQPACKET 6 AF_UNSPEC 0 AF_UNIX 1 AF_INET 2 AF_INET6 26
SHUT_RD 0 SHUT_WR 1 SHUT_RDWR 2 SOMAXCONN 128 SOL_SOCKET 65535 IPPROTO_IP 0 IPPROTO_TCP 6 IPPROTO_UDP 17 IPPROTO_IPV6 41
MSG_OOB 1 MSG_PEEK 2 MSG_DONTROUTE 4 MSG_EOR 8 MSG_CTRUNC 16 MSG_TRUNC 32 MSG_WAITALL 64 MSG_DONTWAIT 128
MSG_NOTIFICATION 256 MSG_NOSIGNAL 512 MSG_DUPCTRL 2048 MSG_XPG4_2 32768 MSG_MBLK_QUICKRELE 268435456 MSG_USERSPACE 536870912
EPERM 1 EINTR 4 EIO 5 ENXIO 6 EBADF 9 EAGAIN 11 EWOULDBLOCK 11 ENOMEM 12 EACCES 13 EFAULT 14 EINVAL 22 ENOSPC 28 EPIPE 32
EDEADLK 45 ECANCELED 47 ENOTSUP 48 ENOSR 63 EPROTO 71 ENOTSOCK 95 EDESTADDRREQ 96 EMSGSIZE 97 EPROTOTYPE 98 ENOPROTOOPT 99
EPROTONOSUPPORT 120 ESOCKTNOSUPPORT 121 EOPNOTSUPP 122 EPFNOSUPPORT 123 EAFNOSUPPORT 124 EADDRINUSE 125 EADDRNOTAVAIL 126
ENETDOWN 127 ENETUNREACH 128 ENETRESET 129 ECONNABORTED 130 ECONNRESET 131 ENOBUFS 132 EISCONN 133 ENOTCONN 134
ESHUTDOWN 143 ETOOMANYREFS 144 ETIMEDOUT 145 ECONNREFUSED 146 EHOSTDOWN 147 EHOSTUNREACH 148 EALREADY 149 EINPROGRESS 150
SO_DEBUG 1 SO_ACCEPTCONN 2 SO_REUSEADDR 4 SO_KEEPALIVE 8 SO_DONTROUTE 16 SO_BROADCAST 32 SO_USELOOPBACK 64 SO_LINGER 128
SO_OOBINLINE 256 SO_DGRAM_ERRIND 512 SO_SNDBUF 4097 SO_RCVBUF 4098 SO_SNDLOWAT 4099 SO_RCVLOWAT 4100 SO_SNDTIMEO 4101
SO_RCVTIMEO 4102 SO_ERROR 4103 SO_TYPE 4104 SO_PROTOTYPE 4105 SO_DOMAIN 4108 SO_EXCLBIND 4117 SO_REUSEPORT 8196
TCP_NODELAY 1 TCP_MAXSEG 2 TCP_KEEPALIVE_THRESHOLD 22 TCP_CORK 24 TCP_LINGER2 28 TCP_KEEPIDLE 34 TCP_KEEPCNT 35
TCP_KEEPINTVL 36 TCP_CONGESTION 37 IP_TOS 3 IP_TTL 4 IP_RECVTTL 11 IP_PKTINFO 26 IP_BOUND_IF 65 IPV6_UNICAST_HOPS 5 IPV6_V6ONLY 39
FIONBIO 2147772030 FIONREAD 1074030207 SIOCATMARK 1074033415 SIOCSPGRP 2147775240 SIOCGPGRP 1074033417 FIOASYNC 2147772029
FIOSETOWN 2147772028 FIOGETOWN 1074030203 I_NREAD 21249 I_PUSH 21250 I_POP 21251 I_LOOK 21252 I_STR 21256 I_SETSIG 21257
KSOCKET_SLEEP 0 KSOCKET_NOSLEEP 1 KSOCKET_CB_CONNECTED 1 KSOCKET_CB_CONNECTFAILED 2 KSOCKET_CB_DISCONNECTED 4
KSOCKET_CB_NEWDATA 8 KSOCKET_CB_NEWCONN 16 KSOCKET_CB_CANSEND 32 KSOCKET_CB_OOBDATA 64 KSOCKET_CB_CANTSENDMORE 128
KSOCKET_CB_CANTRECVMORE 256 KSOCKET_CB_ERROR 512 KSOCKET_EV_CONNECTED 0 KSOCKET_EV_CONNECTFAILED 1 KSOCKET_EV_DISCONNECTED 2
KSOCKET_EV_OOBDATA 3 KSOCKET_EV_NEWDATA 4 KSOCKET_EV_NEWCONN 5 KSOCKET_EV_CANSEND 6 KSOCKET_EV_CANTSENDMORE 7
KSOCKET_EV_CANTRECVMORE 8 KSOCKET_EV_ERROR 9`;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

/** Section 1 and Appendix A: names, arguments and numbers. */
export const CLIENT: readonly Case[] = [
  story("1", "every number of the sheet is exported by its name", async () => {
    const words = NUMBERS.trim().split(/\s+/);
    const given: Readonly<Record<string, unknown>> = { ...K };
    const wrong = [];
    for (let i = 0; i < words.length; i += 2) {
      const name = words[i] ?? "";
      if (given[name] !== Number(words[i + 1])) wrong.push(`${name} ${String(given[name])}`);
    }
    expect(wrong).toEqual([]);
    await Promise.resolve();
  }),

  story("1", "every function of both names is there", async ({ k }) => {
    const primary =
      "socket bind listen accept connect send recv shutdown close setsockopt getsockopt getpeername getsockname ioctl callbacks";
    const later =
      "socket bind listen accept connect send sendto sendmsg recv recvfrom recvmsg shutdown close setsockopt getsockopt " +
      "getpeername getsockname ioctl setcallbacks spoll hold rele";
    const names = [...primary.split(" ").map((n) => `ksock_${n}`), ...later.split(" ").map((n) => `ksocket_${n}`)];
    const there: Readonly<Record<string, unknown>> = { ...k };
    expect(names.filter((name) => typeof there[name] !== "function")).toEqual([]);
    await Promise.resolve();
  }),

  story("1", "a connection by the later names alone, each with its own order of arguments", async (rig) => {
    const { k } = rig;
    const cr = K.CRED();
    const make = async (): Promise<K.ksocket_t> => {
      const [error, s] = await k.ksocket_socket(K.AF_INET, K.SOCK_STREAM, 0, K.KSOCKET_SLEEP, cr);
      expect(error).toBe(0);
      return s;
    };
    const [l, c] = [await make(), await make()];
    const port = rig.port();
    expect(await k.ksocket_setsockopt(l, K.SOL_SOCKET, K.SO_REUSEADDR, K.int(1), 4, cr)).toEqual([0, undefined]);
    expect(await k.ksocket_bind(l, lo(port), 16, cr)).toEqual([0, undefined]);
    expect(await k.ksocket_bind(c, lo(port), 15, cr)).toEqual([K.EINVAL, undefined]);
    expect(await k.ksocket_listen(l, 1, cr)).toEqual([0, undefined]);
    expect(await k.ksocket_connect(c, lo(port), 16, cr)).toEqual([0, undefined]);
    const [error, { nks: a, addr }] = await k.ksocket_accept(l, { addrlen: 16 }, cr);
    const [, name] = await k.ksocket_getsockname(c, {}, cr);
    expect([error, [...addr]]).toEqual([0, [...name]]);
    expect((await k.ksocket_getpeername(a, {}, cr))[1]).toEqual(name);
    expect(await k.ksocket_send(c, bytes("abcdef"), 3, 0, cr)).toEqual([0, 3]);
    expect(await k.ksocket_sendto(c, bytes("def"), 3, 0, null, 0, cr)).toEqual([0, 3]);
    expect(await k.ksocket_sendmsg(c, { msg_iov: [bytes("g"), bytes("h")] }, 0, cr)).toEqual([0, 2]);
    await rig.still();
    const [, first] = await k.ksocket_recv(a, 2, 0, cr);
    const [, second] = await k.ksocket_recvfrom(a, 2, 0, 32, cr);
    const [, third] = await k.ksocket_recvmsg(a, { msg_iov: [1, 3] }, 0, cr);
    expect([textOf(first), textOf(second.msg), second.namelen, third.msg_iov.map(textOf), third.recvd]).toEqual([
      "ab",
      "cd",
      0,
      ["e", "fgh"],
      4,
    ]);
    expect(await k.ksocket_ioctl(a, K.FIONREAD, 0, cr)).toEqual([0, 0]);
    expect((await k.ksocket_getsockopt(l, K.SOL_SOCKET, K.SO_REUSEADDR, 4, cr))[1]).toEqual(K.int(4));
    expect(await k.ksocket_spoll(a, 0, K.POLLIN | K.POLLOUT, cr)).toEqual([0, K.POLLOUT]);
    expect(await k.ksocket_shutdown(c, K.SHUT_WR, cr)).toEqual([0, undefined]);
    expect(await k.ksocket_recv(a, 1, 0, cr)).toEqual([0, new Uint8Array(0)]);
    for (const s of [a, c, l]) expect(await k.ksocket_close(s, cr)).toEqual([0, undefined]);
    for (const s of [a, c, l]) expect(await k.ksocket_close(s, cr)).toEqual([K.ENOTSOCK, undefined]);
  }),

  story("1", "on an error what a call would have stored is nothing: NULL, 0, or no bytes", async (rig) => {
    const { k } = rig;
    const cr = K.CRED();
    const { handle: s } = await rig.tcp();
    const none = new Uint8Array(0);
    expect(await k.ksock_socket(3, 2, 0)).toEqual([K.EAFNOSUPPORT, null]);
    expect(await k.ksocket_socket(3, 2, 0, 0, cr)).toEqual([K.EAFNOSUPPORT, null]);
    expect(await k.ksock_accept(s, {})).toEqual([K.EINVAL, { ns: null, addr: none }]);
    expect(await k.ksocket_accept(s, {}, cr)).toEqual([K.EINVAL, { nks: null, addr: none }]);
    expect(await k.ksock_send(s, bytes("x"), 1, 0)).toEqual([K.ENOTCONN, 0]);
    expect(await k.ksock_recv(s, 9, 0)).toEqual([K.ENOTCONN, none]);
    expect(await k.ksocket_recvfrom(s, 9, 0, 16, cr)).toEqual([K.ENOTCONN, { msg: none, name: none, namelen: 0 }]);
    expect(await k.ksock_getsockopt(s, 1, 2, 4)).toEqual([K.ENOPROTOOPT, none]);
    expect(await k.ksock_getpeername(s, {})).toEqual([K.ENOTCONN, none]);
    expect(await k.ksock_ioctl(s, K.FIOASYNC, 5)).toEqual([K.EOPNOTSUPP, 0]);
    expect(await k.ksocket_spoll(s, 0, K.POLLIN, cr, null)).toEqual([K.EINVAL, 0]);
    expect(await k.ksocket_setcallbacks(s, null, {}, cr)).toEqual([K.EFAULT, undefined]);
  }),

  story("1", "both names are one socket, and its handle stays the same", async (rig) => {
    const { k } = rig;
    const cr = K.CRED();
    const { c, a } = await rig.connected();
    expect(await k.ksocket_send(c.handle, bytes("later"), 5, 0, cr)).toEqual([0, 5]);
    expect(await k.ksock_recv(a.handle, 9, 0)).toEqual([0, bytes("later")]);
    expect(await k.ksock_setsockopt(c.handle, SO.LEVEL, SO.KEEPALIVE, K.int(1))).toEqual([0, undefined]);
    expect((await k.ksocket_getsockopt(c.handle, SO.LEVEL, SO.KEEPALIVE, 4, cr))[1]).toEqual(K.int(8));
    expect(await k.ksocket_close(c.handle, cr)).toEqual([0, undefined]);
    expect(await k.ksock_close(c.handle)).toEqual([K.ENOTSOCK, undefined]);
  }),

  story("1", "a size that is larger or smaller than the buffer counts", async (rig) => {
    const { k } = rig;
    const { c, a } = await rig.connected();
    const data = bytes("abc");
    expect(await k.ksock_send(c.handle, data, 2, 0)).toEqual([0, 2]);
    expect(await a.recv(9)).toBe("ab");
    data.fill(122);
    expect(await k.ksock_send(c.handle, data.subarray(1, 2), 1, 0)).toEqual([0, 1]);
    expect(await a.recv(9)).toBe("z");
    const s = await rig.tcp();
    expect(await k.ksock_bind(s.handle, lo(0), 15)).toEqual([K.EINVAL, undefined]);
    expect(await k.ksock_bind(s.handle, new Uint8Array([...lo(0), 1, 2, 3]), 16)).toEqual([0, undefined]);
    expect(portOf(await s.sockname())).toBeGreaterThan(0);
  }),
];
