import { IP, IPPROTO, PMTUDISC, SO, SOL, TCP } from "../../abi/flags.ts";
import type { RawSocket } from "../model/raw.ts";
import type { TcpSocket } from "../model/stack/tcp-calls.ts";
import type { UdpSocket } from "../model/udp/socket.ts";
import type { Protocol, Socket } from "./table.ts";

/** Linux's `rmem_max` and `wmem_max`, and the least that a buffer is. */
const BUFFER_MAX = 212_992;
const RCVBUF_MIN = 2304;
const SNDBUF_MIN = 4608;

/** Linux doubles what is asked for, since it charges its own overhead too; what is negative is a great unsigned number to it. */
export const rcvbufOf = (value: number): number => Math.max(2 * Math.min(value >>> 0, BUFFER_MAX), RCVBUF_MIN);
export const sndbufOf = (value: number): number => Math.max(2 * Math.min(value >>> 0, BUFFER_MAX), SNDBUF_MIN);

/** What SO_SNDBUF tells before anybody set it. */
export const SNDBUF_DEFAULT = 212_992;

/** The default of IP_TTL; -1 asks for it. */
export const TTL_DEFAULT = 64;

/** IP_MTU_DISCOVER, in the model's words. */
export const PMTUDISC_WORDS: ReadonlyMap<number, UdpSocket["pmtudisc"]> = new Map([
  [PMTUDISC.IP_PMTUDISC_DONT, "dont"],
  [PMTUDISC.IP_PMTUDISC_WANT, "want"],
  [PMTUDISC.IP_PMTUDISC_DO, "do"],
]);

/** The number of such a word. */
export const pmtudiscOf = (word: UdpSocket["pmtudisc"]): number =>
  [...PMTUDISC_WORDS].find(([, known]) => known === word)?.[0] ?? PMTUDISC.IP_PMTUDISC_WANT;

/** An option of IPPROTO_TCP. */
type TcpOption = keyof typeof TCP;

/** An option that is known, and that such a socket has. */
export type Option = keyof typeof SO | keyof typeof IP | TcpOption;

const SOCKET_OPTIONS = new Map<number, Option>(
  Object.entries(SO).map(([name, number]) => [number, name as keyof typeof SO]),
);
const IP_OPTIONS = new Map<number, Option>(
  Object.entries(IP).map(([name, number]) => [number, name as keyof typeof IP]),
);

const TCP_OPTIONS = new Map<number, Option>(Object.entries(TCP).map(([name, number]) => [number, name as TcpOption]));

/**
 * Finds an option by level and number. Undefined: ENOPROTOOPT. Options of the level of sockets are everybody's, those of
 * IP are PF_INET's, and raw sockets have no path MTU discovery here.
 */
export function optionOf({ half }: Socket, level: number, optname: number): Option | undefined {
  if (level === SOL.SOL_SOCKET) return SOCKET_OPTIONS.get(optname);
  if (level === IPPROTO.IPPROTO_TCP && half.t === "tcp") return TCP_OPTIONS.get(optname);
  if (level !== IPPROTO.IPPROTO_IP) return undefined;
  if (half.t === "udp" || half.t === "tcp") return IP_OPTIONS.get(optname);
  const option = half.t === "raw" ? IP_OPTIONS.get(optname) : undefined;
  return option === "IP_MTU_DISCOVER" ? undefined : option;
}

/** The half of a socket that speaks IP. */
export function inetOf(half: Protocol): UdpSocket | RawSocket | TcpSocket | undefined {
  switch (half.t) {
    case "udp":
      return half.udp;
    case "raw":
      return half.raw;
    case "tcp":
      return half.stream.tcp;
    case "packet":
    case "oob":
      return undefined;
  }
}
