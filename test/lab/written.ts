import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatLoadError } from "../../services/lab/load/errors.ts";
import { loadExperiment, ruleFilesOf, worldFileOf, type Loaded } from "../../services/lab/load/load.ts";
import { programFilesOf } from "../../services/lab/load/programs.ts";
import { loadRules } from "../../services/lab/load/rules.ts";
import { besideFile } from "../../services/lab/load/source.ts";
import type { Experiment } from "../../services/lab/experiment.ts";
import { loadWorld } from "../../services/lab/load/world.ts";
import { root } from "../tidy/sources.ts";

const HEAD = `apiVersion: tenon/v1alpha1
kind: Experiment
metadata: { name: sample }
spec:
  title: A sample
`;

/** How many lines stand before the body of a sample. */
const HEAD_LINES = 5;

/** A sample file of this body, which is the inside of `spec`. */
export const sample = (body: string): string => HEAD + body.replace(/^\n/, "");

/** What the loader says of a sample: its errors, one line each, with lines counted from the body. */
export function complaints(body: string): string[] {
  return complaintsOf(loadExperiment(sample(body), "x.yaml")).map((line) =>
    line.replace(/^x\.yaml:(\d+):/, (_, number: string) => `${Number(number) - HEAD_LINES}:`),
  );
}

/** The errors of a file, one line each. */
export const complaintsOf = (loaded: Loaded): string[] => (loaded.ok ? [] : loaded.errors.map(formatLoadError));

/** The experiment of a sample that is right. */
export function experimentOf(body: string): Experiment {
  return right(loadExperiment(sample(body), "x.yaml"));
}

function right(loaded: Loaded): Experiment {
  if (!loaded.ok) throw new Error(complaintsOf(loaded).join("\n"));
  return loaded.experiment;
}

/** The experiment files that people start from. */
export const SHIPPED: readonly string[] = (readdirSync(join(root, "experiments"), { recursive: true }) as string[])
  .map((path) => `experiments/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".yaml") && !path.startsWith("experiments/worlds/") && !path.includes("/rules-"))
  .sort();

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** Those that were read: to read one takes longer than to run it, and nobody changes what was read. */
const read = new Map<string, Experiment>();

/** One of them. */
export function shipped(file: string): Experiment {
  const known = read.get(file) ?? load(file);
  read.set(file, known);
  return known;
}

function load(file: string): Experiment {
  const text = textOf(file);
  const world = worldFileOf(text, file);
  const ruleFiles = new Map(
    ruleFilesOf(text, file).map((name) => [name, loadRules(textOf(besideFile(file, name)), besideFile(file, name))]),
  );
  const programs = new Map(
    programFilesOf(text, file).map((name) => [
      name,
      { ok: true as const, bytes: new Uint8Array(readFileSync(join(root, besideFile(file, name)))) },
    ]),
  );
  const worldFile = world === undefined ? undefined : loadWorld(textOf(world), world);
  return right(loadExperiment(text, file, { worldFile, ruleFiles, programs }));
}
