/** Bytes that are read in little-endian order, and never beyond their end: what lies there is 0, and `within` tells. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether so many bytes from there on are there. */
  within(at: number, size: number): boolean {
    return Number.isSafeInteger(at) && at >= 0 && size >= 0 && at + size <= this.bytes.length;
  }

  u8(at: number): number {
    return this.bytes[at] ?? 0;
  }

  u16(at: number): number {
    return this.within(at, 2) ? this.#view.getUint16(at, true) : 0;
  }

  i16(at: number): number {
    return this.within(at, 2) ? this.#view.getInt16(at, true) : 0;
  }

  u32(at: number): number {
    return this.within(at, 4) ? this.#view.getUint32(at, true) : 0;
  }

  i32(at: number): number {
    return this.within(at, 4) ? this.#view.getInt32(at, true) : 0;
  }

  /** Of a number that cannot be told apart from its neighbours, infinity: no place and no size is as large. */
  u64(at: number): number {
    const value = this.within(at, 8) ? this.#view.getBigUint64(at, true) : 0n;
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
  }

  /** The text up to a zero byte. */
  text(at: number): string {
    const end = this.bytes.indexOf(0, at);
    return end < 0 ? "" : String.fromCharCode(...this.bytes.subarray(at, Math.min(end, at + NAME_MAX)));
  }
}

/** Names are not longer; a longer one is cut. */
const NAME_MAX = 512;
