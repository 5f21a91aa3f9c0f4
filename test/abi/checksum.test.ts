import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checksum, checksumIn, foldSum, sumWords } from "../../services/abi/packet/checksum.ts";

/** RFC 1071 §1, word by word. */
function plainSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

describe("the internet checksum", () => {
  test("the example of RFC 1071 adds up to ddf2", () => {
    expect(foldSum(sumWords(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)))).toBe(0xddf2);
  });

  test("bytes of any length, wherever they begin in memory, add up as they do word by word", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(7), fc.nat(0xffff), (bytes, offset, start) => {
        const memory = new Uint8Array(offset + bytes.length);
        memory.set(bytes, offset);
        const sum = foldSum(plainSum(bytes) + start);
        expect(foldSum(sumWords(memory.subarray(offset), start))).toBe(sum);
        expect(checksumIn(new DataView(memory.buffer), offset, memory.length, start)).toBe(~sum & 0xffff);
      }),
    );
  });

  test("a datagram as large as there is, all ones, loses no carry", () => {
    const bytes = new Uint8Array(65_535).fill(0xff);
    expect(foldSum(sumWords(bytes))).toBe(plainSum(bytes));
  });

  test("bytes that hold their own checksum add up to nothing", () => {
    const bytes = Uint8Array.from({ length: 1480 }, (_, i) => (i * 31) & 0xff);
    bytes.set([0, 0], 16);
    const sum = checksum(bytes);
    bytes.set([sum >> 8, sum & 0xff], 16);
    expect(checksum(bytes)).toBe(0);
  });
});
