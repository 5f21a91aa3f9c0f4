/** Constants of Linux (x86-64) that calls take, by name. */

/** Flags of open(2). */
export const O = {
  O_RDONLY: 0,
  O_WRONLY: 0o1,
  O_RDWR: 0o2,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_CLOEXEC: 0o2000000,
} as const;

/** The bits of the access mode. */
export const O_ACCMODE = 0o3;

/** Commands of fcntl(2). */
export const F = { F_DUPFD: 0, F_GETFD: 1, F_SETFD: 2, F_GETFL: 3, F_SETFL: 4, F_DUPFD_CLOEXEC: 1030 } as const;

/** The one descriptor flag. */
export const FD_CLOEXEC = 1;

/** Flags of close_range(2). */
export const CLOSE_RANGE = { CLOSE_RANGE_UNSHARE: 2, CLOSE_RANGE_CLOEXEC: 4 } as const;

/** The one flag of clone(2) that is modelled. */
export const CLONE_FILES = 0x400;

/** Events of poll(2). */
export const POLL = {
  POLLIN: 0x1,
  POLLPRI: 0x2,
  POLLOUT: 0x4,
  POLLERR: 0x8,
  POLLHUP: 0x10,
  POLLNVAL: 0x20,
  POLLRDNORM: 0x40,
  POLLWRNORM: 0x100,
  POLLRDHUP: 0x2000,
} as const;

/** Commands of the echo devices: how many bytes wait, and throw them away. */
export const ECHO = { ECHO_IOC_COUNT: 0x80046501, ECHO_IOC_FLUSH: 0x6502 } as const;

/** Commands of /dev/staxed: works on the datum for a second, or for five. */
export const STAXED = { STAXED_IOC_LINGER: 0x7301, STAXED_IOC_LINGER_LONG: 0x7305 } as const;

/**
 * Modes of a thread of the core: SIGDEBUG when it is demoted by a system call, and when it waits for a stage-exclusion lock. The
 * names are EVL's, the values ours.
 */
export const EVL_T = { EVL_T_WOSS: 0x1, EVL_T_WOSX: 0x2 } as const;

/** Address families. AF_INET6 and AF_UNIX have a number only: no family answers to them. */
export const AF = { AF_UNSPEC: 0, AF_UNIX: 1, AF_INET: 2, AF_INET6: 10, AF_PACKET: 17, PF_OOB: 46 } as const;

/** Types of sockets, and the flags that may be or-ed to them. SOCK_OOB is the bit of O_OOB; its value is ours (facts 2.0). */
export const SOCK = {
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  SOCK_OOB: 0o10000000000,
} as const;

/** The bits of the type proper. */
export const SOCK_TYPE_MASK = 0xf;

/** Protocols of IPv4, and those of PF_OOB that drivers of the reference core register. */
export const IPPROTO = { IPPROTO_IP: 0, IPPROTO_ICMP: 1, IPPROTO_TCP: 6, IPPROTO_UDP: 17, IPPROTO_RAW: 255 } as const;
export const OOBPROTO = { OOBPROTO_ECHO: 1, OOBPROTO_PIPE: 2 } as const;

/** Ethertypes. */
export const ETH_P = {
  ETH_P_ALL: 0x0003,
  ETH_P_IP: 0x0800,
  ETH_P_ARP: 0x0806,
  ETH_P_8021Q: 0x8100,
  ETH_P_8021AD: 0x88a8,
} as const;

/** Directions of shutdown(2), as the pages have them. */
export const SHUT = { SHUT_RD: 0, SHUT_WR: 1, SHUT_RDWR: 2 } as const;

/** Flags of send(2) and recv(2). MSG_TIMESTAMP is EVL's name of MSG_ERRQUEUE. */
export const MSG = {
  MSG_OOB: 0x1,
  MSG_PEEK: 0x2,
  MSG_DONTROUTE: 0x4,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  MSG_WAITALL: 0x100,
  MSG_TIMESTAMP: 0x2000,
  MSG_NOSIGNAL: 0x4000,
  MSG_MORE: 0x8000,
} as const;

/** Levels and options of setsockopt(2). */
export const SOL = { SOL_SOCKET: 1, SOL_PACKET: 263 } as const;
export const SO = {
  SO_REUSEADDR: 2,
  SO_TYPE: 3,
  SO_ERROR: 4,
  SO_BROADCAST: 6,
  SO_SNDBUF: 7,
  SO_RCVBUF: 8,
  SO_KEEPALIVE: 9,
  SO_OOBINLINE: 10,
  SO_LINGER: 13,
  SO_REUSEPORT: 15,
  SO_RCVLOWAT: 18,
  SO_SNDLOWAT: 19,
  SO_RCVTIMEO: 20,
  SO_SNDTIMEO: 21,
  SO_ACCEPTCONN: 30,
  SO_PROTOCOL: 38,
  SO_DOMAIN: 39,
  SO_BINDTOIFINDEX: 62,
} as const;
/** Options of IPPROTO_TCP. */
export const TCP = {
  TCP_NODELAY: 1,
  TCP_MAXSEG: 2,
  TCP_CORK: 3,
  TCP_KEEPIDLE: 4,
  TCP_KEEPINTVL: 5,
  TCP_KEEPCNT: 6,
  TCP_SYNCNT: 7,
  TCP_LINGER2: 8,
  TCP_INFO: 11,
  TCP_QUICKACK: 12,
  TCP_CONGESTION: 13,
  TCP_USER_TIMEOUT: 18,
} as const;
export const IP = { IP_TOS: 1, IP_TTL: 2, IP_MTU_DISCOVER: 10, IP_MTU: 14 } as const;
export const PMTUDISC = { IP_PMTUDISC_DONT: 0, IP_PMTUDISC_WANT: 1, IP_PMTUDISC_DO: 2 } as const;

