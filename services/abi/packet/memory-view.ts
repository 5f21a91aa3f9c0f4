import { NO_BYTES } from "./bytes.ts";

/**
 * The view of all the memory that arrays lie in, kept from one array to the next: frames mostly lie in the same memory. A view reads
 * a number at once, in either order of its bytes and wherever it begins, where an array gives it byte by byte. Beyond the end of the
 * memory it throws; who reads has looked at lengths before.
 */
export class MemoryView {
  #memory: ArrayBufferLike = NO_BYTES.buffer;
  #view = new DataView(NO_BYTES.buffer);

  /** The view of the memory of an array, in which the array begins at its `byteOffset`. */
  of({ buffer }: Uint8Array): DataView {
    if (this.#memory !== buffer) {
      this.#memory = buffer;
      this.#view = new DataView(buffer);
    }
    return this.#view;
  }
}
