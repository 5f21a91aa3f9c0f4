/** Rings are powers of two, so that an offset finds its place by a mask. A smaller one would not be worth its header. */
const SMALLEST_BYTES = 512;

/**
 * Memory for the buffers of many connections. A buffer that has become empty gives its memory back, so that an idle
 * connection holds none; a busy one gets the same memory again, which is then still in the processor's cache.
 *
 * What comes out of the pool holds the bytes of others: buffers show only what they wrote themselves.
 */
export class BufferPool {
  readonly #keptMax: number;
  /** Free memory by the logarithm of its size. */
  readonly #free: Uint8Array[][] = [];
  #kept = 0;

  /** @param keptMax how many bytes it keeps at most; what is given back beyond them is left to the collector. */
  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  /** Free bytes that it keeps. */
  get kept(): number {
    return this.#kept;
  }

  /** Memory of at least so many bytes; its length is a power of two, its content anything. */
  take(bytesMin: number): Uint8Array {
    const log = 32 - Math.clz32(Math.max(bytesMin, SMALLEST_BYTES) - 1);
    const memory = this.#free[log]?.pop();
    if (memory === undefined) return new Uint8Array(2 ** log);
    this.#kept -= memory.length;
    return memory;
  }

  /** Takes memory back. The caller keeps no view of it. */
  give(memory: Uint8Array): void {
    if (this.#kept + memory.length > this.#keptMax) return;
    const log = 31 - Math.clz32(memory.length);
    const free = (this.#free[log] ??= []);
    free.push(memory);
    this.#kept += memory.length;
  }
}

/** Keeps nothing: for a buffer that shares with nobody. */
export const UNSHARED = new BufferPool(0);
