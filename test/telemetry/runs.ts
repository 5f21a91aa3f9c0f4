import type { TraceEvent } from "../../services/abi/event.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { shipped } from "../lab/written.ts";

/** The trace of an experiment that is shipped. */
export async function traceOf(
  file: string,
  seed = 1n,
  runtime: "simulated" | "embedded" | "distributed" = "simulated",
): Promise<readonly TraceEvent[]> {
  const experiment = shipped(file);
  const world = await createWorld(runtime, { seed, profile: "documented", topology: experiment.topology });
  try {
    return (await runExperiment(experiment, world)).events;
  } finally {
    await world.stop();
  }
}
