/** What the retransmission timeout is made from. */
export interface RtoSettings {
  /** Before the first sample: 1 s (RFC 6298 (2.1)). */
  readonly initialRtoNs: number;
  /** RFC 6298 (2.4) says 1 s, which nobody follows. */
  readonly minRtoNs: number;
  /** At least 60 s (RFC 6298 (2.5)). */
  readonly maxRtoNs: number;
  /** G, the least that the variance adds (RFC 6298 (2.3)). */
  readonly granularityNs: number;
}

/**
 * Linux: TCP_RTO_MIN of 200 ms is what the variance adds at least (`tcp_set_rto`: srtt + max(4 * rttvar, 200 ms)), so it takes
 * the place of the granularity. TCP_RTO_MAX is 120 s.
 */
export const LINUX_RTO: RtoSettings = { initialRtoNs: 1e9, minRtoNs: 200e6, maxRtoNs: 120e9, granularityNs: 200e6 };

/** illumos: `_rexmit_interval_initial` 1 s, `_rexmit_interval_min` 400 ms, `_rexmit_interval_max` 60 s. */
export const ILLUMOS_RTO: RtoSettings = { initialRtoNs: 1e9, minRtoNs: 400e6, maxRtoNs: 60e9, granularityNs: 10e6 };

/** RFC 6298 (2.3). */
const K = 4;
const ALPHA = 1 / 8;
const BETA = 1 / 4;
/** RFC 6298 (5.7): where data begins after a SYN that had to be sent again. */
const AFTER_LOST_SYN_NS = 3e9;
/** So many backoffs in a row say that the path is another one: what is known of its length is forgotten (RFC 6298 §5). */
const FORGET_AFTER = 8;

/** How long the round trip takes, and how long to wait for an acknowledgement (RFC 6298 §2-4). */
export class RttEstimator {
  readonly #settings: RtoSettings;
  #srttNs = 0;
  #rttvarNs = 0;
  #minRttNs = Infinity;
  #baseNs: number;
  #backoffs = 0;
  /** What is being timed: the offset behind it, and when it was sent. Nothing while it is -1. */
  #timedEnd = -1;
  #timedAtNs = 0;

  constructor(settings: RtoSettings) {
    this.#settings = settings;
    this.#baseNs = this.#bounded(settings.initialRtoNs);
  }

  /** SRTT; 0 before the first sample. */
  get srttNs(): number {
    return this.#srttNs;
  }

  get rttvarNs(): number {
    return this.#rttvarNs;
  }

  /** The shortest sample, undefined before the first. */
  get minRttNs(): number | undefined {
    return this.#minRttNs === Infinity ? undefined : this.#minRttNs;
  }

  /** RTO, backed off. */
  get rtoNs(): number {
    return this.#backoffs === 0 ? this.#baseNs : this.#bounded(this.#baseNs * 2 ** this.#backoffs);
  }

  /** How often the timer expired since the last sample. */
  get backoffs(): number {
    return this.#backoffs;
  }

