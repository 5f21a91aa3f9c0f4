import { readFile } from "node:fs/promises";
import { afterAll, expect } from "@jest/globals";
import { hash53 } from "../../services/abi/hash.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { SINGLE } from "../../services/abi/topology.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import type { Outcome as RunOutcome } from "../../services/lab/run/journal.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import type { SweepTurn } from "../../services/lab/run/sweep.ts";
import type { Runtime, World } from "../../services/lab/world.ts";
import { expand } from "../../services/runtimes/backend/files.ts";
import { loadOne } from "../../services/runtimes/backend/load.ts";
import { mutantOf } from "../../services/runtimes/backend/run.ts";
import { createDistributedWorld } from "../../services/runtimes/distributed/world.ts";
import { createFleet, type Fleet } from "../../services/runtimes/fleet/fleet.ts";
import { readPlaces } from "../../services/runtimes/fleet/places-file.ts";
import type { WorldOptions } from "../../services/runtimes/world-options.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { loadProtos } from "../../services/transports/grpc/load.ts";
import { UNJUDGED } from "../rules/judge.ts";
import { startFleet, type FleetProcesses } from "./fleet.ts";

/** How long places that were killed may take to be there again. */
const PLACES_WITHIN_MS = 60_000;

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

/** Experiments whose order is a matter of chance in real time, and why; that they pass is asked of them all the same. */
const ORDER_BY_CHANCE: Readonly<Record<string, string>> = {
  "core-returns-late": "what was under way when the core died ends before or after what it is asked then",
  "rx-sent-times": "the transmit thread stamps while the task asks",
  "tx-loopback": "the transmit thread sends while the task returns",
  "tx-loopback-refused": "the transmit thread sends while the task returns",
  "tx-pool-empty": "an absolute date may have come before the call has",
};

/** Whether a case takes minutes of real time, since something is lost that may wait for long: virtual time has them all. */
export const takesMinutes = ({ experiment }: Case): boolean => experiment.tags.includes("minutes");

/** Why the order of a case is not compared between runtimes; undefined: it is. */
export const orderByChance = ({ experiment }: Case): string | undefined =>
  experiment.steps.some((step) => step.t === "loop" && (step.leave || step.until !== undefined))
    ? "loops that go on until something else ends are cut there, wherever they are"
    : ORDER_BY_CHANCE[experiment.name];

let running: Promise<{ readonly processes: FleetProcesses; readonly fleet: Fleet }> | undefined;

/** Places in processes that bear one world after the other: to start some for each world takes most of the time of a run. */
const places = () =>
  (running ??= startFleet().then(async (processes) => {
    const file = readPlaces(await readFile(processes.file, "utf8"), processes.file);
    if (!file.ok) throw new Error(file.reason);
    return { processes, fleet: createFleet(file.value, processes.file, undefined, loadProtos()) };
  }));
afterAll(async () => {
  const started = await running;
  started?.fleet.close();
  await started?.processes.close();
});

/** In processes that are there, where the world has no other places than those; else in processes of its own. */
async function createDistributed(options: WorldOptions): Promise<World> {
  const { fleet } = await places();
  const fits = fleet.problem({ topology: options.topology ?? SINGLE }) === undefined;
  return createDistributedWorld(fits ? { ...options, hosts: fleet.hosts(PLACES_WITHIN_MS) } : options);
}

/** Runs a case once, in a world of its own. @param sweep which run, where it is a sweep; the first one unless it says so. */
export async function outcomeIn(
  runtime: Runtime,
  { experiment, profile }: Case,
  sweep?: SweepTurn,
): Promise<RunOutcome> {
  const { seed, topology } = experiment;
  const options = { seed, profile, topology, mutant: mutantOf(experiment) };
  const world = await (runtime === "distributed" ? createDistributed(options) : createWorld(runtime, options));
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
    if (orderByChance(one) !== undefined) continue;
    expect(firstDifference(orders, sliceOrders(other.events))).toBeUndefined();
  }
}

/**
 * Where a case runs in `npm test`: all in virtual time, and of those with one profile a fifth in threads as well and a fifth in
 * processes. So the tests take six minutes at most; `npm run test:long` runs all of them in everything, CI all with one profile,
 * and all of them in containers, with the same comparison of orders.
 *
 * @param notInProcesses tags of experiments that need no processes of their own, or too long in them: threads will do.
 */
export function quickRuntimes({ experiment, profile }: Case, notInProcesses: readonly string[]): readonly Runtime[] {
  if (profile !== "documented" && experiment.profiles.length > 1) return ["simulated"];
  const fifth = hash53(experiment.name) % 5;
  if (fifth > 1) return ["simulated"];
  const inThreads = fifth === 1 || experiment.tags.some((tag) => notInProcesses.includes(tag));
  return ["simulated", inThreads ? "embedded" : "distributed"];
}
