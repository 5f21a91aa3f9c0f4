/** A recovery that sent more than this again is not judged: so much is not merely overtaken. */
const JUDGED_MAX = 64;

/**
 * Whether what a recovery sent again was sent in vain, because the segments had only been overtaken or delayed: the peer says of
 * each that it came twice (RFC 2883 §4, RFC 3708 §3). Then the congestion window was reduced without a reason.
 */
export class Vain {
  /** Where those begin that were sent again and of which it is not known that they came twice. */
  readonly #resent: number[] = [];
  #judged = false;

  /** A recovery begins. */
  begin(): void {
    this.#resent.length = 0;
    this.#judged = true;
  }

  resent(from: number): void {
    this.#judged &&= this.#resent.push(from) <= JUDGED_MAX;
  }

  /**
   * An acknowledgement came with blocks. Its first one is a D-SACK if it is below the acknowledgement, or in the second block.
   *
   * @returns whether all that was sent again has come twice now: says so once.
   */
  heard(ack: number, blocks: readonly number[]): boolean {
    if (!this.#judged) return false;
    const [from = 0, to = 0, secondFrom = 0, secondTo = 0] = blocks;
    const twice = to <= ack || (from >= secondFrom && to <= secondTo);
    const known = twice ? this.#resent.indexOf(from) : -1;
    if (known < 0) return false;
    this.#resent.splice(known, 1);
    if (this.#resent.length > 0) return false;
    this.#judged = false;
    return true;
  }
}