  /**
   * A round trip was measured, on a segment that was sent once or by its timestamp (Karn's algorithm, RFC 6298 §3). It also
   * ends the backoff (RFC 6298 §5, behind (5.7)).
   *
   * @param samplesPerRtt how many samples come in a round trip; each weighs so much less (RFC 7323 appendix G).
   */
  sample(rttNs: number, samplesPerRtt = 1): void {
    // A clock that stood still has measured less than its granularity, not nothing.
    const rtt = Math.max(rttNs, 1);
    if (this.#srttNs === 0) {
      // (2.2)
      this.#srttNs = rtt;
      this.#rttvarNs = rtt / 2;
    } else {
      // (2.3), RTTVAR with the SRTT of before.
      const beta = BETA / samplesPerRtt;
      const alpha = ALPHA / samplesPerRtt;
      this.#rttvarNs = (1 - beta) * this.#rttvarNs + beta * Math.abs(this.#srttNs - rtt);
      this.#srttNs = (1 - alpha) * this.#srttNs + alpha * rtt;
    }
    if (rtt < this.#minRttNs) this.#minRttNs = rtt;
    this.#backoffs = 0;
    this.#baseNs = this.#bounded(this.#srttNs + Math.max(this.#settings.granularityNs, K * this.#rttvarNs));
  }

  /** Times what was just sent, unless something is being timed: one sample for a round trip will do (RFC 6298 §3). */
  time(end: number, nowNs: number): void {
    if (this.#timedEnd >= 0) return;
    this.#timedEnd = end;
    this.#timedAtNs = nowNs;
  }

  /** All before `ack` is acknowledged: a sample, if what is being timed is among it. For connections without timestamps. */
  acked(ack: number, nowNs: number): void {
    if (this.#timedEnd < 0 || ack < this.#timedEnd) return;
    this.#timedEnd = -1;
    this.sample(nowNs - this.#timedAtNs);
  }

  /** Something was sent again, so an acknowledgement does not say which of the two arrived (Karn's algorithm). */
  stopTiming(): void {
    this.#timedEnd = -1;
  }

  /** The timer expired: wait twice as long (RFC 6298 (5.5)). */
  backOff(): void {
    this.stopTiming();
    if (this.rtoNs < this.#settings.maxRtoNs) this.#backoffs++;
    // SRTT and RTTVAR MAY be cleared; the next sample begins anew with (2.2). RTO stays what it is.
    if (this.#backoffs >= FORGET_AFTER) this.#srttNs = 0;
  }

  /**
   * The handshake is done, and data begins. What the handshake's backoff was does not count for data.
   *
   * RFC 6298 (5.7): an RTO below 3 s becomes 3 s if SYN was sent again. A sample that its timestamp made certain is better.
   */
  established(synWasResent: boolean): void {
    this.#backoffs = 0;
    if (synWasResent && this.#srttNs === 0) this.#baseNs = this.#bounded(Math.max(this.#baseNs, AFTER_LOST_SYN_NS));
  }

  #bounded(ns: number): number {
    return Math.min(this.#settings.maxRtoNs, Math.max(this.#settings.minRtoNs, ns));
  }
}

/**
 * The retransmission timer (RFC 6298 §5), and with it the timer of tail loss probes, which is due earlier (RFC 8985 §7.2). It
 * tells when it will expire; that time has come is for its owner to see.
 */
export class RetransmissionTimer {
  readonly #rtt: RttEstimator;
  #atNs = Infinity;
  #probeAtNs = Infinity;

  constructor(rtt: RttEstimator) {
    this.#rtt = rtt;
  }

  /** When it expires, or a probe is due; Infinity while it is off. */
  get atNs(): number {
    return Math.min(this.#atNs, this.#probeAtNs);
  }

  /** Something was sent or acknowledged: a probe is due so much later, if it is not later than the timeout. */
  probeIn(delayNs: number, nowNs: number): void {
    this.#probeAtNs = nowNs + delayNs < this.#atNs ? nowNs + delayNs : Infinity;
  }

  /** What is due is a probe, which is off then; otherwise it is the timeout. */
  takeProbe(nowNs: number): boolean {
    if (this.#probeAtNs > nowNs) return false;
    this.#probeAtNs = Infinity;
    return true;
  }

  get running(): boolean {
    return this.#atNs !== Infinity;
  }

  /** (5.1) Something that must be acknowledged was sent, for the first time or again. */
  sent(nowNs: number): void {
    if (this.#atNs === Infinity) this.#atNs = nowNs + this.#rtt.rtoNs;
  }

  /** (5.2), (5.3) Something new was acknowledged. A sample that came with it was taken before. */
  acked(outstanding: boolean, nowNs: number): void {
    if (outstanding) this.#atNs = nowNs + this.#rtt.rtoNs;
    else this.stop();
  }

  /** (5.5), (5.6) It expired: the owner sends the earliest segment again (5.4), and it runs for twice as long. */
  expired(nowNs: number): void {
    this.#rtt.backOff();
    this.#probeAtNs = Infinity;
    this.#atNs = nowNs + this.#rtt.rtoNs;
  }

  stop(): void {
    this.#atNs = Infinity;
    this.#probeAtNs = Infinity;
  }
}
