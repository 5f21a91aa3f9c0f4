import { LIMITS } from "../abi/limits.ts";

/** One line for a message that is larger than any may be; undefined for one that fits. */
export const tooLarge = (what: string, bytes: number): string | undefined =>
  bytes > LIMITS.messageBytesMax
    ? `${what} has ${bytes} bytes, and a message has ${LIMITS.messageBytesMax} at most`
    : undefined;

/**
 * About how many bytes a record takes, where nobody encodes it. Only its own texts and bytes count: of what a point can
 * carry, nothing else becomes large.
 */
export function sizeOf(record: object): number {
  let bytes = 0;
  for (const key in record) {
    const value: unknown = (record as Readonly<Record<string, unknown>>)[key];
    if (typeof value === "string" || value instanceof Uint8Array) bytes += value.length;
  }
  return bytes;
}
