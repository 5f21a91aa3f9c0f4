import { IN6ADDR_LOOPBACK, INADDR_ANY, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import type { Errno } from "../../../abi/contract.generated.ts";
import { RCVBUF_DEFAULT, ReceiveQueue } from "../receive-queue.ts";

/** An address and a port. */
export interface Endpoint {
  readonly address: Ipv4Address;
  readonly port: number;
}

/** A datagram that waits to be received. */
export interface Datagram {
  readonly payload: Uint8Array;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly ifindex: number;
  /** Of the datagram that brought it. */
  readonly ttl: number;
  readonly tos: number;
}

/** What illumos' UDP has that Linux' has not (facts/kernel-sockets 3.2 and 3.16). */
interface IllumosUdp {
  /** SO_EXCLBIND. */
  exclusiveBind: boolean;
  /** SO_DGRAM_ERRIND: what ICMP says is kept, also where there is no peer. */
  errind: boolean;
  /** Of a socket without a peer: destinations that refused a datagram, for who sends there again. The oldest goes first. */
  readonly refused: Map<string, Endpoint>;
}

/** A UDP socket. */
export interface UdpSocket {
  readonly sk: number;
  /** What it is bound to: port 0 when not at all, address 0.0.0.0 for any. */
  local: Endpoint;
  /**
   * Whether address and port were given by bind(2), so that a disconnect leaves them (SOCK_BINDADDR_LOCK,
   * _BINDPORT_LOCK).
   */
  addressLocked: boolean;
  portLocked: boolean;
  /** The only peer, after connect(2). */
  peer: Endpoint | undefined;
  /** Of AF_INET6: bound to any address it has ::1, too, which is carried as an address of IPv4. */
  inet6: boolean;
  /** SO_BINDTODEVICE; 0: none. */
  ifindex: number;
  reuseAddress: boolean;
  reusePort: boolean;
  broadcast: boolean;
  /** IP_MTU_DISCOVER: set DF if it fits and cut otherwise; set DF and refuse otherwise; never set DF. */
  pmtudisc: "want" | "do" | "dont";
  ttl: number;
  tos: number;
  rcvShutdown: boolean;
  sndShutdown: boolean;
  /** What the next call gets (`sk_err`). */
  error: Errno | undefined;
  readonly queue: ReceiveQueue<Datagram>;
  /** Of a kernel socket: it follows illumos where that differs. */
  readonly illumos: IllumosUdp | undefined;
}

/** Whether a socket of TCP or UDP that is bound has this address: any one, or all of its family. */
export const hasAddress = (
  { local, inet6 }: { readonly local: Endpoint; readonly inet6: boolean },
  address: Ipv4Address,
): boolean => local.address === address || (local.address === INADDR_ANY && (inet6 || address !== IN6ADDR_LOOPBACK));

/** Not bound. */
export const UNBOUND: Endpoint = { address: INADDR_ANY, port: 0 };

/** A new socket with Linux's defaults. */
export const newUdpSocket = (sk: number, rcvbuf = RCVBUF_DEFAULT): UdpSocket => ({
  sk,
  local: UNBOUND,
  addressLocked: false,
  portLocked: false,
  peer: undefined,
  inet6: false,
  ifindex: 0,
  reuseAddress: false,
  reusePort: false,
  broadcast: false,
  pmtudisc: "want",
  ttl: 64,
  tos: 0,
  rcvShutdown: false,
  sndShutdown: false,
  error: undefined,
  queue: new ReceiveQueue(rcvbuf),
  illumos: undefined,
});

/** A new socket with illumos' defaults: TTL 255, and everybody may be sent to without SO_BROADCAST. */
export const newIllumosUdpSocket = (sk: number, rcvbuf: number): UdpSocket => ({
  ...newUdpSocket(sk),
  broadcast: true,
  ttl: 255,
  queue: new ReceiveQueue(rcvbuf, 0),
  illumos: { exclusiveBind: false, errind: false, refused: new Map() },
});

/**
 * Whether what ICMP or a neighbour told is an error of a socket. To illumos' UDP only that the port is unreachable means anything
 * (`udp_icmp_input`), and only with SO_DGRAM_ERRIND.
 */
export const hearsError = ({ illumos }: UdpSocket, errno: Errno): boolean =>
  illumos === undefined || (illumos.errind && errno === "ECONNREFUSED");

/** The key of a destination among those that refused. */
export const refusedKey = ({ address, port }: Endpoint): string => `${address}:${port}`;

const REFUSED_MAX = 64;

/** A destination refused a datagram of a socket without a peer. */
export function noteRefusal({ refused }: IllumosUdp, from: Endpoint): void {
  refused.set(refusedKey(from), from);
  const [oldest] = refused.keys();
  if (refused.size > REFUSED_MAX && oldest !== undefined) refused.delete(oldest);
}
