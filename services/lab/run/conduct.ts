import { Stuck, type World } from "../world.ts";
import type { Experiment } from "../experiment.ts";
import type { RunFaults } from "./faults.ts";
import type { Journal, RunStatus } from "./journal.ts";
import { runActivities, type MethodParts } from "./method.ts";
import type { Live } from "./react.ts";
import { waitForRest } from "./rest.ts";
import type { Steady } from "./steady.ts";
import type { Watch } from "./watch.ts";
import type { Workload } from "./workload.ts";

/** What a run is conducted with. */
export interface ConductParts {
  readonly experiment: Experiment;
  readonly world: World;
  readonly watch: Watch;
  readonly faults: RunFaults;
  readonly workload: Workload;
  readonly steady: Steady;
  readonly live: Live;
  readonly method: MethodParts;
  readonly rollbacks: MethodParts;
  /** Nothing more of the method is begun. */
  readonly stop: () => void;
  readonly cut: Promise<string> | undefined;
}

/** How a run went. */
export interface Conducted {
  readonly status: RunStatus;
  /** Why it ended before its time, in one line. */
  readonly why: string | undefined;
  /** Why its faults could not be armed. */
  readonly notArmed: string | undefined;
  /** Whether the steady state was met before the method, and after it; undefined where nobody looked. */
  readonly metBefore: boolean | undefined;
  readonly metAfter: boolean | undefined;
  readonly durationNs: number;
  /** Whether the world was at rest at the end. */
  readonly quiet: boolean;
  readonly state: Journal["state"];
}

/** Longer than the calls of a rollback take to their deadlines. */
const ROLLBACKS_MAX_NS = 30e9;

type Ending = { readonly status: RunStatus; readonly why?: string };

/**
 * Arms the faults, sees whether the steady state is met, does what the method says, waits for rest, looks again, and at last,
 * whatever happened, does the rollbacks.
 */
export async function conduct(parts: ConductParts): Promise<Conducted> {
  const { experiment, world, watch, faults, steady, live } = parts;
  const startNs = world.clock.nowNs();
  const rest = (): Promise<boolean> => waitForRest(world, watch.underWay, () => watch.events.length);
  let metBefore: boolean | undefined;
  let metAfter: boolean | undefined;
  let durationNs: number | undefined;
  let quiet = false;
  let notArmed: string | undefined;

  async function program(): Promise<Ending> {
    if (experiment.steadyState !== undefined) {
      metBefore = await steady.check("before");
      if (!metBefore) return { status: "not-run" };
    }
    // Without a steady state they were armed before the world began to move.
    if (experiment.steadyState !== undefined) notArmed = await faults.armAll();
    if (notArmed !== undefined) return { status: "not-run" };
    steady.start();
    await runActivities(experiment.method, parts.method);
    steady.stop();
    // Who waited here while the run was ended from elsewhere has no say any more.
    if (parts.method.isOver()) return { status: "completed" };
    durationNs = world.clock.nowNs() - startNs;
    quiet = await rest();
    if (experiment.steadyState !== undefined) metAfter = await steady.check("after");
    return { status: "completed" };
  }

  if (experiment.steadyState === undefined) notArmed = await faults.armAll();
  const as = (status: RunStatus, why: Promise<string>): Promise<Ending> => why.then((line) => ({ status, why: line }));
  const pauses = experiment.invariants.reactor === "pause";
  const endings = [
    as("over-budget", watch.overBudget),
    as(pauses ? "paused" : "aborted", live.broken),
    ...(parts.cut === undefined ? [] : [as("cut", parts.cut)]),
  ];
  const ending: Ending =
    notArmed === undefined
      ? await unlessStuck(world, () => Promise.race([program(), ...endings]))
      : { status: "not-run" };
  steady.stop();
  parts.stop();
  durationNs ??= world.clock.nowNs() - startNs;

  let state: Journal["state"];
  if (ending.status === "paused") {
    await faults.disarm("*");
    await unlessStuck(world, () => rest().then(() => ending));
    const [files, network] = await Promise.all([world.listFiles(), world.network()]);
    state = { files, network };
  }
  if (experiment.rollbacks.length > 0) {
    const limit = (): Promise<void> => world.clock.sleepNs(ROLLBACKS_MAX_NS);
    await unlessStuck(world, async () => {
      await Promise.race([runActivities(experiment.rollbacks, parts.rollbacks), limit()]);
      if (ending.status === "completed") quiet = await rest();
      return ending;
    });
  } else if (ending.status === "completed" && steady.hasCalledAfter()) {
    await unlessStuck(world, () => rest().then((isQuiet) => ((quiet = isQuiet), ending)));
  }
  return { ...ending, why: ending.why, notArmed, metBefore, metAfter, durationNs, quiet, state };
}

/** Runs a program in a world; one in which nothing can move any more ends it. */
async function unlessStuck(world: World, program: () => Promise<Ending>): Promise<Ending> {
  try {
    return await world.drive(program);
  } catch (error) {
    if (error instanceof Stuck) return { status: "stuck" };
    throw error;
  }
}
