import { PROFILES } from "../../abi/profile.ts";
import { parseDurationNs } from "../../abi/units.ts";
import type { Experiment } from "../experiment.ts";
import { experimentSchema } from "../schema/experiment.ts";
import { parseSeed } from "../../abi/seed.ts";
import { readDocument } from "./document.ts";
import type { LoadError } from "./errors.ts";
import { readExpectations } from "./expectations.ts";
import { readFaults } from "./faults.ts";
import { errorsOf } from "./issues.ts";
import { checkScope } from "./scope.ts";
import { readWorkload } from "./workload.ts";
import type { WrittenExperiment } from "./written.ts";

/** An experiment, or all that is wrong with its file. */
export type Loaded =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly errors: readonly LoadError[] };

/** How a file is read: its text, or why it cannot be read. The lab itself touches no files. */
export type ReadText = (
  file: string,
) => Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }>;

/** What an experiment may take unless it says otherwise. */
const BUDGET = { steps: 100_000, virtualNs: 600e9, wallNs: 60e9 };

/** Reads and checks an experiment file. */
export async function readExperiment(file: string, readText: ReadText): Promise<Loaded> {
  const read = await readText(file);
  if (read.ok) return loadExperiment(read.text, file);
  return {
    ok: false,
    errors: [{ file, line: 0, column: 0, path: "", found: read.reason, allowed: "a file with an experiment" }],
  };
}

/**
 * Reads and checks the text of an experiment: first as YAML, then its shape, then what its words mean. Everything that
 * can be known before the run is found here, each mistake with its place.
 */
export function loadExperiment(text: string, file: string): Loaded {
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const { document } = read;
  const shape = experimentSchema.safeParse(document.data);
  if (!shape.success) return { ok: false, errors: inOrder(errorsOf(document, shape.error.issues)) };

  const { metadata, spec } = document.data as WrittenExperiment;
  const errors: LoadError[] = [];
  const profiles =
    spec.profile === undefined
      ? PROFILES
      : typeof spec.profile === "string"
        ? [spec.profile]
        : [...new Set(spec.profile)];
  const steps = readWorkload(document, spec.workload, errors);
  const faults = readFaults(document, spec.faults ?? [], errors);
  const expectations = readExpectations(document, spec.expect?.events ?? [], errors);
  checkScope(document, steps, faults, profiles, errors);
  if (errors.length > 0) return { ok: false, errors: inOrder(errors) };

  const nsOf = (written: string | undefined, otherwise: number): number =>
    written === undefined ? otherwise : (parseDurationNs(written) ?? otherwise);
  return {
    ok: true,
    experiment: {
      file,
      name: metadata.name,
      labels: metadata.labels ?? {},
      title: spec.title,
      description: spec.description ?? "",
      tags: spec.tags ?? [],
      profiles,
      seed: parseSeed(spec.seed ?? "1") ?? 1n,
      budget: {
        steps: spec.budget?.steps ?? BUDGET.steps,
        virtualNs: nsOf(spec.budget?.virtualTime, BUDGET.virtualNs),
        wallNs: nsOf(spec.budget?.wallTime, BUDGET.wallNs),
      },
      core: spec.subject?.core ?? "reference",
      nofile: spec.configuration?.nofile,
      steps,
      faults,
      expectations,
      verdict: spec.expect?.verdict ?? "pass",
      requireFaultFired: spec.requireFaultFired ?? true,
    },
  };
}

/** As a reader meets them. */
const inOrder = (errors: readonly LoadError[]): LoadError[] =>
  [...errors].sort((a, b) => a.line - b.line || a.column - b.column);
