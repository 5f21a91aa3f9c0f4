import type { Errno } from "../../../abi/contract.generated.ts";
import type { TcpTimestamp } from "../../../abi/packet/tcp.ts";
import type { Endpoint } from "../udp/socket.ts";
import type { TcpCounters } from "./counters.ts";
import type { ReceiveBuffer } from "./receive-buffer.ts";
import type { RetransmissionTimer, RttEstimator } from "./rtt.ts";
import type { SendBuffer } from "./send-buffer.ts";
import type { TcpSettings } from "./settings.ts";
import type { TcpState } from "./state.ts";

/** How often something was done lately (RFC 5961 §7). */
export interface RateLimit {
  sinceNs: number;
  count: number;
}

/**
 * One connection: what RFC 9293 §3.3.1 calls its transmission control block. Only its own steps change it (open.ts,
 * segment-arrives.ts, timers.ts, user-calls.ts); everybody else reads.
 */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  settings: TcpSettings;
  /** Changed by `enter` alone (enter.ts). */
  state: TcpState;
  readonly counters: TcpCounters;
  readonly outgoing: SendBuffer;
  readonly incoming: ReceiveBuffer;
  readonly rtt: RttEstimator;
  readonly timer: RetransmissionTimer;
  /** What both sides have agreed on in their SYNs (RFC 7323 §3.2, RFC 2018 §2). */
  timestamps: boolean;
  sack: boolean;
  /** What is added to the clock for our timestamps. */
  readonly timestampOffset: number;
  /** The timestamps of the segment that we sent last. */
  lastTimestamp: TcpTimestamp | undefined;
  /** Nobody has the socket any more: what arrives for it will not be read (RFC 9293 §3.10.4, RFC 1122 §4.2.2.13). */
  orphan: boolean;
  /** Its owner receives no more (SHUT_RD): where nothing is sent any more either, what arrives is answered as for an orphan. */
  deaf: boolean;
  /** What ICMP told last and was no reason to end (RFC 5461 §2, RFC 9293 §3.9.2.2). */
  softError: Errno | undefined;
  /** When the peer was heard of last. */
  heardAtNs: number;
  /** When keep-alive looks next; Infinity: it is off. */
  keepaliveAtNs: number;
  keepaliveProbes: number;
  readonly challenges: RateLimit;
  readonly duplicates: RateLimit;
}
