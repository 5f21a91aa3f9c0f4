import { assert } from "../../services/abi/assert.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { UNJUDGED } from "../rules/judge.ts";
import { SHIPPED, shipped } from "../lab/written.ts";

/** A trace of an experiment of ours, with a sound core, as its events came. */
export interface Recorded {
  readonly file: string;
  readonly profile: Profile;
  readonly events: readonly TraceEvent[];
}

/** Runs an experiment file in simulation under each of its profiles. */
export async function record(file: string): Promise<readonly Recorded[]> {
  const experiment = shipped(file);
  const recorded: Recorded[] = [];
  for (const profile of experiment.profiles) {
    const world = createSimulatedWorld({ seed: experiment.seed, profile, topology: experiment.topology });
    const events: TraceEvent[] = [];
    world.onEvents((batch) => events.push(...batch));
    const { journal } = await runExperiment(experiment, world, { rules: UNJUDGED });
    await world.stop();
    assert(journal.dropped === 0, "a recorded trace has all its events");
    recorded.push({ file, profile, events });
  }
  return recorded;
}

/** The experiments of ours whose core is sound. */
export const SOUND: readonly string[] = SHIPPED.filter((file) => shipped(file).core === "reference");
