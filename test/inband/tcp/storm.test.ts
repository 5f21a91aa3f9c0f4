import { expect, test } from "@jest/globals";
import { storm } from "./storm.ts";

test("30,000 mutated segments on live connections: nothing throws, all is bounded, no socket is stuck", () => {
  const { mutated, read, connections, coverage } = storm(9293, 30_000);
  expect(mutated).toBeGreaterThanOrEqual(30_000);
  // The mutations get deep.
  expect(read).toBeGreaterThan(20_000);
  expect(connections).toBeGreaterThan(100);
  expect(coverage.missing().length).toBeLessThan(5);
});
