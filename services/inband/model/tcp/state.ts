import type { Receiving } from "./receiving.ts";
import type { Sending } from "./sending.ts";

/** A SYN that is not acknowledged: how often it was sent again, when it was sent first, and the scale that it offered. */
interface Handshake {
  readonly startedAtNs: number;
  readonly scale: number | undefined;
  resent: number;
}

/** Our SYN is out; nothing is known of the peer. */
export interface SynSent {
  readonly t: "SYN-SENT";
  readonly snd: Sending;
  readonly handshake: Handshake;
}
/** Both SYNs are known, ours is not acknowledged. */
export interface SynReceived {
  readonly t: "SYN-RECEIVED";
  readonly snd: Sending;
  readonly rcv: Receiving;
  /** Whether we called (a simultaneous open, RFC 9293 §3.5) or were called: a RST means something else to each. */
  readonly opened: "actively" | "passively";
  readonly handshake: Handshake;
  /** What the peer offered, for the options of our SYN. */
  readonly scaled: boolean;
}
/** Data flows both ways. */
export interface Established {
  readonly t: "ESTABLISHED";
  readonly snd: Sending;
  readonly rcv: Receiving;
}
/** We have closed, our FIN is not acknowledged; the peer has not closed. */
export interface FinWait1 {
  readonly t: "FIN-WAIT-1";
  readonly snd: Sending;
  readonly rcv: Receiving;
}
/** Our FIN is acknowledged; the peer has not closed. */
export interface FinWait2 {
  readonly t: "FIN-WAIT-2";
  readonly snd: Sending;
  readonly rcv: Receiving;
  /** When it ends though the peer says nothing: only once nobody has the socket. */
  endAtNs: number;
}
/** The peer has closed; we have not. */
interface CloseWait {
  readonly t: "CLOSE-WAIT";
  readonly snd: Sending;
  readonly rcv: Receiving;
}
/** Both have closed, our FIN crossed the peer's and is not acknowledged. */
export interface Closing {
  readonly t: "CLOSING";
  readonly snd: Sending;
  readonly rcv: Receiving;
}
/** Both have closed, the peer first; our FIN is not acknowledged. */
interface LastAck {
  readonly t: "LAST-ACK";
  readonly snd: Sending;
  readonly rcv: Receiving;
}
/** Both FINs are acknowledged; late segments die out. */
export interface TimeWait {
  readonly t: "TIME-WAIT";
  readonly snd: Sending;
  readonly rcv: Receiving;
  endAtNs: number;
}
/** No connection any more; what was received before may still be read. */
interface Closed {
  readonly t: "CLOSED";
}

/** The states of RFC 9293 §3.3.2; LISTEN is a listener's and no connection's. */
export type TcpState =
  SynSent | SynReceived | Established | FinWait1 | FinWait2 | CloseWait | Closing | LastAck | TimeWait | Closed;

/** The states in which both SYNs are known and a connection is left. */
export type Synchronized = Exclude<TcpState, SynSent | Closed>;

/** The name of a state, as the RFC prints it. */
export type TcpStateName = TcpState["t"];

/**
 * Which state may follow which (RFC 9293 §3.3.2, figure 5). All may end: by a reset, an abort or a timeout. A connection
 * begins in SYN-SENT or in SYN-RECEIVED.
 *
 * A close in SYN-RECEIVED is queued until ESTABLISHED, the other one of the two ways of §3.10.4; so FIN-WAIT-1 does not
 * follow it. A segment that acknowledges our FIN and brings the peer's goes through FIN-WAIT-2, since ACK is checked before
 * FIN. A new SYN in TIME-WAIT begins another connection (reopen.ts).
 */
export const MAY_FOLLOW: Readonly<Record<TcpStateName, readonly TcpStateName[]>> = {
  "SYN-SENT": ["SYN-RECEIVED", "ESTABLISHED", "CLOSED"],
  "SYN-RECEIVED": ["ESTABLISHED", "CLOSED"],
  ESTABLISHED: ["FIN-WAIT-1", "CLOSE-WAIT", "CLOSED"],
  "FIN-WAIT-1": ["FIN-WAIT-2", "CLOSING", "CLOSED"],
  "FIN-WAIT-2": ["TIME-WAIT", "CLOSED"],
  "CLOSE-WAIT": ["LAST-ACK", "CLOSED"],
  CLOSING: ["TIME-WAIT", "CLOSED"],
  "LAST-ACK": ["CLOSED"],
  "TIME-WAIT": ["CLOSED"],
  CLOSED: [],
};
