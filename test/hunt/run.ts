import type { TraceEvent } from "../../services/abi/event.ts";
import type { Profile } from "../../services/abi/profile.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { loadExperiment } from "../../services/lab/load/load.ts";
import type { Outcome } from "../../services/lab/run/journal.ts";
import type { RuleSet } from "../../services/lab/run/rules.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { UNJUDGED } from "../rules/judge.ts";
import { textOfPlan, type Plan } from "./written.ts";

/** What came of a random run. */
export interface Hunted {
  readonly plan: Plan;
  readonly events: readonly TraceEvent[];
  readonly outcome: Outcome | undefined;
  /** What broke: an assertion of a house, or a rejection that nobody took. */
  readonly broken: string | undefined;
}

/** Reads a plan; it is written to be right, so that a mistake in it is one of the generator. */
function experimentOf(plan: Plan): Experiment {
  const loaded = loadExperiment(textOfPlan(plan), `random-${plan.seed}.yaml`);
  if (loaded.ok) return loaded.experiment;
  throw new Error(`the generator wrote what cannot be read: ${loaded.errors.map(formatLoadError).join("\n")}`);
}

/** Runs a plan in simulation. */
export async function runPlan(plan: Plan, profile: Profile, rules: RuleSet = UNJUDGED): Promise<Hunted> {
  const experiment = experimentOf(plan);
  const world = createSimulatedWorld({ seed: experiment.seed, profile, topology: experiment.topology });
  const events: TraceEvent[] = [];
  world.onEvents((batch) => events.push(...batch));
  try {
    const outcome = await runExperiment(experiment, world, { rules });
    return { plan, events, outcome, broken: undefined };
  } catch (error) {
    return {
      plan,
      events,
      outcome: undefined,
      broken: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  } finally {
    await world.stop();
  }
}
