/**
 * A secret key of 128 bits, as four 32-bit words: the little-endian words of the 16 bytes that SipHash's paper counts.
 */
export interface SipKey {
  readonly k0Low: number;
  readonly k0High: number;
  readonly k1Low: number;
  readonly k1High: number;
}

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits, of which nobody can tell other values without the key.
 * In 32-bit halves, since a number holds no 64 bits.
 *
 * @param words the message, in little-endian words of 32 bits.
 * @param length its length in bytes, when it is no multiple of four; the bytes of the last word beyond it must be zero.
 * @returns the lower and the upper half.
 */
export function sipHash(
  key: SipKey,
  words: readonly number[],
  length = 4 * words.length,
): { readonly low: number; readonly high: number } {
  const state = new SipState(key);
  const whole = length >>> 3;
  for (let at = 0; at < whole; at++) state.absorb(words[2 * at] ?? 0, words[2 * at + 1] ?? 0);
  // The last block: what is left, and the length in its topmost byte.
  const rest = length & 7;
  const low = rest > 0 ? (words[2 * whole] ?? 0) : 0;
  const high = rest > 4 ? (words[2 * whole + 1] ?? 0) : 0;
  state.absorb(low, high | (length << 24));
  return state.finish();
}

/** A key made from a text, for a world whose chance is seeded. It is as secret as the text. */
export function sipKeyOf(text: string): SipKey {
  const words: number[] = [];
  for (let at = 0; at < text.length; at += 2)
    words.push(text.charCodeAt(at) | ((text.charCodeAt(at + 1) || 0) << 16) | 0);
  const first = sipHash({ k0Low: 1, k0High: 0, k1Low: 0, k1High: 0 }, words, 2 * text.length);
  const second = sipHash({ k0Low: 2, k0High: 0, k1Low: 0, k1High: 0 }, words, 2 * text.length);
  return { k0Low: first.low, k0High: first.high, k1Low: second.low, k1High: second.high };
}

class SipState {
  #v0l: number;
  #v0h: number;
  #v1l: number;
  #v1h: number;
  #v2l: number;
  #v2h: number;
  #v3l: number;
  #v3h: number;

  constructor({ k0Low, k0High, k1Low, k1High }: SipKey) {
    // "somepseudorandomlygeneratedbytes"
    this.#v0l = k0Low ^ 0x70736575;
    this.#v0h = k0High ^ 0x736f6d65;
    this.#v1l = k1Low ^ 0x6e646f6d;
    this.#v1h = k1High ^ 0x646f7261;
    this.#v2l = k0Low ^ 0x6e657261;
    this.#v2h = k0High ^ 0x6c796765;
    this.#v3l = k1Low ^ 0x79746573;
    this.#v3h = k1High ^ 0x74656462;
  }

  /** Two rounds for each block. */
  absorb(low: number, high: number): void {
    this.#v3l ^= low;
    this.#v3h ^= high;
    this.#round();
    this.#round();
    this.#v0l ^= low;
    this.#v0h ^= high;
  }

  /** Four rounds at the end. */
  finish(): { low: number; high: number } {
    this.#v2l ^= 0xff;
    for (let round = 0; round < 4; round++) this.#round();
    return {
      low: (this.#v0l ^ this.#v1l ^ this.#v2l ^ this.#v3l) >>> 0,
      high: (this.#v0h ^ this.#v1h ^ this.#v2h ^ this.#v3h) >>> 0,
    };
  }

  #round(): void {
    let v0l = this.#v0l >>> 0;
    let v0h = this.#v0h;
    let v1l = this.#v1l;
    let v1h = this.#v1h;
    let v2l = this.#v2l >>> 0;
    let v2h = this.#v2h;
    let v3l = this.#v3l;
    let v3h = this.#v3h;
    let sum: number;
    let other: number;

    // v0 += v1; v1 <<<= 13; v1 ^= v0; v0 <<<= 32
    sum = v0l + (v1l >>> 0);
    v0h = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v0l = sum | 0;
    other = (v1l << 13) | (v1h >>> 19);
    v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
    v1l = other ^ v0l;
    other = v0l;
    v0l = v0h;
    v0h = other;

    // v2 += v3; v3 <<<= 16; v3 ^= v2
    sum = v2l + (v3l >>> 0);
    v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v2l = sum | 0;
    other = (v3l << 16) | (v3h >>> 16);
    v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
    v3l = other ^ v2l;

    // v0 += v3; v3 <<<= 21; v3 ^= v0
    sum = (v0l >>> 0) + (v3l >>> 0);
    v0h = (v0h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v0l = sum | 0;
    other = (v3l << 21) | (v3h >>> 11);
    v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
    v3l = other ^ v0l;

    // v2 += v1; v1 <<<= 17; v1 ^= v2; v2 <<<= 32
    sum = (v2l >>> 0) + (v1l >>> 0);
    v2h = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v2l = sum | 0;
    other = (v1l << 17) | (v1h >>> 15);
    v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
    v1l = other ^ v2l;
    other = v2l;
    v2l = v2h;
    v2h = other;

    this.#v0l = v0l;
    this.#v0h = v0h;
    this.#v1l = v1l;
    this.#v1h = v1h;
    this.#v2l = v2l;
    this.#v2h = v2h;
    this.#v3l = v3l;
    this.#v3h = v3h;
  }
}
