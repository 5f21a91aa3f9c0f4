import { CONSTANTS } from "../../abi/flags.ts";
import { parseSockaddrBytes } from "../../abi/sockaddr.ts";

/** How what a pointer points to is written, such as the argument of an ioctl. */
const STRUCT = "struct:";

/** In words, for error messages. */
export const STRUCT_FORM =
  "struct: and then words of 32 bits, such as struct:SOL_SOCKET EVL_SOCKOPT_RECVSZ 8192 (numbers, constants, A|B for bits, @10.0.0.2:7000 for an address)";

/** Whether an argument is written so. A payload that begins like that is written as hex:. */
export const isStruct = (written: unknown): written is string =>
  typeof written === "string" && written.startsWith(STRUCT);

/** A number, a constant, or constants that are or-ed; undefined for what is none of these, or does not fit 32 bits. */
function wordOf(text: string): number | undefined {
  if (/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) {
    const number = text.startsWith("-") ? -Number(text.slice(1)) : Number(text);
    return number >= -(2 ** 31) && number < 2 ** 32 ? number : undefined;
  }
  let bits = 0;
  for (const name of text.split("|")) {
    const value = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined;
    if (value === undefined) return undefined;
    bits = (bits | value) >>> 0;
  }
  return bits;
}

/** The bytes: each part in its place, words little-endian. Undefined where a part is no word and no address. */
export function parseStruct(written: string): Uint8Array | undefined {
  const parts = written
    .slice(STRUCT.length)
    .trim()
    .split(/\s+/)
    .filter((part) => part !== "");
  const bytes: number[] = [];
  for (const part of parts) {
    const field = part.startsWith("@") ? parseSockaddrBytes(part.slice(1)) : wordBytes(wordOf(part));
    if (field === undefined) return undefined;
    bytes.push(...field);
  }
  return Uint8Array.from(bytes);
}

function wordBytes(word: number | undefined): Uint8Array | undefined {
  if (word === undefined) return undefined;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, word, true);
  return bytes;
}
