import { assert } from "../../../abi/assert.ts";
import { UNSHARED, type BufferPool } from "./buffer-pool.ts";
import { ByteRing } from "./byte-ring.ts";

/**
 * What was written and is not acknowledged yet, sent or not: the bytes [start, end) of the stream.
 *
 *     released | start ... sent ... | ... not sent ... end
 *
 * How much it may hold is its owner's business (SO_SNDBUF). Without content it has no memory.
 */
export class SendBuffer {
  readonly #ring: ByteRing;
  #start = 0;
  #end = 0;

  constructor(pool: BufferPool = UNSHARED) {
    this.#ring = new ByteRing(pool);
  }

  /** Offset of the first byte held. */
  get start(): number {
    return this.#start;
  }

  /** Offset behind the last byte held: where the next one written goes. */
  get end(): number {
    return this.#end;
  }

  /** Bytes held. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Bytes of memory behind it. */
  get capacity(): number {
    return this.#ring.capacity;
  }

  /** Adds a copy of the bytes at the end. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#ring.reserve(this.#start, this.#end + bytes.length);
    this.#ring.write(this.#end, bytes);
    this.#end += bytes.length;
  }

  /** Bytes from the offset on: a view where possible, to be used before the buffer changes. */
  view(offset: number, length: number): Uint8Array {
    assert(offset >= this.#start && offset + length <= this.#end, "what is sent was written and is not released");
    return this.#ring.view(offset, length);
  }

  /** Forgets the bytes before the offset; they are acknowledged. */
  release(offset: number): void {
    assert(offset >= this.#start && offset <= this.#end, "what is released was held");
    this.#start = offset;
    if (offset === this.#end) this.#ring.free();
  }

  /** Forgets all: the connection has ended. */
  clear(): void {
    this.release(this.#end);
  }
}
