import { initialWindow, windowAfterIdle, type CongestionControl } from "./congestion.ts";

/** RFC 9438 §4.6, §4.1.2. */
const BETA = 0.7;
const C = 0.4;
/** Makes W_est grow as fast as Reno does with a decrease of BETA (RFC 9438 §4.3). */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);

/** What a congestion event changes, so that it can be taken back (RFC 9438 §4.9). */
interface Before {
  readonly cwnd: number;
  readonly ssthresh: number;
  readonly wMax: number;
  readonly prior: number;
}

/**
 * CUBIC (RFC 9438): in congestion avoidance the window is a cubic function of the time since the last congestion event, so
 * that it grows as fast on long paths as on short ones, and slowly near the window at which the last loss came.
 *
 * Windows are fractional segments inside, as the RFC counts, and bytes outside.
 */
export class Cubic implements CongestionControl {
  readonly name = "cubic";
  #mss: number;
  /** In segments, all of them. */
  #cwnd: number;
  #ssthresh = Infinity;
  #wMax = 0;
  /** The window when the last congestion event came. */
  #prior = 0;
  #wEst = 0;
  /** Seconds from the beginning of the epoch to W_max. */
  #k = 0;
  /** When this stage of congestion avoidance began; -1 before its first acknowledgement. */
  #epochNs = -1;
  /** The stage was reached by slow start after a timeout, or without any loss: W_max is not known (RFC 9438 §4.8). */
  #anew = true;
  #lastAckNs = -1;
  #before: Before | undefined;

  constructor(mss: number, synWasResent: boolean) {
    this.#mss = mss;
    this.#cwnd = initialWindow(mss, synWasResent) / mss;
  }

  get cwnd(): number {
    return Math.floor(this.#cwnd * this.#mss);
  }

  get ssthresh(): number {
    return this.#ssthresh * this.#mss;
  }

  /** Where the last loss came, in bytes; after fast convergence less. */
  get wMax(): number {
    return this.#wMax * this.#mss;
  }

  onAck(ackedBytes: number, limitBytes: number, srttNs: number, nowNs: number): void {
    this.#lastAckNs = nowNs;
    if (this.#cwnd < this.#ssthresh) {
      // Slow start is that of RFC 5681 (RFC 9438 §4.10). What is beyond the threshold does not count.
      this.#cwnd = Math.min(
        this.#cwnd + Math.min(ackedBytes, limitBytes) / this.#mss,
        Math.max(this.#ssthresh, this.#cwnd),
      );
      return;
    }
    if (this.#epochNs < 0) this.#beginEpoch(nowNs);
    this.#avoid(ackedBytes / this.#mss, (nowNs - this.#epochNs) / 1e9, srttNs / 1e9);
  }

  onAckUnused(nowNs: number): void {
    this.#passOver(nowNs);
    this.#lastAckNs = nowNs;
  }

  onLoss(flight: number, _nowNs: number): void {
    this.#remember();
    this.#decrease(flight);
    // RFC 9438 §4.6: at least two segments.
    this.#cwnd = this.#ssthresh;
    this.#anew = false;
  }

  onRecovered(flight: number): void {
    // As RFC 6582 §3.2 step 3 says: no burst when little is outstanding.
    const segments = flight / this.#mss;
    this.#cwnd = Math.min(this.#ssthresh, Math.max(segments, 1) + 1);
  }

  onTimeout(flight: number, again: boolean, _nowNs: number): void {
    if (!again) {
      this.#remember();
      this.#decrease(flight);
    }
    this.#epochNs = -1;
    // RFC 9438 §4.8: to one segment, and K is 0 in the first stage of congestion avoidance behind it.
    this.#cwnd = 1;
    this.#anew = true;
  }

  undo(_nowNs: number): void {
    const before = this.#before;
    if (before === undefined) return;
    this.#before = undefined;
    this.#cwnd = Math.max(this.#cwnd, before.cwnd);
    this.#ssthresh = before.ssthresh;
    this.#wMax = before.wMax;
    this.#prior = before.prior;
    this.#epochNs = -1;
    this.#anew = true;
  }

  onIdle(timeouts: number, nowNs: number): void {
    this.#ssthresh = Math.max(this.#ssthresh, (3 * this.#cwnd) / 4);
    this.#cwnd = windowAfterIdle(this.#cwnd * this.#mss, this.#mss, timeouts) / this.#mss;
    this.#passOver(nowNs);
    this.#lastAckNs = nowNs;
  }

  setMss(mss: number): void {
    // All is in segments, so there are as many as before, and they are smaller (RFC 1191 §6.5).
    this.#mss = mss;
  }

  adopt(cwnd: number, ssthresh: number): void {
    this.#cwnd = cwnd / this.#mss;
    this.#ssthresh = ssthresh / this.#mss;
  }

  #avoid(segments: number, t: number, rtt: number): void {
    // §4.3: the window that Reno would have, alpha being 1 once it is where the last loss came.
    this.#wEst += ((this.#wEst >= this.#prior ? 1 : ALPHA) * segments) / this.#cwnd;
    if (this.#wCubic(t) < this.#wEst) {
      this.#cwnd = Math.max(this.#cwnd, this.#wEst);
      return;
    }
    // §4.4 and §4.5: the window of one round trip later is the target, and at most half as much again.
    const target = Math.min(Math.max(this.#wCubic(t + rtt), this.#cwnd), 1.5 * this.#cwnd);
    this.#cwnd += ((target - this.#cwnd) / this.#cwnd) * segments;
  }

  /** §4.2, figure 1. */
  #wCubic(t: number): number {
    return C * (t - this.#k) ** 3 + this.#wMax;
  }

  #beginEpoch(nowNs: number): void {
    this.#epochNs = nowNs;
    this.#wEst = this.#cwnd;
    if (this.#anew || this.#cwnd >= this.#wMax) {
      this.#wMax = this.#cwnd;
      this.#k = 0;
    } else {
      // §4.2, figure 2.
      this.#k = Math.cbrt((this.#wMax - this.#cwnd) / C);
    }
  }

  /** §4.6 and §4.7. */
  #decrease(flight: number): void {
    this.#prior = this.#cwnd;
    // Fast convergence: a flow that was told to slow down before it was back where it had been leaves room for others.
    this.#wMax = this.#cwnd < this.#wMax ? (this.#cwnd * (1 + BETA)) / 2 : this.#cwnd;
    // What is in flight counts, not a window that was not used; and what limited transmit added does not.
    this.#ssthresh = Math.max(2, Math.min(flight / this.#mss, this.#cwnd) * BETA);
    this.#epochNs = -1;
  }

  /** Time in which the window was not used is no time of the cubic function (§5.8). */
  #passOver(nowNs: number): void {
    if (this.#epochNs >= 0 && this.#lastAckNs >= 0) this.#epochNs += Math.max(0, nowNs - this.#lastAckNs);
  }

  #remember(): void {
    this.#before = { cwnd: this.#cwnd, ssthresh: this.#ssthresh, wMax: this.#wMax, prior: this.#prior };
  }
}
