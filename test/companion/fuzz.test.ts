import { expect, test } from "@jest/globals";
import { fuzzCore } from "./fuzz.ts";

test("100,000 mutated and random frames for the core: nothing throws, and each that it takes ends in one way", async () => {
  const { taken, fates, received } = await fuzzCore(20_261_122, 100_000, 500);
  expect(taken).toBeGreaterThan(20_000);
  expect(received).toBeGreaterThan(1000);
  // The mutations get deep: there are frames of nearly every end.
  const missing = ["oob_udp", "oob_packet", "oob_tap", "oob_filter_drop", "oob_ipv4_truncated", "oob_udp_checksum"]
    .concat(["oob_fragment_timeout", "oob_fragment_overlap", "oob_fragment_duplicate"])
    .filter((fate) => !fates.includes(fate));
  expect(missing).toEqual([]);
}, 60_000);
