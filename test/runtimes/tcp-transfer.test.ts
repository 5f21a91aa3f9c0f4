import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { PAIR } from "../../services/abi/topology.ts";
import type { World } from "../../services/lab/world.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { transfer } from "./tcp-bulk.ts";

describe("bytes between two nodes in the embedded runtime", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld("embedded", { seed: 7n, profile: "documented", topology: PAIR });
  });
  afterAll(() => world.stop());

  test.each([
    { bytes: 4_000_000, netem: "" },
    { bytes: 600_000, netem: "both drop 5%" },
  ])("$bytes arrive whole over a wire of '$netem'", async ({ bytes, netem }) => {
    const result = await world.drive(() => transfer(world, bytes, netem));
    expect(result.bytes).toBe(bytes);
    expect(result.takenHash).toBe(result.sentHash);
    if (netem !== "") expect(result.retransmitted).toBeGreaterThan(0);
  });
});