/** Commands of a socket's ioctl(2) that the in-band stack serves; `ifreq` is 40 bytes, the name in the first 16. */
export const SIOC = {
  SIOCOUTQ: 0x5411,
  FIONREAD: 0x541b,
  FIOSETOWN: 0x8901,
  SIOCSPGRP: 0x8902,
  FIOGETOWN: 0x8903,
  SIOCGPGRP: 0x8904,
  SIOCATMARK: 0x8905,
  SIOCOUTQNSD: 0x894b,
  SIOCGIFNAME: 0x8910,
  SIOCGIFCONF: 0x8912,
  SIOCGIFFLAGS: 0x8913,
  SIOCGIFADDR: 0x8915,
  SIOCGIFMTU: 0x8921,
  SIOCGIFHWADDR: 0x8927,
  SIOCGIFINDEX: 0x8933,
} as const;

/** EVL's commands for sockets; only SENDMSG and RECVMSG are out-of-band ones (facts 2.9, 6.9). */
export const EVL_SOCKIOC = {
  EVL_SOCKIOC_ACTIVATE: 0xee01,
  EVL_SOCKIOC_DEACTIVATE: 0xee02,
  EVL_SOCKIOC_SENDMSG: 0xee03,
  EVL_SOCKIOC_RECVMSG: 0xee04,
  EVL_SOCKIOC_SOLICIT: 0xee05,
  EVL_SOCKIOC_SETOPT: 0xee06,
  EVL_SOCKIOC_GETOPT: 0xee07,
} as const;

/** What EVL_SOCKIOC_SOLICIT is told: the neighbour stays known for good; a router may be on the way (facts 6.8). */
export const EVL_NEIGH = { EVL_NEIGH_PERMANENT: 1, EVL_NEIGH_MAYROUTE: 2 } as const;
/** EVL's options of sockets, which EVL_SOCKIOC_SETOPT and GETOPT take, and what may be stamped (facts 6.6). */
export const EVL_SOCKOPT = { EVL_SOCKOPT_RECVSZ: 0, EVL_SOCKOPT_SENDSZ: 1, EVL_SOCKOPT_TIMESTAMPING: 2 } as const;
export const EVL_SOF = {
  EVL_SOF_TIMESTAMP_RX: 1,
  EVL_SOF_TIMESTAMP_TX: 2,
  EVL_SOF_TIMESTAMP_DEVICE: 4,
  EVL_SOF_TIMESTAMP_QUEUING: 8,
} as const;

/** Capabilities, as the bits that capset takes. */
export const CAP = {
  CAP_NET_BIND_SERVICE: 2 ** 10,
  CAP_NET_ADMIN: 2 ** 12,
  CAP_NET_RAW: 2 ** 13,
  CAP_SYS_NICE: 2 ** 23,
} as const;

/** Every constant that an experiment may write by name. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  ...O,
  ...F,
  FD_CLOEXEC,
  ...CLOSE_RANGE,
  CLONE_FILES,
  ...POLL,
  ...ECHO,
  ...STAXED,
  ...EVL_T,
  ...AF,
  ...SOCK,
  ...IPPROTO,
  ...OOBPROTO,
  ...ETH_P,
  ...SHUT,
  ...MSG,
  ...SOL,
  ...SO,
  ...TCP,
  ...IP,
  ...PMTUDISC,
  ...SIOC,
  ...EVL_SOCKIOC,
  ...EVL_NEIGH,
  ...EVL_SOCKOPT,
  ...EVL_SOF,
  ...CAP,
};

const bits = (names: Readonly<Record<string, number>>, value: number): string => {
  const set = Object.entries(names).filter(([, bit]) => bit !== 0 && (value & bit) === bit);
  const rest = set.reduce((left, [, bit]) => left & ~bit, value);
  return [...set.map(([name]) => name), ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join("|");
};

/** The flags of open(2) in words, such as `O_RDWR|O_CLOEXEC`. */
export function openFlagsText(flags: number): string {
  const access = ["O_RDONLY", "O_WRONLY", "O_RDWR", "3"][flags & O_ACCMODE];
  const { O_RDONLY: _0, O_WRONLY: _1, O_RDWR: _2, ...rest } = O;
  return [access, bits(rest, flags & ~O_ACCMODE)].filter(Boolean).join("|");
}

/** The events of poll(2) in words. */
export const pollText = (events: number): string => bits(POLL, events) || "0";

/** The name of a number in one of the tables above, or the number. */
export const nameIn = (names: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value);
