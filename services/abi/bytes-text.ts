/** How bytes are written in words: as the text that they are, or, where they are none, as `hex:0001ff`. */
const HEX = "hex:";
/** What a line of text may hold: no control letter but tab and the ends of lines. */
const CLEAN = /^[\t\n\r\u0020-\u007e\u00a0-\uffff]*$/;

const encoder = new TextEncoder();
// A byte order mark at the begin is a letter like others: what is shown must say which bytes it stands for.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as two hexadecimal digits each, behind `hex:`. */
export const hexText = (bytes: Uint8Array): string =>
  HEX + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The text of bytes; text that would be read as something else, or that nobody could read, is told as `hex:…`. */
export function bytesText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return hexText(bytes);
  }
  return CLEAN.test(text) && !text.startsWith(HEX) ? text : hexText(bytes);
}

/** How bytes are written, for error messages. */
export const BYTES_FORM = "text, which is sent as UTF-8, or bytes such as hex:0001ff";

/** The bytes that a text stands for: those that bytesText made it from. Undefined for `hex:` without an even number of digits. */
export function parseBytesText(text: string): Uint8Array | undefined {
  if (!text.startsWith(HEX)) return encoder.encode(text);
  const digits = text.slice(HEX.length);
  if (!/^([0-9a-f]{2})*$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
