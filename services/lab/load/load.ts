import { PROFILES } from "../../abi/profile.ts";
import { SINGLE, type Topology } from "../../abi/topology.ts";
import { parseDurationNs } from "../../abi/units.ts";
import { ALL_RULES, type Experiment } from "../experiment.ts";
import { placeOf, taskText } from "../places.ts";
import { experimentSchema, MODES } from "../schema/experiment.ts";
import { NAMED_WORLDS } from "../schema/world.ts";
import { parseSeed } from "../../abi/seed.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import { meant, type LoadError } from "./errors.ts";
import { readExpectations } from "./expectations.ts";
import { readFaults } from "./faults.ts";
import { errorsOf } from "./issues.ts";
import { checkNodes } from "./nodes.ts";
import { checkScope } from "./scope.ts";
import { besideFile, inOrder, type ReadText } from "./source.ts";
import { readWorkload } from "./workload.ts";
import { namedWorld, readTopology, readWorld, type LoadedWorld } from "./world.ts";
import type { WrittenExperiment, WrittenWorld } from "./written.ts";

/** An experiment, or all that is wrong with its file. */
export type Loaded =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly errors: readonly LoadError[] };

/** What an experiment may take unless it says otherwise. */
const BUDGET = { steps: 100_000, virtualNs: 600e9, wallNs: 60e9 };

/** Reads and checks an experiment file, and the world file that it names. */
export async function readExperiment(file: string, readText: ReadText): Promise<Loaded> {
  const read = await readText(file);
  if (!read.ok) {
    const place = { file, line: 0, column: 0, path: "" };
    return { ok: false, errors: [{ ...place, found: read.reason, allowed: "a file with an experiment" }] };
  }
  const named = worldFileOf(read.text, file);
  return loadExperiment(read.text, file, named === undefined ? undefined : await readWorld(named, readText));
}

/** The world file that an experiment names, as one names it from here; undefined where it names none. */
export function worldFileOf(text: string, file: string): string | undefined {
  const read = readDocument(text, file);
  const spec: unknown = read.ok ? (read.document.data as { readonly spec?: unknown } | null)?.spec : undefined;
  const named: unknown = (spec as { readonly world?: unknown } | null | undefined)?.world;
  return typeof named !== "string" || namedWorld(named) !== undefined ? undefined : besideFile(file, named);
}

/**
 * Reads and checks the text of an experiment: first as YAML, then its shape, then what its words mean. Everything that
 * can be known before the run is found here, each mistake with its place.
 *
 * @param worldFile what came of the world file that it names.
 */
export function loadExperiment(text: string, file: string, worldFile?: LoadedWorld): Loaded {
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
  const topology = readWorldOf(document, spec.world, worldFile, errors);
  const home = topology.nodes[0]?.name ?? "";
  // One task has one name: with its node only where that is not the first one.
  const steps = readWorkload(document, spec.workload ?? [], errors).map((step) =>
    step.t === "call" ? { ...step, task: taskText(placeOf(step.task, home), home) } : step,
  );
  const faults = readFaults(document, spec.faults ?? [], errors);
  const expectations = readExpectations(document, spec.expect?.events ?? [], errors);
  checkNodes(document, steps, faults, topology, errors);
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
      contributions: spec.contributions ?? {},
      configuration: {},
      nofile: spec.configuration?.nofile,
      mode: spec.mode === undefined ? undefined : MODES[spec.mode],
      topology,
      steps,
      faults,
      expectations,
      steadyState: undefined,
      method: [],
      rollbacks: [],
      invariants: ALL_RULES,
      verdict: spec.expect?.verdict ?? "pass",
      violates: spec.expect?.violates,
      requireFaultFired: spec.requireFaultFired ?? true,
      outputs: spec.outputs,
    },
  };
}

/** The world that an experiment runs in unless the user says another one. */
function readWorldOf(
  document: SourceDocument,
  written: string | WrittenWorld | undefined,
  worldFile: LoadedWorld | undefined,
  errors: LoadError[],
): Topology {
  const path = ["spec", "world"];
  if (written === undefined) return SINGLE;
  if (typeof written !== "string") return readTopology(document, path, written, errors);
  const named = namedWorld(written);
  if (named !== undefined) return named;
  if (worldFile?.ok === true) return worldFile.topology;
  // A file that cannot be read has no place of its own; what is wrong inside it has.
  const told = (worldFile?.errors ?? []).map((error) => {
    if (error.line > 0) return error;
    const { found, allowed } = error;
    return document.error(path, { found: `${written}, which is ${found}`, allowed, ...meant(written, NAMED_WORLDS) });
  });
  errors.push(...told);
  return SINGLE;
}
