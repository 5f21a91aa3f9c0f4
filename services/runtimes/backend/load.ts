import type { Topology } from "../../abi/topology.ts";
import type { ExperimentInfo, Outcome } from "../../cli/backend.ts";
import type { Experiment } from "../../lab/experiment.ts";
import { formatLoadError } from "../../lab/load/errors.ts";
import { readExperiment } from "../../lab/load/load.ts";
import { sweptFault } from "../../lab/run/sweep.ts";
import { readWorld } from "../../lab/load/world.ts";
import { expand, readBytes, readText } from "./files.ts";
import { invalid } from "./invalid.ts";
import { mutantOf, unknownCore } from "./run.ts";

/** Reads an experiment; all that is wrong with it is in the trouble. */
export async function loadOne(file: string): Promise<Outcome<Experiment>> {
  const loaded = await readExperiment(file, readText, (key) => process.env[key], readBytes);
  if (!loaded.ok) return invalid(...loaded.errors.map(formatLoadError));
  const problem = unknownCore(loaded.experiment);
  return problem === undefined ? { ok: true, value: loaded.experiment } : invalid(problem);
}

/** Reads a world by its name, or from a file. */
export async function world(name: string): Promise<Outcome<Topology>> {
  const loaded = await readWorld(name, readText);
  return loaded.ok ? { ok: true, value: loaded.topology } : invalid(...loaded.errors.map(formatLoadError));
}

/** Reads and checks experiment files, all of them; a folder stands for the files in it. */
export async function load(names: readonly string[]): Promise<Outcome<readonly ExperimentInfo[]>> {
  const files = await expand(names);
  if (files.length === 0) {
    return invalid(`${names.join(", ")}: there is no experiment in it; allowed is a YAML file or a folder of them`);
  }
  const loaded = await Promise.all(files.map(loadOne));
  const lines = loaded.flatMap((one) => (one.ok ? [] : one.trouble.lines));
  if (lines.length > 0) return invalid(...lines);
  const experiments = loaded.flatMap((one) => (one.ok ? [one.value] : []));
  return {
    ok: true,
    value: experiments.map((experiment) => {
      const { file, name, title, profiles, mode } = experiment;
      const badCore = mutantOf(experiment);
      const sweeps = profiles.filter((profile) => sweptFault(experiment, profile) !== undefined);
      return { file, name, title, profiles, ...(mode && { mode }), sweeps, ...(badCore && { badCore }) };
    }),
  };
}
