import type { Errno } from "./contract.generated.ts";

/**
 * Constants of illumos that calls on kernel sockets take, by name (facts/kernel-sockets, appendix A). Some names have other
 * numbers in Linux: SOCK_STREAM and SOCK_DGRAM are swapped, AF_INET6 is 26, SOL_SOCKET 0xffff.
 */

/** Address families. */
export const ILLUMOS_AF = {
  AF_UNSPEC: 0,
  AF_UNIX: 1,
  AF_INET: 2,
  AF_CCITT: 10,
  AF_INET6: 26,
  AF_NCA: 28,
  AF_PACKET: 32,
} as const;

/** Types of sockets. */
export const ILLUMOS_SOCK = { SOCK_DGRAM: 1, SOCK_STREAM: 2, SOCK_RAW: 4, SOCK_RDM: 5, SOCK_SEQPACKET: 6 } as const;

/** Directions of shutdown. */
export const ILLUMOS_SHUT = { SHUT_RD: 0, SHUT_WR: 1, SHUT_RDWR: 2 } as const;

/** Flags of send and recv. */
export const ILLUMOS_MSG = {
  MSG_OOB: 0x1,
  MSG_PEEK: 0x2,
  MSG_DONTROUTE: 0x4,
  MSG_EOR: 0x8,
  MSG_CTRUNC: 0x10,
  MSG_TRUNC: 0x20,
  MSG_WAITALL: 0x40,
  MSG_DONTWAIT: 0x80,
  MSG_NOTIFICATION: 0x100,
  MSG_NOSIGNAL: 0x200,
  MSG_DUPCTRL: 0x800,
  MSG_XPG4_2: 0x8000,
  MSG_MBLK_QUICKRELE: 0x1000_0000,
  MSG_USERSPACE: 0x2000_0000,
} as const;

/** Events of spoll. POLLWRNORM is POLLOUT. */
export const ILLUMOS_POLL = {
  POLLIN: 0x1,
  POLLPRI: 0x2,
  POLLOUT: 0x4,
  POLLERR: 0x8,
  POLLHUP: 0x10,
  POLLNVAL: 0x20,
  POLLRDNORM: 0x40,
  POLLRDBAND: 0x80,
  POLLWRBAND: 0x100,
  POLLRDHUP: 0x4000,
} as const;

/** Levels of options. */
export const ILLUMOS_LEVEL = {
  SOL_SOCKET: 0xffff,
  IPPROTO_IP: 0,
  IPPROTO_TCP: 6,
  IPPROTO_UDP: 17,
  IPPROTO_IPV6: 41,
} as const;

/** Options, by level. */
export const ILLUMOS_OPTIONS = {
  SOL_SOCKET: {
    SO_DEBUG: 0x1,
    SO_ACCEPTCONN: 0x2,
    SO_REUSEADDR: 0x4,
    SO_KEEPALIVE: 0x8,
    SO_DONTROUTE: 0x10,
    SO_BROADCAST: 0x20,
    SO_USELOOPBACK: 0x40,
    SO_LINGER: 0x80,
    SO_OOBINLINE: 0x100,
    SO_DGRAM_ERRIND: 0x200,
    SO_SNDBUF: 0x1001,
    SO_RCVBUF: 0x1002,
    SO_SNDLOWAT: 0x1003,
    SO_RCVLOWAT: 0x1004,
    SO_SNDTIMEO: 0x1005,
    SO_RCVTIMEO: 0x1006,
    SO_ERROR: 0x1007,
    SO_TYPE: 0x1008,
    SO_PROTOTYPE: 0x1009,
    SO_DOMAIN: 0x100c,
    SO_EXCLBIND: 0x1015,
    SO_REUSEPORT: 0x2004,
  },
  IPPROTO_IP: {
    IP_TOS: 0x3,
    IP_TTL: 0x4,
    IP_RECVTTL: 0xb,
    IP_RECVTOS: 0xc,
    IP_PKTINFO: 0x1a,
    IP_BOUND_IF: 0x41,
  },
  IPPROTO_TCP: {
    TCP_NODELAY: 0x1,
    TCP_MAXSEG: 0x2,
    TCP_ABORT_THRESHOLD: 0x11,
    TCP_CONN_ABORT_THRESHOLD: 0x13,
    TCP_KEEPALIVE_THRESHOLD: 0x16,
    TCP_CORK: 0x18,
    TCP_LINGER2: 0x1c,
    TCP_EXCLBIND: 0x21,
    TCP_KEEPIDLE: 0x22,
    TCP_KEEPCNT: 0x23,
    TCP_KEEPINTVL: 0x24,
    TCP_CONGESTION: 0x25,
  },
  IPPROTO_UDP: { UDP_EXCLBIND: 0x101, UDP_SND_TO_CONNECTED: 0x105 },
  IPPROTO_IPV6: { IPV6_UNICAST_HOPS: 0x5, IPV6_V6ONLY: 0x27 },
} as const;

