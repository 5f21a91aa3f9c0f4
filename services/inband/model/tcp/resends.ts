import { DUP_THRESH, type Scoreboard } from "./scoreboard.ts";

/** Something that was sent again. */
interface Resend {
  from: number;
  readonly end: number;
  /** What of the stream had been sent by then: what is beyond it was sent later. */
  readonly nxt: number;
  readonly count: number;
}

/**
 * What was sent again in a recovery, in the order of sending, to find what was lost again. RFC 6675 finds no lost
 * retransmission and waits for the timer; but the peer tells of it, by holding what was sent later. DupThresh such segments say
 * that it is lost, as they do for what is sent the first time (RFC 8985 §3 has the idea, with times instead of counts).
 */
export class Resends {
  readonly #sent: Resend[] = [];
  /** Lost again, and not sent since. */
  readonly #again: Resend[] = [];
  #count = 0;

  /** How many there were so far, those of earlier recoveries included. */
  get count(): number {
    return this.#count;
  }

  /** Nothing is known that was lost again. */
  get none(): boolean {
    return this.#again.length === 0;
  }

  add(from: number, end: number, nxt: number): void {
    this.#sent.push({ from, end, nxt, count: ++this.#count });
    const first = this.#again[0];
    if (first === undefined || from < first.from || from >= first.end) return;
    if (end >= first.end) this.#again.shift();
    else first.from = end;
  }

  clear(): void {
    this.#sent.length = 0;
    this.#again.length = 0;
  }

  /**
   * An acknowledgement came: which of them were lost again?
   *
   * @returns the count of the last of those that were found lost just now; -1 without any.
   */
  review(board: Scoreboard, una: number, mss: number): number {
    const sent = this.#sent;
    while (sent[0] !== undefined && delivered(sent[0], board, una)) sent.shift();
    let found = -1;
    let later = 0;
    for (let at = sent.length - 1; at >= 0; at--) {
      const one = sent[at];
      if (one === undefined) break;
      if (delivered(one, board, una)) later++;
      else if (later + (board.bytes - board.heldBelow(one.nxt)) / mss >= DUP_THRESH) {
        sent.splice(at, 1);
        this.#again.unshift(one);
        found = Math.max(found, one.count);
      }
    }
    return found;
  }

  /** The first hole that was lost again, by where it begins; -1 without any. */
  hole(board: Scoreboard, una: number): number {
    for (let first = this.#again[0]; first !== undefined; first = this.#again[0]) {
      const from = board.holeFrom(Math.max(first.from, una));
      if (from < first.end) return from;
      this.#again.shift();
    }
    return -1;
  }

  /** Bytes that were lost again and are not in the network, therefore. */
  missing(board: Scoreboard, una: number): number {
    let bytes = 0;
    for (const { from, end } of this.#again) {
      const start = Math.max(from, una);
      if (start < end) bytes += end - start - (board.heldBelow(end) - board.heldBelow(start));
    }
    return bytes;
  }
}

const delivered = ({ from, end }: Resend, board: Scoreboard, una: number): boolean =>
  end <= una || board.holeFrom(Math.max(from, una)) >= end;
