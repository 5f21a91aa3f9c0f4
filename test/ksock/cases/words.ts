import * as C from "../../../services/ksock/constants.ts";
import { readSockaddr, sockaddr_in, sockaddr_in6 } from "../../../services/ksock/index.ts";

export const { AF_INET, AF_INET6, SOCK_STREAM, SOCK_DGRAM } = C;

/** The options of a level, under short names. */
export const SO = {
  LEVEL: C.SOL_SOCKET,
  DEBUG: C.SO_DEBUG,
  ACCEPTCONN: C.SO_ACCEPTCONN,
  REUSEADDR: C.SO_REUSEADDR,
  KEEPALIVE: C.SO_KEEPALIVE,
  DONTROUTE: C.SO_DONTROUTE,
  BROADCAST: C.SO_BROADCAST,
  USELOOPBACK: C.SO_USELOOPBACK,
  LINGER: C.SO_LINGER,
  OOBINLINE: C.SO_OOBINLINE,
  DGRAM_ERRIND: C.SO_DGRAM_ERRIND,
  SNDBUF: C.SO_SNDBUF,
  RCVBUF: C.SO_RCVBUF,
  SNDTIMEO: C.SO_SNDTIMEO,
  RCVTIMEO: C.SO_RCVTIMEO,
  ERROR: C.SO_ERROR,
  TYPE: C.SO_TYPE,
  PROTOTYPE: C.SO_PROTOTYPE,
  DOMAIN: C.SO_DOMAIN,
  EXCLBIND: C.SO_EXCLBIND,
} as const;
export const TCP = {
  LEVEL: C.IPPROTO_TCP,
  NODELAY: C.TCP_NODELAY,
  MAXSEG: C.TCP_MAXSEG,
  CORK: C.TCP_CORK,
  LINGER2: C.TCP_LINGER2,
  CONGESTION: C.TCP_CONGESTION,
  KEEPALIVE_THRESHOLD: C.TCP_KEEPALIVE_THRESHOLD,
  KEEPIDLE: C.TCP_KEEPIDLE,
  KEEPCNT: C.TCP_KEEPCNT,
  KEEPINTVL: C.TCP_KEEPINTVL,
} as const;
export const IP = {
  LEVEL: C.IPPROTO_IP,
  TTL: C.IP_TTL,
  TOS: C.IP_TOS,
  RECVTTL: C.IP_RECVTTL,
  RECVTOS: 0xc,
  PKTINFO: C.IP_PKTINFO,
  BOUND_IF: C.IP_BOUND_IF,
} as const;
export const IPV6 = { LEVEL: C.IPPROTO_IPV6, UNICAST_HOPS: C.IPV6_UNICAST_HOPS, V6ONLY: C.IPV6_V6ONLY } as const;

/** Commands that are refused whatever the socket is. */
export const FORBIDDEN_IOCTLS = [
  "SIOCSPGRP",
  "SIOCGPGRP",
  "FIOASYNC",
  "FIOSETOWN",
  "FIOGETOWN",
  "I_NREAD",
  "I_PUSH",
  "I_POP",
  "I_LOOK",
  "I_STR",
  "I_SETSIG",
] as const;

/** The first of the anonymous ports; the last is 65535. */
export const FIRST_ANONYMOUS = 32_768;

/** An address in the layout of illumos; the host of AF_INET6 is the IPv4 address, mapped. */
export function at(host: string, port: number, family: number = AF_INET): Uint8Array {
  if (family === AF_INET) return sockaddr_in(host, port);
  const address = new Uint8Array(16);
  address.set([0xff, 0xff], 10);
  address.set(sockaddr_in(host, 0).subarray(4, 8), 12);
  return sockaddr_in6(address, port);
}

/** The loopback address: 127.0.0.1, or ::1. */
export const lo = (port: number, family: number = AF_INET): Uint8Array =>
  family === AF_INET ? sockaddr_in("127.0.0.1", port) : sockaddr_in6(new Uint8Array(16).fill(1, 15), port);

/** The address of no one: 0.0.0.0, or ::. */
export const any = (port: number, family: number = AF_INET): Uint8Array =>
  family === AF_INET ? sockaddr_in("0.0.0.0", port) : sockaddr_in6(new Uint8Array(16), port);

/** AF_UNSPEC, of the length of an address. */
export const unspecified = new Uint8Array(16);

export const portOf = (address: Uint8Array): number => readSockaddr(address).port;
export const hostOf = (address: Uint8Array): string => readSockaddr(address).address;
