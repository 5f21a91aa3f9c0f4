import { describe, expect, test } from "@jest/globals";
import { initialSeq } from "../../../services/inband/model/tcp/isn.ts";
import { seqDiff } from "../../../services/inband/model/tcp/seq.ts";
import { sipHash, sipKeyOf } from "../../../services/inband/model/tcp/siphash.ts";
import { ip } from "../stack-harness.ts";

/** 00 01 02 ... in little-endian words. */
const counting = (bytes: number): number[] =>
  Array.from({ length: Math.ceil(bytes / 4) }, (_, word) =>
    [0, 1, 2, 3].reduce((sum, at) => sum | (4 * word + at < bytes ? (4 * word + at) << (8 * at) : 0), 0),
  );

/** Key 00 01 ... 0f of the test vectors. */
const KEY = { k0Low: 0x03020100, k0High: 0x07060504, k1Low: 0x0b0a0908, k1High: 0x0f0e0d0c };

const hex = (n: number): string => n.toString(16).padStart(8, "0");

describe("SipHash-2-4", () => {
  // From the authors' vectors.h: the hash of the bytes 0, 1, ... n-1.
  test.each([
    [0, "726fdb47dd0e0e31"],
    [1, "74f839c593dc67fd"],
    [2, "0d6c8009d9a94f5a"],
    [3, "85676696d7fb7e2d"],
    [4, "cf2794e0277187b7"],
    [5, "18765564cd99a68d"],
    [6, "cbc9466e58fee3ce"],
    [7, "ab0200f58b01d137"],
    [8, "93f5f5799a932462"],
    [9, "9e0082df0ba9e4b0"],
    [10, "7a5dbbc594ddb9f3"],
    [11, "f4b32f46226bada7"],
    [12, "751e8fbc860ee5fb"],
    [13, "14ea5627c0843d90"],
    [14, "f723ca908e7af2ee"],
    [15, "a129ca6149be45e5"],
    [16, "3f2acc7f57c29bdb"],
  ])("the hash of %i bytes is the published one", (length, expected) => {
    const { low, high } = sipHash(KEY, counting(length), length);
    expect(hex(high) + hex(low)).toBe(expected);
  });

  test("keys made from different texts differ in every word", () => {
    const one = sipKeyOf("seed 1/a");
    const other = sipKeyOf("seed 1/b");
    expect(one).toEqual(sipKeyOf("seed 1/a"));
    for (const word of ["k0Low", "k0High", "k1Low", "k1High"] as const) expect(one[word]).not.toBe(other[word]);
  });
});

describe("initial sequence numbers", () => {
  const key = sipKeyOf("secret");
  const here = { address: ip("10.0.0.1"), port: 40000 };
  const there = { address: ip("10.0.0.2"), port: 80 };

  test("between the same ends they go up by one every 4 µs, and wrap", () => {
    const first = initialSeq(key, here, there, 0);
    expect(seqDiff(initialSeq(key, here, there, 4000), first)).toBe(1);
    expect(seqDiff(initialSeq(key, here, there, 1e9), first)).toBe(250_000);
    expect(initialSeq(key, here, there, 2 ** 32 * 4000)).toBe(first);
  });

  test("other ends, or another secret, begin elsewhere", () => {
    const numbers = new Set([
      initialSeq(key, here, there, 0),
      initialSeq(key, there, here, 0),
      initialSeq(key, { ...here, port: 40001 }, there, 0),
      initialSeq(key, here, { ...there, port: 81 }, 0),
      initialSeq(sipKeyOf("another"), here, there, 0),
    ]);
    expect(numbers.size).toBe(5);
  });

  test("over many ports they are spread evenly", () => {
    const buckets = new Array<number>(16).fill(0);
    for (let port = 1; port <= 4096; port++) {
      const bucket = initialSeq(key, { ...here, port }, there, 0) >>> 28;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // 256 on average; the deviation is 15.5.
    expect(Math.min(...buckets)).toBeGreaterThan(180);
    expect(Math.max(...buckets)).toBeLessThan(340);
  });
});
