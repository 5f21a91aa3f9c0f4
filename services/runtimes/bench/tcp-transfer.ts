/** Two ends in one process, one of which sends for ever. */
export interface Transfer {
  /** Lets them work for so long; answers the bytes of data that the taking program took meanwhile. */
  round(ms: number): number;
}

/** What a program writes and takes at a time. */
export const CHUNK_BYTES = 64 * 1024;
/** Data in a segment of 1460 bytes, whose timestamps take twelve. */
export const SEGMENT_BYTES = 1448;
/** Ethernet, IPv4, and TCP with timestamps. */
export const HEADER_BYTES = 14 + 20 + 32;

/** What is sent: the same bytes again and again. */
export const source = (): Uint8Array => Uint8Array.from({ length: CHUNK_BYTES }, (_, i) => (i * 31 + 7) & 0xff);
