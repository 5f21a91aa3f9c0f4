import { PROFILES } from "../../abi/profile.ts";
import { SINGLE, type Topology } from "../../abi/topology.ts";
import { parseDurationNs } from "../../abi/units.ts";
import { BOOK } from "../../rules/book/book.ts";
import type { Experiment, Step } from "../experiment.ts";
import { rulesFor } from "../invariants.ts";
import { placeOf, taskText } from "../places.ts";
import { experimentSchema, MODES } from "../schema/experiment.ts";
import { NAMED_WORLDS } from "../schema/world.ts";
import { parseSeed } from "../../abi/seed.ts";
import { configure, type ReadVariable } from "./configuration.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import { meant, type LoadError } from "./errors.ts";
import { readExpectations } from "./expectations.ts";
import { readFaults } from "./faults.ts";
import { errorsOf } from "./issues.ts";
import { armedBy, callsOf, checkCalls, probeWith, readActivities, readMethod, withCall } from "./method.ts";
import { readMeasured, readMeasures } from "./measures.ts";
import { checkNodes } from "./nodes.ts";
import { readSteady } from "./probes.ts";
import { checkViolates, loadRules, readInvariants, type LoadedRules } from "./rules.ts";
import { checkScope } from "./scope.ts";
import { programFilesOf } from "./programs.ts";
import { besideFile, inOrder, type FileBytes, type ReadBytes, type ReadText } from "./source.ts";
import { stagesOf, withStages } from "./stages.ts";
import { readWorkload } from "./workload.ts";
import { namedWorld, readTopology, readWorld, type LoadedWorld } from "./world.ts";
import type { WrittenExperiment, WrittenWorld } from "./written.ts";

/** An experiment, or all that is wrong with its file. */
export type Loaded =
  | { readonly ok: true; readonly experiment: Experiment }
  | { readonly ok: false; readonly errors: readonly LoadError[] };

/** What an experiment may take unless it says otherwise. */
const BUDGET = { steps: 100_000, virtualNs: 600e9, wallNs: 60e9 };

/** What an experiment takes from outside of its file. */
export interface Surroundings {
  /** What came of the world file that it names. */
  readonly worldFile?: LoadedWorld | undefined;
  /** What came of the files of rules that it names, by the names that it gives them. */
  readonly ruleFiles?: ReadonlyMap<string, LoadedRules>;
  /** What came of the files of programs that it names, by the names that it gives them. */
  readonly programs?: ReadonlyMap<string, FileBytes>;
  /** The environment; left out, nothing is set in it. */
  readonly variable?: ReadVariable;
}

/** Reads and checks an experiment file, and the files that it names. */
export async function readExperiment(
  file: string,
  readText: ReadText,
  variable?: ReadVariable,
  readBytes?: ReadBytes,
): Promise<Loaded> {
  const read = await readText(file);
  if (!read.ok) {
    const place = { file, line: 0, column: 0, path: "" };
    return { ok: false, errors: [{ ...place, found: read.reason, allowed: "a file with an experiment" }] };
  }
  const named = worldFileOf(read.text, file);
  const ruleFiles = new Map<string, LoadedRules>();
  for (const name of ruleFilesOf(read.text, file))
    ruleFiles.set(name, await readRules(besideFile(file, name), readText));
  const programs = new Map<string, FileBytes>();
  if (readBytes !== undefined) {
    for (const name of programFilesOf(read.text, file)) programs.set(name, await readBytes(besideFile(file, name)));
  }
  return loadExperiment(read.text, file, {
    programs,
    worldFile: named === undefined ? undefined : await readWorld(named, readText),
    ruleFiles,
    ...(variable && { variable }),
  });
}

/** Reads and checks a file of rules. */
export async function readRules(file: string, readText: ReadText): Promise<LoadedRules> {
  const read = await readText(file);
  if (read.ok) return loadRules(read.text, file);
  return {
    ok: false,
    errors: [{ file, line: 0, column: 0, path: "", found: read.reason, allowed: "a file of rules" }],
  };
}

/** The files of rules that an experiment names, as it names them. */
export function ruleFilesOf(text: string, file: string): readonly string[] {
  const read = readDocument(text, file);
  const rules: unknown = read.ok ? valueIn(read.document.data, ["spec", "invariants", "rules"]) : undefined;
  return Array.isArray(rules) ? rules.filter((one): one is string => typeof one === "string") : [];
}

