const BITS = 8;

/**
 * A token bucket: it fills with the rate, up to its size, and a frame takes its bits out. A frame longer than the bucket
 * goes when the bucket is full, and leaves it in debt, so that the rate holds for frames of any length.
 */
export class TokenBucket {
  readonly #bitsPerNs: number;
  readonly #bitsMax: number;
  #bits: number;
  #filledNs: number;

  constructor(bitsPerSecond: number, burstBytes: number, nowNs: number) {
    this.#bitsPerNs = bitsPerSecond / 1e9;
    this.#bitsMax = burstBytes * BITS;
    this.#bits = this.#bitsMax;
    this.#filledNs = nowNs;
  }

  #needed(bytes: number): number {
    return Math.min(bytes * BITS, this.#bitsMax);
  }

  /** Takes the bits of a frame out, if there are enough for it. */
  take(bytes: number, nowNs: number): boolean {
    this.#bits = Math.min(this.#bitsMax, this.#bits + (nowNs - this.#filledNs) * this.#bitsPerNs);
    this.#filledNs = nowNs;
    // A millionth of a bit may be missing after many additions; the wait for it would be rounded to nothing.
    if (this.#bits + 1e-6 < this.#needed(bytes)) return false;
    this.#bits -= bytes * BITS;
    return true;
  }

  /** How long until a frame of that length can go; asked right after it could not. */
  waitNs(bytes: number): number {
    return Math.max(1, Math.ceil((this.#needed(bytes) - this.#bits) / this.#bitsPerNs));
  }
}
