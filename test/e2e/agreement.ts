import { expect } from "@jest/globals";
import { hash53 } from "../../services/abi/hash.ts";
import type { Profile } from "../../services/abi/profile.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import type { Outcome as RunOutcome } from "../../services/lab/run/journal.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import type { SweepTurn } from "../../services/lab/run/sweep.ts";
import type { Runtime } from "../../services/lab/world.ts";
import { expand } from "../../services/runtimes/backend/files.ts";
import { loadOne } from "../../services/runtimes/backend/load.ts";
import { mutantOf } from "../../services/runtimes/backend/run.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { UNJUDGED } from "../rules/judge.ts";

/** An experiment under one of its profiles. */
export interface Case {
  readonly experiment: Experiment;
  readonly profile: Profile;
  readonly name: string;
}

/** The experiments of these files and folders, each once for every profile that it applies to. */
export async function casesOf(...paths: readonly string[]): Promise<readonly Case[]> {
  const files = await expand(paths);
  const experiments = await Promise.all(
    files.map(async (file) => {
      const loaded = await loadOne(file);
      if (!loaded.ok) throw new Error(loaded.trouble.lines.join("\n"));
      return loaded.value;
    }),
  );
  return experiments.flatMap((experiment) =>
    experiment.profiles.map((profile) => ({ experiment, profile, name: experiment.name })),
  );
}

/** Runs a case once, in a world of its own. @param sweep which run, where it is a sweep; the first one unless it says so. */
export async function outcomeIn(
  runtime: Runtime,
  { experiment, profile }: Case,
  sweep?: SweepTurn,
): Promise<RunOutcome> {
  const { seed, topology } = experiment;
  const world = await createWorld(runtime, { seed, profile, topology, mutant: mutantOf(experiment) });
  try {
    // Rules take as long as the run does, and judge one of the runtimes: that in which most can happen at the same time.
    const isJudged = runtime === "distributed" || experiment.core !== "reference" || experiment.violates !== undefined;
    return await runExperiment(experiment, world, { sweep, ...(isJudged ? {} : { rules: UNJUDGED }) });
  } finally {
    await world.stop();
  }
}

/** The verdict, with its reasons where it is none to be glad of. */
const said = (outcome: RunOutcome | undefined): readonly string[] =>
  outcome?.verdict === "pass" ? ["pass"] : [outcome?.verdict ?? "nothing", ...(outcome?.journal.reasons ?? [])];

/** Runs a case in each of these runtimes: every run must pass, with the same order of events in every slice. */
export async function expectAgreement(one: Case, runtimes: readonly Runtime[]): Promise<void> {
  const [reference, ...others] = await Promise.all(runtimes.map((runtime) => outcomeIn(runtime, one)));
  expect(said(reference)).toEqual(["pass"]);
  const orders = sliceOrders(reference?.events ?? []);
  expect(reference?.events.length).toBeGreaterThan(0);
  for (const other of others) {
    expect(said(other)).toEqual(["pass"]);
    expect(firstDifference(orders, sliceOrders(other.events))).toBeUndefined();
  }
}

/**
 * Where a case runs in `npm test`: all in virtual time, and of those with one profile a third in threads as well and a third in
 * processes. So the tests take six minutes at most; `npm run test:long` runs all of them in everything, CI all with one profile,
 * and all of them in containers, with the same comparison of orders.
 *
 * @param notInProcesses tags of experiments that need no processes of their own, or too long in them: threads will do.
 */
export function quickRuntimes({ experiment, profile }: Case, notInProcesses: readonly string[]): readonly Runtime[] {
  if (profile !== "documented" && experiment.profiles.length > 1) return ["simulated"];
  const third = hash53(experiment.name) % 3;
  if (third === 0) return ["simulated"];
  const inThreads = third === 1 || experiment.tags.some((tag) => notInProcesses.includes(tag));
  return ["simulated", inThreads ? "embedded" : "distributed"];
}
