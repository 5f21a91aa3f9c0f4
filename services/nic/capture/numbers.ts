/** The numbers in a file. Reading beyond its end gives zeros and never throws; lengths are checked by who reads. */
export interface Numbers {
  readonly littleEndian: boolean;
  u8(at: number): number;
  u16(at: number): number;
  u32(at: number): number;
  /** 64 bits with a sign. */
  i64(at: number): bigint;
}

/** Reads the numbers of a file in one byte order. */
export function createNumbers(bytes: Uint8Array, littleEndian: boolean): Numbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const holds = (at: number, size: number): boolean => at >= 0 && at + size <= view.byteLength;
  return {
    littleEndian,
    u8: (at) => (holds(at, 1) ? view.getUint8(at) : 0),
    u16: (at) => (holds(at, 2) ? view.getUint16(at, littleEndian) : 0),
    u32: (at) => (holds(at, 4) ? view.getUint32(at, littleEndian) : 0),
    i64: (at) => (holds(at, 8) ? view.getBigInt64(at, littleEndian) : 0n),
  };
}
