/** A slab: some forty full frames. Memory in larger pieces is cheaper to get than a piece for each frame, by ten times. */
const SLAB_BYTES = 64 * 1024;
/** A frame begins so far behind a multiple of eight that its IPv4 header and all behind it are aligned (Linux's NET_IP_ALIGN). */
const ALIGN = 2;

/**
 * Memory for frames that leave. Each has its own, zero, and lives as long as anybody has it; a slab goes when the last of its frames
 * does.
 */
export class FrameMemory {
  #slab = new ArrayBuffer(SLAB_BYTES);
  #at = ALIGN;

  take(bytes: number): Uint8Array {
    if (this.#at + bytes > SLAB_BYTES) {
      if (bytes > SLAB_BYTES - ALIGN) return new Uint8Array(bytes);
      this.#slab = new ArrayBuffer(SLAB_BYTES);
      this.#at = ALIGN;
    }
    const frame = new Uint8Array(this.#slab, this.#at, bytes);
    this.#at = ((this.#at + bytes + 7) & ~7) + ALIGN;
    return frame;
  }
}
