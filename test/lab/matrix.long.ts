import { describe, expect, test } from "@jest/globals";
import { FAULT_POINTS, pointName } from "../../services/boundary/faults/points.ts";
import { runningPlaces } from "../../services/lab/matrix/cells.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { unstruck } from "./matrix-runs.ts";

describe("the whole matrix of faults", () => {
  test("every cell strikes in simulation, in both profiles", async () => {
    for (const profile of ["documented", "as-implemented"] as const) {
      const { names } = await unstruck(runningPlaces(), ({ topology }) =>
        createWorld("simulated", { seed: 2n, profile, topology }),
      );
      expect(names).toEqual([]);
    }
  });

  // What is lost costs a deadline there, and a place that is killed the time that it takes to be back.
  const SLOW = ["lose_request", "lose_reply", "crash", "partition"];
  const quick = runningPlaces().filter(({ effect }) => !SLOW.includes(effect));

  test("every cell in threads that costs no deadline strikes", async () => {
    const { names } = await unstruck(quick, ({ topology }) =>
      createWorld("embedded", { seed: 1n, profile: "documented", topology }),
    );
    expect(names).toEqual([]);
  });

  test("every third point in processes", async () => {
    const some = new Set(FAULT_POINTS.map(pointName).filter((_, i) => i % 3 === 0));
    const { names } = await unstruck(
      quick.filter(({ point }) => some.has(pointName(point))),
      ({ topology }) => createWorld("distributed", { seed: 1n, profile: "documented", topology }),
    );
    expect(names).toEqual([]);
  });
});