/** Commands of ioctl. Those of STREAMS are `'S' << 8` and a number. */
export const ILLUMOS_IOCTL = {
  FIONBIO: 0x8004_667e,
  FIONREAD: 0x4004_667f,
  SIOCATMARK: 0x4004_7307,
  SIOCSPGRP: 0x8004_7308,
  SIOCGPGRP: 0x4004_7309,
  FIOASYNC: 0x8004_667d,
  FIOSETOWN: 0x8004_667c,
  FIOGETOWN: 0x4004_667b,
  I_NREAD: 0x5301,
  I_PUSH: 0x5302,
  I_POP: 0x5303,
  I_LOOK: 0x5304,
  I_FLUSH: 0x5305,
  I_SRDOPT: 0x5306,
  I_GRDOPT: 0x5307,
  I_STR: 0x5308,
  I_SETSIG: 0x5309,
  I_GETSIG: 0x530a,
  I_FIND: 0x530b,
  I_LINK: 0x530c,
  I_UNLINK: 0x530d,
  I_RECVFD: 0x530e,
  I_PEEK: 0x530f,
  I_FDINSERT: 0x5310,
  I_SENDFD: 0x5311,
  I_SWROPT: 0x5313,
  I_GWROPT: 0x5314,
  I_LIST: 0x5315,
} as const;

/**
 * What a word of a call means: a name out of a table, or a number, decimal or hexadecimal, of 32 bits with or without a
 * sign. Undefined: neither.
 */
export function illumosNumber(names: Readonly<Record<string, number>>, word: string): number | undefined {
  if (Object.hasOwn(names, word)) return names[word];
  if (!/^(-?[0-9]{1,10}|0x[0-9a-f]{1,8})$/i.test(word)) return undefined;
  const number = Number(word);
  return number >= -(2 ** 31) && number < 2 ** 32 ? number >>> 0 : undefined;
}

/** Flags of a call, such as `MSG_PEEK|0x80`; nothing at all is 0. Undefined: a word that is none. */
export function illumosFlags(names: Readonly<Record<string, number>>, text: string): number | undefined {
  let flags = 0;
  for (const word of text === "" ? [] : text.split("|")) {
    const flag = illumosNumber(names, word.trim());
    if (flag === undefined) return undefined;
    flags = (flags | flag) >>> 0;
  }
  return flags;
}

/** Flags in words; bits without a name as one number. Nothing for 0. */
export function illumosFlagsText(names: Readonly<Record<string, number>>, flags: number): string {
  const set = Object.entries(names).filter(([, bit]) => (flags & bit) === bit);
  const rest = set.reduce((left, [, bit]) => left & ~bit, flags) >>> 0;
  return [...set.map(([name]) => name), ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join("|");
}

/** Numbers of errnos that reach modules of the kernel as numbers: by SO_ERROR, and as the argument of an event. */
const ILLUMOS_ERRNO: Readonly<Partial<Record<Errno, number>>> = {
  EINTR: 4,
  EIO: 5,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EINVAL: 22,
  EPIPE: 32,
  EPROTO: 71,
  EMSGSIZE: 97,
  ENOPROTOOPT: 99,
  EOPNOTSUPP: 122,
  EADDRINUSE: 125,
  EADDRNOTAVAIL: 126,
  ENETDOWN: 127,
  ENETUNREACH: 128,
  ECONNABORTED: 130,
  ECONNRESET: 131,
  ENOBUFS: 132,
  ENOTCONN: 134,
  ETIMEDOUT: 145,
  ECONNREFUSED: 146,
  EHOSTDOWN: 147,
  EHOSTUNREACH: 148,
};

/** illumos' number of an errno; that of EIO for one that no socket has pending. */
export const illumosErrno = (errno: Errno): number => ILLUMOS_ERRNO[errno] ?? 5;
