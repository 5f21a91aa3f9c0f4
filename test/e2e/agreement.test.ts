import { describe, expect, test } from "@jest/globals";
import type { Profile } from "../../services/abi/profile.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import type { Outcome as RunOutcome } from "../../services/lab/run/journal.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { RUNTIMES, type Runtime } from "../../services/lab/world.ts";
import { expand } from "../../services/runtimes/backend/files.ts";
import { loadOne } from "../../services/runtimes/backend/load.ts";
import { mutantOf } from "../../services/runtimes/backend/run.ts";
import { createWorld } from "../../services/runtimes/world.ts";

const files = await expand(["experiments"]);
const experiments = await Promise.all(
  files.map(async (file) => {
    const loaded = await loadOne(file);
    if (!loaded.ok) throw new Error(loaded.trouble.lines.join("\n"));
    return loaded.value;
  }),
);
const cases = experiments.flatMap((experiment) =>
  experiment.profiles.map((profile) => ({ experiment, profile, name: experiment.name })),
);

async function outcomeIn(runtime: Runtime, experiment: Experiment, profile: Profile) {
  const world = await createWorld(runtime, {
    seed: experiment.seed,
    profile,
    topology: experiment.topology,
    mutant: mutantOf(experiment),
  });
  try {
    return await runExperiment(experiment, world);
  } finally {
    await world.stop();
  }
}

/** The verdict, with its reasons where it is none to be glad of. */
const said = (outcome: RunOutcome | undefined): readonly string[] =>
  outcome?.verdict === "pass" ? ["pass"] : [outcome?.verdict ?? "nothing", ...(outcome?.journal.reasons ?? [])];

describe("every experiment ends the same way in the three runtimes, with the same order of events in every slice", () => {
  test("there are experiments for both profiles", () => {
    expect(new Set(cases.map(({ profile }) => profile)).size).toBe(2);
    expect(experiments.length).toBeGreaterThan(20);
  });

  test.each(cases)(
    "$name, $profile",
    async ({ experiment, profile }) => {
      const [reference, ...others] = await Promise.all(
        RUNTIMES.map((runtime) => outcomeIn(runtime, experiment, profile)),
      );
      expect(said(reference)).toEqual(["pass"]);
      const orders = sliceOrders(reference?.events ?? []);
      expect(orders.size).toBeGreaterThan(0);
      for (const other of others) {
        expect(said(other)).toEqual(["pass"]);
        expect(firstDifference(orders, sliceOrders(other.events))).toBeUndefined();
      }
    },
    60_000,
  );
});
