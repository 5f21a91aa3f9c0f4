import type { ByteRing } from "./byte-ring.ts";

/** A stretch of the stream that is held, beyond a gap. */
interface Held {
  start: number;
  end: number;
}

/**
 * How many stretches are held at most: a sender that fills its window with every second byte makes no more of them. What
 * would begin another one is not taken, as if it had been lost. A window of 3 MiB of which every second segment is lost has
 * as many.
 */
export const RANGES_MAX = 1024;

/** Of how many stretches it is known in which order segments came to them: more than an option has room for. */
const RECENT_MAX = 8;

/** The stretches beyond gaps of a receive buffer: sorted, disjoint, not touching each other. Their bytes are in its ring. */
export class OutOfOrder {
  readonly #held: Held[] = [];
  /** Those to which segments came last, the last one first. */
  readonly #recent: Held[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#held.length;
  }

  /** Offset behind the last byte held. */
  get end(): number {
    return this.#held.at(-1)?.end ?? 0;
  }

  /** There is room for [from, end): it touches what is held, or may begin a stretch of its own. */
  takes(from: number, end: number): boolean {
    if (this.#held.length < RANGES_MAX) return true;
    const first = this.#held[this.#firstThatEndsAt(from)];
    return first !== undefined && first.start <= end;
  }

  /**
   * Holds [from, end): writes what is not held yet.
   *
   * @returns the first stretch of it that was held already (RFC 2883 §4: the first duplicate contiguous sequence).
   */
  insert(from: number, end: number, bytes: Uint8Array, ring: ByteRing): { from: number; to: number } | undefined {
    const held = this.#held;
    const first = this.#firstThatEndsAt(from);
    const merged: Held = { start: from, end };
    let duplicate: { from: number; to: number } | undefined;
    let at = from;
    let last = first;
    for (; last < held.length; last++) {
      const one = held[last];
      if (one === undefined || one.start > end) break;
      if (one.start > at) ring.write(at, bytes.subarray(at - from, one.start - from));
      const overlapFrom = Math.max(one.start, from);
      const overlapTo = Math.min(one.end, end);
      if (overlapFrom < overlapTo) duplicate ??= { from: overlapFrom, to: overlapTo };
      at = Math.max(at, one.end);
      merged.start = Math.min(merged.start, one.start);
      merged.end = Math.max(merged.end, one.end);
      this.#bytes -= one.end - one.start;
    }
    if (at < end) ring.write(at, bytes.subarray(at - from));
    this.#bytes += merged.end - merged.start;
    held.splice(first, last - first, merged);
    this.#note(merged);
    return duplicate;
  }

  /** What is held at `next` is readable now: says where the readable bytes end. */
  advance(next: number): number {
    const first = this.#held[0];
    if (first === undefined || first.start > next) return next;
    this.#held.shift();
    const known = this.#recent.indexOf(first);
    if (known >= 0) this.#recent.splice(known, 1);
    this.#bytes -= first.end - first.start;
    return first.end;
  }

  /** Adds stretches as pairs of offsets, the one that a segment came to last first, until there are so many blocks. */
  report(blocks: number[], blocksMax: number): void {
    for (const one of this.#recent) if (blocks.length < 2 * blocksMax) blocks.push(one.start, one.end);
    if (this.#held.length === this.#recent.length) return;
    for (const one of this.#held) {
      if (blocks.length >= 2 * blocksMax) return;
      if (!this.#recent.includes(one)) blocks.push(one.start, one.end);
    }
  }

  /** A segment came to a stretch, which may have taken others up. */
  #note(merged: Held): void {
    const recent = this.#recent;
    let kept = 0;
    for (const one of recent) if (one.end < merged.start || one.start > merged.end) recent[kept++] = one;
    recent.length = Math.min(kept, RECENT_MAX - 1);
    recent.unshift(merged);
  }

  /** Index of the first stretch that ends at the offset or behind it. */
  #firstThatEndsAt(offset: number): number {
    let low = 0;
    let high = this.#held.length;
    // Segments mostly come behind all that is held.
    if (high > 0 && (this.#held[high - 1]?.end ?? 0) < offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#held[middle]?.end ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
