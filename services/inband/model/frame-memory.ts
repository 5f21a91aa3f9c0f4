import { NO_BYTES } from "../../abi/packet/bytes.ts";

/** Where the bytes of a frame that leaves are written. */
export interface FrameMemory {
  /** Memory of exactly so many bytes; what is in it counts as nothing. */
  take(bytes: number): Uint8Array;
  /** A view of all the memory in which that lies which was taken last, and where it begins there. */
  readonly view: DataView;
  readonly at: number;
  /** All frames so far were copied by whoever was given them. Nobody says so who does not know. */
  recycle(): void;
}

/** Some forty full frames. Memory in larger pieces is cheaper to get than a piece for each frame, by ten times. */
const SLAB_BYTES = 64 * 1024;
/** A frame begins so far behind a multiple of eight that its IPv4 header and all behind it are aligned (Linux's NET_IP_ALIGN). */
const ALIGN = 2;

/** Each frame has its own memory, and lives as long as anybody has it; a slab goes when the last of its frames does. */
export class LastingFrames implements FrameMemory {
  #slab = new ArrayBuffer(SLAB_BYTES);
  #slabView = new DataView(this.#slab);
  #next = ALIGN;
  view: DataView = this.#slabView;
  at = 0;

  take(bytes: number): Uint8Array {
    if (this.#next + bytes > SLAB_BYTES) {
      if (bytes > SLAB_BYTES - ALIGN) return this.#alone(bytes);
      this.#slab = new ArrayBuffer(SLAB_BYTES);
      this.#slabView = new DataView(this.#slab);
      this.#next = ALIGN;
    }
    this.view = this.#slabView;
    this.at = this.#next;
    this.#next = ((this.at + bytes + 7) & ~7) + ALIGN;
    return new Uint8Array(this.#slab, this.at, bytes);
  }

  /** One that no slab holds. */
  #alone(bytes: number): Uint8Array {
    const frame = new Uint8Array(bytes);
    this.view = new DataView(frame.buffer);
    this.at = 0;
    return frame;
  }

  recycle(): void {
    // Here they are somebody's for as long as he wants.
  }
}

/** A slot holds a full Ethernet frame with two tags. */
const SLOT_BYTES = 1536;
/** More frames than a window of 256 kB takes, so that one step seldom needs more. */
const SLOTS_MAX = 256;

/**
 * The same memory again and again, and, where frames are as long as those before, the same arrays: nothing is left to the collector.
 * For who copies what steps transmit, into a ring say, and tells when that is done.
 */
export class PassingFrames implements FrameMemory {
  /** One piece for all: a stack that never sends has none. */
  #memory: DataView | undefined;
  readonly #slots: Uint8Array[] = [];
  readonly #more = new LastingFrames();
  #taken = 0;
  view: DataView = this.#more.view;
  at = 0;

  take(bytes: number): Uint8Array {
    if (this.#taken === SLOTS_MAX || bytes > SLOT_BYTES - ALIGN) {
      const frame = this.#more.take(bytes);
      this.view = this.#more.view;
      this.at = this.#more.at;
      return frame;
    }
    this.view = this.#memory ??= new DataView(new ArrayBuffer(SLOTS_MAX * SLOT_BYTES));
    const slot = this.#taken++;
    this.at = slot * SLOT_BYTES + ALIGN;
    const last = this.#slots[slot] ?? NO_BYTES;
    if (last.length === bytes) return last;
    return (this.#slots[slot] = new Uint8Array(this.#memory.buffer, this.at, bytes));
  }

  recycle(): void {
    this.#taken = 0;
  }
}
