import { INADDR_ANY, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
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
}

/** Not bound. */
export const UNBOUND: Endpoint = { address: INADDR_ANY, port: 0 };

/** A new socket with Linux's defaults. */
export const newUdpSocket = (sk: number, rcvbuf = RCVBUF_DEFAULT): UdpSocket => ({
  sk,
  local: UNBOUND,
  addressLocked: false,
  portLocked: false,
  peer: undefined,
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
});
