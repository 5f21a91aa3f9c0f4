import { describe, expect, test } from "@jest/globals";
import { runningPlaces } from "../../services/lab/matrix/cells.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { unstruck } from "./matrix-runs.ts";

describe("the matrix of faults", () => {
  test("every cell that the contract allows strikes in simulation, and an event says so", async () => {
    const { names } = await unstruck(runningPlaces(), ({ topology }) =>
      createWorld("simulated", { seed: 1n, profile: "documented", topology }),
    );
    expect(names).toEqual([]);
  });
});
