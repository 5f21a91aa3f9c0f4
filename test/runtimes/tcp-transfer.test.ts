import { describe, expect, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { transfer } from "./tcp-bulk.ts";

describe("bytes between two nodes in the embedded runtime", () => {
  test.each([
    { bytes: 6_000_000, netem: "" },
    { bytes: 1_500_000, netem: "both drop 5%" },
  ])("$bytes arrive whole over a wire of '$netem'", async ({ bytes, netem }) => {
    const world = await createWorld("embedded", { seed: 7n, profile: "documented", topology: PAIR });
    try {
      const result = await world.drive(() => transfer(world, bytes, netem));
      expect(result.bytes).toBe(bytes);
      expect(result.takenHash).toBe(result.sentHash);
      if (netem !== "") expect(result.retransmitted).toBeGreaterThan(0);
    } finally {
      await world.stop();
    }
  });
});
