import { Resends } from "./resends.ts";
import { Scoreboard } from "./scoreboard.ts";
import { Vain } from "./vain.ts";

/**
 * - open: nothing is known to be lost.
 * - recovery: fast recovery, with SACK (RFC 6675) or without (RFC 6582), until the recovery point is acknowledged.
 * - loss: the timer expired; what was outstanding is sent again from the left edge on, in slow start, up to the recovery point.
 */
export type Phase = "open" | "recovery" | "loss";

/** Why something is sent again. */
export type ResendWhy = "fast" | "rescue" | "probe" | "timeout";

/**
 * What was sent and is not acknowledged, [una, nxt) by offsets, and where each byte of it is believed to be: held by the peer, in
 * the network, or lost (RFC 6675 §4).
 */
export class Outstanding {
  readonly board = new Scoreboard();
  #una = 0;
  #nxt = 0;
  /** HighRxt: offset behind what was sent again in this recovery. */
  #highRxt = 0;
  #lostBelow = 0;
  #pipe = 0;
  /** Made with the first thing that is sent again. */
  #resends: Resends | undefined;
  #vain: Vain | undefined;
  /** What was found to be sent again: where it begins, how long it is (0: nothing), and why. */
  #from = 0;
  #length = 0;
  #why: ResendWhy = "fast";

  get una(): number {
    return this.#una;
  }

  get nxt(): number {
    return this.#nxt;
  }

  /** FlightSize (RFC 5681 §2). */
  get flight(): number {
    return this.#nxt - this.#una;
  }

  /** Estimate of what is in the network. */
  get pipe(): number {
    return this.#pipe;
  }

  /** All below it that the peer does not hold is lost. */
  get lostBelow(): number {
    return this.#lostBelow;
  }

  /** Bytes that are believed to be lost, whether they were sent again or not. */
  get lost(): number {
    return this.#missingBelow(this.#lostBelow);
  }

  /** Bytes that were sent again in this recovery and are not acknowledged. */
  get resentBytes(): number {
    return this.#missingBelow(this.#highRxt);
  }

  /** How much was sent again so far: counts up. */
  get resends(): number {
    return this.#resends?.count ?? 0;
  }

  get from(): number {
    return this.#from;
  }

  get length(): number {
    return this.#length;
  }

  get why(): ResendWhy {
    return this.#why;
  }

  sent(end: number): void {
    this.#pipe += end - this.#nxt;
    this.#nxt = end;
  }

  /** All before `ack` arrived. With nothing held beyond it, and nothing sent again, that is all there is to know. */
  acknowledge(ack: number): void {
    this.#una = ack;
    this.#pipe = this.#nxt - ack;
    if (this.#highRxt < ack) this.#highRxt = ack;
    if (this.board.count > 0) this.board.acknowledge(ack);
  }

  /** Update(): SACK blocks as pairs of offsets. Says how many bytes they told of that were not known. */
  hear(blocks: readonly number[]): number {
    let fresh = 0;
    for (let at = 0; at + 1 < blocks.length; at += 2)
      fresh += this.board.add(blocks[at] ?? 0, blocks[at + 1] ?? 0, this.#una, this.#nxt);
    return fresh;
  }

  /**
   * SetPipe(), with IsLost() as a border.
   *
   * @param lostAtLeast all below it is lost for another reason.
   */
  review(mss: number, lostAtLeast: number): void {
    this.#lostBelow = Math.max(this.board.lostBelow(mss), lostAtLeast);
    this.#pipe =
      this.flight - this.board.bytes - this.#missingBelow(this.#lostBelow) + this.#missingBelow(this.#highRxt);
    if (this.#resends?.none === false) this.#pipe -= this.#resends.missing(this.board, this.#una);
  }

  /** Finds what was sent again and was lost again: the count that the last of them had; -1 without any. */
  findLostAgain(mss: number): number {
    return this.#resends?.review(this.board, this.#una, mss) ?? -1;
  }

  /** A recovery begins of all that is outstanding. */
  begin(): void {
    this.restart();
    (this.#vain ??= new Vain()).begin();
  }

  /** All that the last recovery sent again has come twice, as an acknowledgement says that came with these blocks. */
  inVain(ack: number, blocks: readonly number[]): boolean {
    return blocks.length > 0 && this.#vain?.heard(ack, blocks) === true;
  }

  /** A recovery begins or ends: nothing of what is outstanding was sent again in it. */
  restart(): void {
    this.#highRxt = this.#una;
    this.#resends?.clear();
  }

  /** Where the first hole begins that was not sent again, or was lost again: NextSeg() rule (1.a). */
  nextHole(): number {
    const again = this.#resends?.hole(this.board, this.#una) ?? -1;
    return again >= 0 ? again : this.board.holeFrom(this.#highRxt);
  }

  findNothing(): void {
    this.#length = 0;
  }

  /** At most a segment from `from` on is to be sent again: to `end`, or to what the peer holds. */
  find(from: number, end: number, mss: number, why: ResendWhy): void {
    this.#from = from;
    this.#length = Math.min(mss, this.board.holeEnd(from, end) - from, end - from);
    this.#why = why;
  }

  /** The segment that includes the highest byte outstanding that the peer does not hold. */
  findLast(mss: number, why: ResendWhy): void {
    const top = this.board.lastMissing(this.#nxt);
    this.find(this.board.holeFrom(Math.max(top - mss, this.#una)), top, mss, why);
  }

  /**
   * NextSeg(), rules (1) to (4).
   *
   * @param newData what rule (2) would send is there.
   * @param mayRescue rule (4) may still be used in this recovery.
   */
  nextSegment(mss: number, newData: boolean, mayRescue: boolean): void {
    const hole = this.nextHole();
    if (hole < this.#lostBelow) this.find(hole, this.#nxt, mss, "fast");
    else if (newData) this.findNothing();
    else if (hole < this.board.highest) this.find(hole, this.#nxt, mss, "fast");
    else if (mayRescue && this.flight > this.board.bytes) this.findLast(mss, "rescue");
    else this.findNothing();
  }

  /** What was found was sent again. */
  resent(): void {
    const from = this.#from;
    const end = from + this.#length;
    (this.#resends ??= new Resends()).add(from, end, this.#nxt);
    this.#vain?.resent(from);
    if (end > this.#highRxt) this.#highRxt = end;
    this.#pipe += end - from;
  }

  /** Bytes outstanding below an offset that the peer does not hold. */
  #missingBelow(offset: number): number {
    return offset <= this.#una ? 0 : offset - this.#una - this.board.heldBelow(offset);
  }
}
