import type { Recovery } from "./recovery.ts";
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
  /** The byte behind SND.NXT went out as a zero-window probe, so it may be acknowledged though SND.NXT does not count it. */
  probing: boolean;
  /** SND.WND, scaled. */
  wnd: number;
  /** SND.WL1 (an offset into the peer's stream) and SND.WL2: the segment that told the window last. */
  wl1: number;
  wl2: number;
  /** MAX.SND.WND: the greatest window that the peer has ever told (RFC 5961 §5.2, RFC 9293 §3.8.6.2.1). */
  maxWnd: number;
  /** By how many bits the windows that the peer tells are shifted. */
  scale: number;
  /** The largest payload that the peer takes (its MSS option), and what ICMP or silence told about the path. */
  peerMss: number;
  pathMss: number;
  /** The largest payload to send (Eff.snd.MSS): what these and our own device allow, less our options (RFC 9293 §3.7.1). */
  mss: number;
  /** SND.UP: the byte behind our urgent data; -1 while there was none. */
  up: number;
  /** FIN stands behind the last byte that was written. */
  fin: boolean;
  /** Where the last segment ended that was not full (Minshall's form of the Nagle algorithm). */
  smallEnd: number;
  /** The last `send` said that more follows. */
  more: boolean;
  /** When a segment that is corked goes out though it is not full; Infinity: none waits. */
  corkAtNs: number;
  /** When the peer's window is probed next; Infinity: it does not hold us back. */
  probeAtNs: number;
  /** How often the wait was doubled; and how many probes were not answered, the first of them when. */
  probeBackoffs: number;
  probesUnanswered: number;
  probedSinceNs: number;
  /** Since when nothing of what is outstanding was acknowledged; undefined while no timer has expired for it. */
  stalledSinceNs: number | undefined;
  /** Timeouts in a row, for all that is outstanding. */
  timeouts: number;
  /** Why all that is outstanding counts as lost, while it does. */
  lossWhy: "timeout" | "mtu";
  /** Up to here something was sent more than once, so that only timestamps can time it; and our clock when it was. */
  resentTo: number;
  resentTsval: number;
  recovery: Recovery;
}

/** The sequence number at an offset. */
export const sndSeq = (snd: Sending, offset: number): Seq => seqAdd(snd.iss, offset + 1);

/** The offset of a sequence number near SND.UNA. */
export const sndOffset = (snd: Sending, seq: Seq): number => snd.una + seqDiff(seq, sndSeq(snd, snd.una));

/** The offset behind all that may be acknowledged. */
export const sndMax = (snd: Sending): number => (snd.probing ? snd.nxt + 1 : snd.nxt);

/** A send side before its SYN. */
export const newSending = (iss: Seq, mss: number, recovery: Recovery): Sending => ({
  iss,
  una: -1,
  nxt: 0,
  probing: false,
  wnd: 0,
  wl1: 0,
  wl2: 0,
  maxWnd: 0,
  scale: 0,
  peerMss: mss,
  pathMss: mss,
  mss,
  up: -1,
  fin: false,
  smallEnd: -1,
  more: false,
  corkAtNs: Infinity,
  probeAtNs: Infinity,
  probeBackoffs: 0,
  probesUnanswered: 0,
  probedSinceNs: 0,
  stalledSinceNs: undefined,
  timeouts: 0,
  lossWhy: "timeout",
  resentTo: 0,
  resentTsval: 0,
  recovery,
});
