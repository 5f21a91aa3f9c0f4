import { assert } from "../../abi/assert.ts";
import type { ArrivedFrame } from "../../abi/frame.ts";
import { DESCRIPTOR_WORDS, REAL, slotWords, WORD, type RingViews } from "./layout.ts";

/** A frame that was received and is held, its bytes where they lie in the ring: it must not be used after `release`. */
export interface HeldFrame extends ArrivedFrame {
  readonly length: number;
}

/** What the consumer has given back: all indices before this one. */
export interface Released {
  index: number;
}

/**
 * The consumer's side of a slot: one object for the life of the ring, so that receiving makes none. Where the bytes are was
 * checked and is kept here; the rest of the descriptor is read when it is asked for.
 */
export class Slot implements HeldFrame {
  /** The index that the slot holds, or has held last. */
  index = 0;
  /** Of the frame's first byte in the buffer. */
  offset = 0;
  length = 0;
  readonly #ring: RingViews;
  readonly #released: Released;
  readonly #descriptor: number;
  #view: Uint8Array;
  #viewOffset = 0;
  #viewLength = 0;

  constructor(ring: RingViews, slot: number, released: Released) {
    this.#ring = ring;
    this.#released = released;
    this.#descriptor = WORD.descriptors + slot * slotWords(ring);
    const from = (this.#descriptor + DESCRIPTOR_WORDS) * 4;
    this.#view = ring.bytes.subarray(from, from);
  }

  get flags(): number {
    this.#assertHeld();
    return (this.#ring.words[this.#descriptor + 2] ?? 0) >>> 0;
  }

  get frame(): number {
    return this.#real(REAL.frame);
  }

  get timeNs(): number {
    return this.#real(REAL.timeNs);
  }

  get trace(): number {
    return this.#real(REAL.trace);
  }

  get span(): number {
    return this.#real(REAL.span);
  }

  get lamport(): number {
    return this.#real(REAL.lamport);
  }

  /** A view is made when it differs from the slot's last one: frames of one size cost none. */
  get bytes(): Uint8Array {
    this.#assertHeld();
    if (this.#viewLength !== this.length || this.#viewOffset !== this.offset) {
      this.#viewLength = this.length;
      this.#viewOffset = this.offset;
      const from = (this.#descriptor + DESCRIPTOR_WORDS) * 4 + this.offset;
      this.#view = this.#ring.bytes.subarray(from, from + this.length);
    }
    return this.#view;
  }

  #real(at: number): number {
    this.#assertHeld();
    return this.#ring.reals[(this.#descriptor >> 1) + at] ?? 0;
  }

  #assertHeld(): void {
    assert(((this.index - this.#released.index) | 0) >= 0, "a frame is read between pop and release only");
  }
}
