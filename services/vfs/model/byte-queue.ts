/** Bytes that wait to be read, first in, first out, up to a bound. */
export class ByteQueue {
  readonly #bytesMax: number;
  #bytes = new Uint8Array(0);

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How many wait. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Appends what there is room for, which may be less than all; answers how many. */
  write(data: Uint8Array): number {
    const count = Math.min(data.length, this.#bytesMax - this.#bytes.length);
    const bytes = new Uint8Array(this.#bytes.length + count);
    bytes.set(this.#bytes);
    bytes.set(data.subarray(0, count), this.#bytes.length);
    this.#bytes = bytes;
    return count;
  }

  /** Takes as many as there are, at most `count`. */
  read(count: number): Uint8Array {
    const data = this.#bytes.slice(0, count);
    this.#bytes = this.#bytes.slice(data.length);
    return data;
  }

  /** Throws everything away. */
  flush(): void {
    this.#bytes = new Uint8Array(0);
  }
}
