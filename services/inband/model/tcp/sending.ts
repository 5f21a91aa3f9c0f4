import { seqAdd, seqDiff, type Seq } from "./seq.ts";

/**
 * The send side of a connection (RFC 9293 §3.3.1). Positions are offsets into our stream: our SYN is at -1, our first byte
 * at 0, our FIN behind our last byte.
 */
export interface Sending {
  /** ISS. */
  readonly iss: Seq;
  /** SND.UNA. */
  una: number;
  /** SND.NXT. */
  nxt: number;
  /** SND.WND, scaled. */
  wnd: number;
  /** SND.WL1 (an offset into the peer's stream) and SND.WL2: the segment that told the window last. */
  wl1: number;
  wl2: number;
  /** SND.UP: the byte behind our urgent data; -1 while there was none or it is acknowledged. */
  up: number;
  /** MAX.SND.WND: the greatest window that the peer has ever told (RFC 5961 §5.2, RFC 9293 §3.8.6.2.1). */
  maxWnd: number;
  /** By how many bits the windows that the peer tells are shifted. */
  scale: number;
  /** The largest payload to send: the peer's MSS option, our device and what ICMP told about the path (Eff.snd.MSS). */
  mss: number;
}

/** The sequence number at an offset. */
export const sndSeq = (snd: Sending, offset: number): Seq => seqAdd(snd.iss, offset + 1);

/** The offset of a sequence number near SND.UNA. */
export const sndOffset = (snd: Sending, seq: Seq): number => snd.una + seqDiff(seq, sndSeq(snd, snd.una));
