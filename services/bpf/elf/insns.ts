import type { Insn } from "../program.ts";
import { Reader } from "./bytes.ts";

/** Bytes of one slot. */
export const SLOT_BYTES = 8;

/** Instructions as they lie in a section (RFC 9669 section 3.1, little-endian). */
export function readInsns(bytes: Uint8Array): Insn[] {
  const reader = new Reader(bytes);
  return Array.from({ length: Math.floor(bytes.length / SLOT_BYTES) }, (_, i) => {
    const at = i * SLOT_BYTES;
    const registers = reader.u8(at + 1);
    return {
      code: reader.u8(at),
      dst: registers & 0xf,
      src: registers >>> 4,
      off: reader.i16(at + 2),
      imm: reader.i32(at + 4),
    };
  });
}
