import type { RttEstimator } from "./rtt.ts";

/** What a probe waits at least beside two round trips: Linux's TCP_TIMEOUT_MIN, two ticks of 1 ms. */
const LEAST_NS = 2e6;
/** A single segment may be answered late: WCDelAckT, the longest delay of acknowledgements (RFC 8985 §7.2). */
const DELAYED_ACK_NS = 200e6;

/**
 * When nothing is heard for two round trips, a probe makes the peer say what it has (RFC 8985 §7): without it, the loss of the
 * last segments, or too few duplicates of a small window, cost a timeout. One probe, until there is news.
 */
export class TailProbe {
  /** It is to be sent. */
  wanted = false;
  /** Offset where the probe begins and ends that is not answered; the end is -1 without one. */
  #from = -1;
  #end = -1;
  /** It was no new data. */
  #again = false;
  /** Its arrival was news once. */
  #told = false;
  /** It was sent, or its time came: none is sent before there is news. */
  #done = false;

  /** How long after the last segment or acknowledgement it is due; Infinity: never. */
  delayNs(rtt: RttEstimator, flight: number, mss: number): number {
    if (this.#done || rtt.srttNs === 0) return Infinity;
    return 2 * rtt.srttNs + (flight <= mss ? DELAYED_ACK_NS : LEAST_NS);
  }

  /** Its time has come. */
  expired(wanted: boolean): void {
    this.wanted = wanted;
    this.#done = true;
  }

  sent(from: number, end: number, again: boolean): void {
    this.wanted = false;
    this.#again = again;
    this.#told = false;
    this.#from = from;
    this.#end = end;
  }

  /**
   * There is news from the peer, which holds bytes up to `highest`.
   *
   * @returns below which offset all is lost that the peer does not hold: it was sent two round trips before the probe, and the
   *   probe has arrived. 0 when nothing is known to be.
   */
  news(highest: number): number {
    this.wanted = false;
    this.#done = false;
    if (this.#end < 0 || highest < this.#end || this.#told) return 0;
    this.#told = true;
    return this.#from;
  }

  /**
   * Whether the probe, sent again as the last segment, has mended a loss: more than it is acknowledged, and the peer did not say
   * that it had it already (RFC 8985 §7.4.2).
   */
  mended(ack: number, blocks: readonly number[]): boolean {
    if (this.#end < 0 || !this.#again || ack < this.#end) return false;
    const twice = blocks.length > 1 && (blocks[1] ?? 0) <= ack;
    if (!twice && ack === this.#end) return false;
    this.#end = -1;
    return !twice;
  }

  clear(): void {
    this.wanted = false;
    this.#done = false;
    this.#end = -1;
  }
}
