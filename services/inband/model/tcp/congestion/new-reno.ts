import { initialWindow, windowAfterIdle, type CongestionControl } from "./congestion.ts";

/** Slow start and congestion avoidance of RFC 5681, by byte counting (RFC 3465). */
export class NewReno implements CongestionControl {
  readonly name = "reno";
  #mss: number;
  #cwnd: number;
  #ssthresh = Infinity;
  /** Bytes acknowledged since the window grew last, in congestion avoidance (RFC 3465 §2.1). */
  #acked = 0;
  #cwndBefore = 0;
  #ssthreshBefore = Infinity;

  constructor(mss: number, synWasResent: boolean) {
    this.#mss = mss;
    this.#cwnd = initialWindow(mss, synWasResent);
  }

  get cwnd(): number {
    return this.#cwnd;
  }

  get ssthresh(): number {
    return this.#ssthresh;
  }

  onAck(ackedBytes: number, limitBytes: number, _srttNs: number, _nowNs: number): void {
    if (this.#cwnd < this.#ssthresh) {
      // RFC 5681 §3.1 (2), with the limit L of RFC 3465 §2.2. It does not grow past the threshold.
      this.#cwnd = Math.min(this.#cwnd + Math.min(ackedBytes, limitBytes), Math.max(this.#ssthresh, this.#cwnd));
      return;
    }
    // RFC 3465 §2.1: a segment for each window that was acknowledged.
    this.#acked += ackedBytes;
    if (this.#acked < this.#cwnd) return;
    this.#acked -= this.#cwnd;
    this.#cwnd += this.#mss;
  }

  onAckUnused(_nowNs: number): void {
    this.#acked = 0;
  }

  onLoss(flight: number, _nowNs: number): void {
    this.#remember();
    // RFC 5681 (4). Three segments more are in RFC 6582's window, not in this one: recovery.ts adds them.
    this.#ssthresh = Math.max(Math.floor(flight / 2), 2 * this.#mss);
    this.#cwnd = this.#ssthresh;
  }

  onRecovered(flight: number): void {
    this.#cwnd = Math.min(this.#ssthresh, Math.max(flight, this.#mss) + this.#mss);
    this.#acked = 0;
  }

  onTimeout(flight: number, again: boolean, _nowNs: number): void {
    if (!again) {
      this.#remember();
      this.#ssthresh = Math.max(Math.floor(flight / 2), 2 * this.#mss);
    }
    // LW, the loss window (RFC 5681 §3.1).
    this.#cwnd = this.#mss;
    this.#acked = 0;
  }

  undo(_nowNs: number): void {
    this.#cwnd = Math.max(this.#cwnd, this.#cwndBefore);
    this.#ssthresh = Math.max(this.#ssthresh, this.#ssthreshBefore);
  }

  onIdle(timeouts: number, _nowNs: number): void {
    this.#ssthresh = Math.max(this.#ssthresh, Math.floor((3 * this.#cwnd) / 4));
    this.#cwnd = Math.floor(windowAfterIdle(this.#cwnd, this.#mss, timeouts));
    this.#acked = 0;
  }

  setMss(mss: number): void {
    // As many segments as before (RFC 1191 §6.5): a path that carries smaller ones does not carry more of them.
    this.#cwnd = Math.max(mss, Math.floor((this.#cwnd / this.#mss) * mss));
    this.#mss = mss;
  }

  adopt(cwnd: number, ssthresh: number): void {
    this.#cwnd = cwnd;
    this.#ssthresh = ssthresh;
  }

  #remember(): void {
    this.#cwndBefore = this.#cwnd;
    this.#ssthreshBefore = this.#ssthresh;
  }
}
