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
  /** RCV.NXT + RCV.WND as it was told last: never goes back (RFC 9293 §3.8.6, "SHOULD NOT shrink the window"). */
  edge: number;
  /** By how many bits the windows that we tell are shifted (RFC 7323 §2.3). */
  readonly scale: number;
  /** RCV.UP: the byte behind the peer's urgent data; -1 while there was none. */
  up: number;
  /** Where the peer's FIN is, once it has come. */
  fin: number | undefined;
  /** TS.Recent and when it was taken (RFC 7323 §4.3, §5.5); undefined without timestamps. */
  tsRecent: number | undefined;
  tsRecentAtNs: number;
  /** Last.ACK.sent, as an offset (RFC 7323 §4.3). */
  lastAckSent: number;
  /** Bytes that came since the last acknowledgement; a full segment twice makes one due (RFC 9293 §3.8.6.3). */
  unackedBytes: number;
  /** When a delayed acknowledgement goes out; Infinity: none is owed. */
  ackAtNs: number;
  /** Acknowledgements that are still not to be delayed. */
  quickAcks: number;
  /** The largest payload that the peer has sent: what a full segment of it is. */
  peerMss: number;
  /** When something came last, for keep-alive. */
  heardAtNs: number;
}

/** The sequence number at an offset. */
export const rcvSeq = (rcv: Receiving, offset: number): Seq => seqAdd(rcv.irs, offset + 1);

/** The offset of a sequence number near RCV.NXT. */
export const rcvOffset = (rcv: Receiving, seq: Seq): number => rcv.nxt + seqDiff(seq, rcvSeq(rcv, rcv.nxt));