/** The variables of the environment that an experiment asks for. */
export function variablesOf(text: string, file: string): readonly string[] {
  const read = readDocument(text, file);
  const written: unknown = read.ok ? valueIn(read.document.data, ["spec", "configuration"]) : undefined;
  if (typeof written !== "object" || written === null) return [];
  return Object.values(written).flatMap((one) => {
    const key = valueIn(one, ["key"]);
    return typeof key === "string" ? [key] : [];
  });
}

const valueIn = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    data,
  );

/** The world file that an experiment names, as one names it from here; undefined where it names none. */
export function worldFileOf(text: string, file: string): string | undefined {
  const read = readDocument(text, file);
  const named = read.ok ? valueIn(read.document.data, ["spec", "world"]) : undefined;
  return typeof named !== "string" || namedWorld(named) !== undefined ? undefined : besideFile(file, named);
}

/**
 * Reads and checks the text of an experiment: first as YAML, then its shape, then what its words mean. Everything that
 * can be known before the run is found here, each mistake with its place.
 */
export function loadExperiment(
  text: string,
  file: string,
  { worldFile, ruleFiles = new Map(), programs = new Map(), variable = () => undefined }: Surroundings = {},
): Loaded {
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const errors: LoadError[] = [];
  const { document, configuration } = configure({ ...read.document, beside: programs }, variable, errors);
  if (errors.length > 0) return { ok: false, errors: inOrder(errors) };
  const shape = experimentSchema.safeParse(document.data);
  if (!shape.success) return { ok: false, errors: inOrder(errorsOf(document, shape.error.issues)) };

  const { metadata, spec } = document.data as WrittenExperiment;
  const profiles =
    spec.profile === undefined
      ? PROFILES
      : typeof spec.profile === "string"
        ? [spec.profile]
        : [...new Set(spec.profile)];
  const stages = spec.stages && stagesOf(spec.stages);
  const topology = withStages(readWorldOf(document, spec.world, worldFile, errors), stages);
  const home = topology.nodes[0]?.name ?? "";
  // One task has one name: with its node only where that is not the first one.
  const named = <One extends Step>(step: One): One =>
    step.t === "call" ? { ...step, task: taskText(placeOf(step.task, home), home) } : step;
  const steps = readWorkload(document, spec.workload ?? [], home, errors)
    .map(named)
    .map((step) => (step.t === "loop" ? { ...step, steps: step.steps.map(named) } : step));
  const faults = readFaults(document, spec.faults ?? [], errors);
  const expectations = readExpectations(document, spec.expect?.events ?? [], errors);
  const measures = readMeasures(document, spec.measure ?? [], errors);
  const measured = readMeasured(document, spec.expect?.measures ?? {}, measures, errors);
  const steadyState = readSteady(document, spec, errors);
  const method = readMethod(document, spec.method, faults, steps.length, home, errors);
  const rollbacks = readActivities(document, "rollbacks", spec.rollbacks ?? [], faults, home, errors);
  const calls = callsOf(steadyState, [...method, ...rollbacks]);
  const invariants = readInvariants(document, spec.invariants, ruleFiles, BOOK, errors);
  const { violates } = spec.expect ?? {};
  if (violates !== undefined) checkViolates(document, violates, rulesFor(invariants, BOOK), profiles, errors);
  const verdict = spec.expect?.verdict ?? "pass";
  if (faults.some(({ sweep }) => sweep === true) && verdict !== "pass" && verdict !== "knownFlaky")
    errors.push(
      document.error(["spec", "expect", "verdict"], {
        found: `${verdict}, where a fault has nth: each`,
        allowed: "pass or knownFlaky: each run of a sweep is judged by itself, and in the last one nothing strikes",
      }),
    );
  checkNodes(document, [...steps, ...calls], [...method, ...rollbacks], faults, topology, errors);
  checkScope(document, steps, faults, armedBy(method), profiles, errors);
  checkCalls(document, steps, calls, errors);
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
      configuration,
      nofile: spec.configuration?.nofile,
      mode: spec.mode === undefined ? undefined : MODES[spec.mode],
      topology,
      stages,
      steps,
      faults,
      expectations,
      measures,
      measured,
      steadyState: steadyState && { ...steadyState, probes: steadyState.probes.map((one) => probeWith(one, named)) },
      method: method.map((one) => withCall(one, named)),
      rollbacks: rollbacks.map((one) => withCall(one, named)),
      invariants,
      verdict,
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
