import { seqAdd, seqDiff, type Seq } from "./seq.ts";

/**
 * The receive side of a connection (RFC 9293 §3.3.1). Positions are offsets into the peer's stream: its SYN is at -1, its
 * first byte at 0, its FIN behind its last byte.
 */
export interface Receiving {
  /** IRS. */
  readonly irs: Seq;
  /** RCV.NXT. */
  nxt: number;
  /** RCV.NXT + RCV.WND, the farthest that was ever told: it never goes back (RFC 9293 §3.8.6, RFC 7323 §2.4). */
  edge: number;
  /** By how many bits the windows that we tell are shifted (RFC 7323 §2.3). */
  readonly scale: number;
  /** RCV.UP: the byte behind the peer's urgent data; -1 while there was none. */
  up: number;
  /** Where the peer's FIN is, once it has come; it counts when all before it has. */
  fin: number | undefined;
  /** TS.Recent and when it was taken (RFC 7323 §4.3, §5.5); undefined without timestamps. */
  tsRecent: number | undefined;
  tsRecentAtNs: number;
  /** Last.ACK.sent (RFC 7323 §4.3). */
  lastAckSent: number;
  /** Bytes that came since the last acknowledgement; two full segments make one due (RFC 9293 §3.8.6.3). */
  unackedBytes: number;
  /** An acknowledgement is due in this step, unless a segment goes that carries it. */
  ackNow: boolean;
  /** When a delayed acknowledgement goes out; Infinity: none is owed. */
  ackAtNs: number;
  /** Acknowledgements that are still not to be delayed. */
  quickAcks: number;
  /** The largest payload that the peer has sent: what a full segment of it is. */
  peerMss: number;
}

/** The sequence number at an offset. */
export const rcvSeq = (rcv: Receiving, offset: number): Seq => seqAdd(rcv.irs, offset + 1);

/** The offset of a sequence number near RCV.NXT. */
export const rcvOffset = (rcv: Receiving, seq: Seq): number => rcv.nxt + seqDiff(seq, rcvSeq(rcv, rcv.nxt));

/** A receive side after the peer's SYN, which is all that is known. */
export const newReceiving = (
  irs: Seq,
  edge: number,
  scale: number,
  tsRecent: number | undefined,
  quickAcks: number,
  nowNs: number,
): Receiving => ({
  irs,
  nxt: 0,
  edge,
  scale,
  up: -1,
  fin: undefined,
  tsRecent,
  tsRecentAtNs: nowNs,
  lastAckSent: 0,
  unackedBytes: 0,
  ackNow: false,
  ackAtNs: Infinity,
  quickAcks,
  // What everybody can send (RFC 9293 §3.7.1), until the peer has sent more.
  peerMss: 536,
});
