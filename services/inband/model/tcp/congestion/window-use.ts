import type { CongestionControl } from "./congestion.ts";

/**
 * Whether the congestion window was what limited the sender. A window that was not used says nothing of the path, and must
 * not grow (RFC 7661 §4.3, RFC 9438 §5.8). It is judged by the most that was in flight in a round trip, as Linux does.
 */
export class WindowUse {
  #peak = 0;
  #limited = false;
  /** The round trip ends when this offset is acknowledged. */
  #until = 0;

  /** New data was sent, up to `nxt`. */
  sent(una: number, nxt: number, mss: number, cwnd: number): void {
    const flight = nxt - una;
    const limited = flight + mss > cwnd;
    if (!limited && una < this.#until && (this.#limited || flight <= this.#peak)) return;
    this.#peak = flight;
    this.#limited = limited;
    this.#until = nxt;
  }

  /** The window may grow: all of it was used, or half of it in slow start, which doubles what was used. */
  mayGrow({ cwnd, ssthresh }: CongestionControl): boolean {
    return cwnd < ssthresh ? 2 * this.#peak >= cwnd : this.#limited;
  }
}
