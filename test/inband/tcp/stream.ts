import { draws } from "../fuzz-frames.ts";

/** How many bytes it takes until the content repeats: a prime, so that no multiple of a segment's size looks the same. */
const PERIOD = 65_521;

/** What one end says: every byte is known by its place, so that whoever got one can tell whether it is the right one. */
export class Stream {
  readonly #twice: Uint8Array;

  constructor(seed: number) {
    const draw = draws(seed + 1);
    const once = Uint8Array.from({ length: PERIOD }, () => draw(256));
    this.#twice = new Uint8Array(2 * PERIOD);
    this.#twice.set(once);
    this.#twice.set(once, PERIOD);
  }

  /** Up to 65,521 bytes from a place on. */
  bytes(offset: number, length: number): Uint8Array {
    const at = offset % PERIOD;
    return this.#twice.subarray(at, at + Math.min(length, PERIOD));
  }

  /** Whether these are the bytes from a place on. */
  holds(offset: number, bytes: Uint8Array): boolean {
    for (let done = 0; done < bytes.length; done += PERIOD) {
      const part = bytes.subarray(done, done + PERIOD);
      if (Buffer.compare(part, this.bytes(offset + done, part.length)) !== 0) return false;
    }
    return true;
  }
}

/** Stretches of numbers that came, none touching another, in their order. */
export class Ranges {
  readonly #ranges: { from: number; to: number }[] = [];

  add(from: number, to: number): void {
    if (to <= from) return;
    const ranges = this.#ranges;
    const first = ranges.findIndex((range) => range.to >= from);
    if (first < 0) {
      ranges.push({ from, to });
      return;
    }
    let after = first;
    const joined = { from, to };
    for (let next = ranges[after]; next !== undefined && next.from <= to; next = ranges[++after]) {
      joined.from = Math.min(joined.from, next.from);
      joined.to = Math.max(joined.to, next.to);
    }
    ranges.splice(first, after - first, joined);
  }

  /** Whether all of these came. */
  covers(from: number, to: number): boolean {
    return this.#ranges.some((range) => range.from <= from && to <= range.to);
  }

  /** The first number that did not come. */
  get prefix(): number {
    const first = this.#ranges[0];
    return first === undefined || first.from > 0 ? 0 : first.to;
  }
}
