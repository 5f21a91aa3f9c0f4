import type { BufferPool } from "./buffer-pool.ts";

const NOTHING = new Uint8Array(0);

/**
 * Bytes of a stream, found by their offset: the byte at offset n is at `n & mask`. It holds any stretch that is no longer
 * than its memory, grows by doubling, and has no memory before something is written. Which bytes have meaning is known
 * to its owner alone.
 */
export class ByteRing {
  readonly #pool: BufferPool;
  #memory: Uint8Array = NOTHING;
  /** What the memory lies in, all of which it is. */
  #buffer: ArrayBufferLike = NOTHING.buffer;
  #mask = 0;

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  /** Bytes of memory. */
  get capacity(): number {
    return this.#memory.length;
  }

  /** Makes room for the stretch [start, end); what was in it keeps its place. */
  reserve(start: number, end: number): void {
    const old = this.#memory;
    if (end - start <= old.length) return;
    const oldMask = this.#mask;
    this.#memory = this.#pool.take(end - start);
    this.#buffer = this.#memory.buffer;
    this.#mask = this.#memory.length - 1;
    if (old.length === 0) return;
    const first = old.length - (start & oldMask);
    this.write(start, old.subarray(start & oldMask));
    this.write(start + first, old.subarray(0, old.length - first));
    this.#pool.give(old);
  }

  /** Writes bytes at an offset that was reserved. */
  write(offset: number, bytes: Uint8Array): void {
    const at = offset & this.#mask;
    const first = this.#memory.length - at;
    if (bytes.length <= first) {
      this.#memory.set(bytes, at);
      return;
    }
    this.#memory.set(bytes.subarray(0, first), at);
    this.#memory.set(bytes.subarray(first), 0);
  }

  /** The stretch as it lies in memory, or a copy of it where it lies around the end. To be used before the next change. */
  view(offset: number, length: number): Uint8Array {
    const at = offset & this.#mask;
    return at + length <= this.#memory.length ? new Uint8Array(this.#buffer, at, length) : this.copy(offset, length);
  }

  /** A copy of the stretch, which is the caller's. */
  copy(offset: number, length: number): Uint8Array {
    const at = offset & this.#mask;
    const first = this.#memory.length - at;
    if (length <= first) return this.#memory.slice(at, at + length);
    const bytes = new Uint8Array(length);
    bytes.set(this.#memory.subarray(at), 0);
    bytes.set(this.#memory.subarray(0, length - first), first);
    return bytes;
  }

  /** Copies the stretch to the beginning of other memory. */
  copyInto(offset: number, length: number, into: Uint8Array): void {
    const at = offset & this.#mask;
    const first = this.#memory.length - at;
    if (length <= first) {
      into.set(this.#memory.subarray(at, at + length));
      return;
    }
    into.set(this.#memory.subarray(at));
    into.set(this.#memory.subarray(0, length - first), first);
  }

  byteAt(offset: number): number {
    return this.#memory[offset & this.#mask] ?? 0;
  }

  /** Gives all memory back; nothing in it has meaning any more. */
  free(): void {
    if (this.#memory.length === 0) return;
    this.#pool.give(this.#memory);
    this.#memory = NOTHING;
    this.#buffer = NOTHING.buffer;
    this.#mask = 0;
  }
}
