/** The names that TCP_CONGESTION knows. */
export type CongestionName = "cubic" | "reno";

/**
 * How much may be in flight. An algorithm decides on the window alone: what is lost, and what to send again, is for
 * recovery.ts, which calls it. All in bytes.
 */
export interface CongestionControl {
  readonly name: CongestionName;
  /** The congestion window. */
  readonly cwnd: number;
  /** Below it slow start, from it on congestion avoidance. */
  readonly ssthresh: number;
  /**
   * New data was acknowledged, not during fast recovery, and the window was what limited the sender (RFC 7661, RFC 9438 §5.8).
   *
   * @param limitBytes how much of it counts in slow start: L of RFC 3465.
   */
  onAck(ackedBytes: number, limitBytes: number, srttNs: number, nowNs: number): void;
  /** New data was acknowledged while the application, or the peer's window, was what limited the sender. */
  onAckUnused(nowNs: number): void;
  /** Fast retransmit: a loss that was found by acknowledgements (RFC 5681 §3.2 step 2). `flight`: what was outstanding. */
  onLoss(flight: number, nowNs: number): void;
  /** Fast recovery is over (RFC 6582 §3.2 step 3, option 1). `flight`: what is outstanding now. */
  onRecovered(flight: number): void;
  /** The timer expired. `again`: for the same segment, so that the threshold stays (RFC 5681 §3.1). */
  onTimeout(flight: number, again: boolean, nowNs: number): void;
  /** The timeout or the loss was none: all that it changed is taken back (RFC 4015 §3.2, RFC 9438 §4.9). */
  undo(nowNs: number): void;
  /** Nothing was sent for so many timeouts: the window is no longer what the path was found to carry (RFC 2861 §3.1). */
  onIdle(timeouts: number, nowNs: number): void;
  /** The path carries other segments than was thought. */
  setMss(mss: number): void;
  /** Goes on where another algorithm was. */
  adopt(cwnd: number, ssthresh: number): void;
}

/**
 * IW10 (RFC 6928 §2): min(10 * MSS, max(2 * MSS, 14600)); one segment after a lost SYN or SYN-ACK (RFC 5681 §3.1).
 */
export const initialWindow = (mss: number, synWasResent: boolean): number =>
  synWasResent ? mss : Math.min(10 * mss, Math.max(2 * mss, 14600));

/** The window of a path that was idle for so many timeouts: halved with each, down to the initial one (RFC 2861 §3.1). */
export const windowAfterIdle = (cwnd: number, mss: number, timeouts: number): number =>
  Math.min(cwnd, Math.max(initialWindow(mss, false), cwnd / 2 ** Math.min(timeouts, 64)));
