/**
 * How many stretches are remembered at most, so that a peer that acknowledges every second byte costs no more than that. What
 * would be another one is ignored: such bytes are sent again, which is always right.
 */
export const STRETCHES_MAX = 1024;

/** DupThresh (RFC 6675 §2). */
export const DUP_THRESH = 3;

/**
 * What the peer says that it holds beyond the cumulative acknowledgement (RFC 6675 §3-4), by offsets.
 *
 *     una ... hole ... [sacked] ... hole ... [sacked] ... nxt
 *
 * It believes nothing that cannot be: blocks beyond what was sent, at or below what is acknowledged, or empty ones.
 */
export class Scoreboard {
  /** Where the stretches begin and end, in turn: sorted, disjoint, not touching. */
  #edges: number[] = [];
  #bytes = 0;

  /** Bytes in all stretches. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Stretches. */
  get count(): number {
    return this.#edges.length >>> 1;
  }

  /** Offset behind the highest byte that the peer holds; -1 without any. */
  get highest(): number {
    return this.#edges.at(-1) ?? -1;
  }

  /**
   * Takes a block of an acknowledgement.
   *
   * @returns how many bytes it told of that were not known.
   */
  add(from: number, to: number, una: number, nxt: number): number {
    // A block at `una` would say that the byte which is missing is there. D-SACK blocks are below it (RFC 2883 §4).
    if (from <= una || to > nxt || from >= to) return 0;
    const edges = this.#edges;
    const first = this.#firstThatEndsAt(from);
    let start = from;
    let end = to;
    let known = 0;
    let last = first;
    for (; last < edges.length; last += 2) {
      const oneStart = edges[last] ?? 0;
      const oneEnd = edges[last + 1] ?? 0;
      if (oneStart > to) break;
      if (oneStart < start) start = oneStart;
      if (oneEnd > end) end = oneEnd;
      known += oneEnd - oneStart;
    }
    const fresh = end - start - known;
    if (fresh === 0) return 0;
    if (last === first && this.count >= STRETCHES_MAX) return 0;
    edges.splice(first, last - first, start, end);
    this.#bytes += fresh;
    return fresh;
  }

  /**
   * All before `una` is acknowledged.
   *
   * @returns whether the peer holds what it said that it holds: a cumulative acknowledgement that ends within a stretch, or
   *   where one begins, says that it gave the stretch up (RFC 2018 §8). All stretches are forgotten then.
   */
  acknowledge(una: number): boolean {
    const edges = this.#edges;
    let gone = 0;
    while (gone < edges.length && (edges[gone + 1] ?? 0) <= una) {
      this.#bytes -= (edges[gone + 1] ?? 0) - (edges[gone] ?? 0);
      gone += 2;
    }
    if (gone > 0) edges.splice(0, gone);
    if ((edges[0] ?? Infinity) > una) return true;
    this.clear();
    return false;
  }

  /** Forgets all. */
  clear(): void {
    this.#edges = [];
    this.#bytes = 0;
  }

  /**
   * IsLost() as a border (RFC 6675 §4): what the peer does not hold below this offset is lost, since DupThresh stretches, or
   * more than (DupThresh - 1) * SMSS bytes, are held above it. 0 where nothing is lost.
   */
  lostBelow(mss: number): number {
    const edges = this.#edges;
    let bytes = 0;
    for (let at = edges.length - 2, stretches = 1; at >= 0; at -= 2, stretches++) {
      const start = edges[at] ?? 0;
      bytes += (edges[at + 1] ?? 0) - start;
      if (stretches >= DUP_THRESH || bytes > (DUP_THRESH - 1) * mss) return start;
    }
    return 0;
  }

  /** Bytes below an offset that the peer holds. */
  heldBelow(offset: number): number {
    const edges = this.#edges;
    if (offset >= this.highest) return this.#bytes;
    let bytes = 0;
    for (let at = 0; at < edges.length; at += 2) {
      const start = edges[at] ?? 0;
      if (start >= offset) break;
      bytes += Math.min(edges[at + 1] ?? 0, offset) - start;
    }
    return bytes;
  }

  /** The first offset, from `from` on, that the peer does not hold. */
  holeFrom(from: number): number {
    const at = this.#firstThatEndsAt(from);
    const start = this.#edges[at];
    return start !== undefined && start <= from ? (this.#edges[at + 1] ?? from) : from;
  }

  /** Where the hole ends that `offset` is in: at the next stretch, or at `nxt`. */
  holeEnd(offset: number, nxt: number): number {
    // A stretch that ends at the offset itself is before the hole.
    return this.#edges[this.#firstThatEndsAt(offset + 1)] ?? nxt;
  }

  /** Offset behind the highest byte below `nxt` that the peer does not hold. */
  lastMissing(nxt: number): number {
    return this.highest === nxt ? (this.#edges.at(-2) ?? nxt) : nxt;
  }

  /** Index of the first stretch that ends at the offset or behind it. */
  #firstThatEndsAt(offset: number): number {
    const edges = this.#edges;
    let low = 0;
    let high = edges.length >>> 1;
    if (high === 0 || (edges[2 * high - 1] ?? 0) < offset) return 2 * high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[2 * middle + 1] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }
}
