import { MESSAGES } from "../../abi/contract.generated.ts";
import { parseDurationNs } from "../../abi/units.ts";
import { parseAtom } from "../../rules/atoms/parse.ts";
import { strangersIn } from "../../rules/atoms/vocabulary.ts";
import { parseFormula } from "../../rules/language/parse.ts";
import { listed } from "../schema/words.ts";
import type { Phase, Look, Probe, ProbeMode, SteadyState, Term, Tolerance } from "../experiment.ts";
import type { Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathText, shown } from "./errors.ts";
import { readCallStep } from "./workload.ts";
import type { WrittenComparator, WrittenExperiment, WrittenProbe, WrittenSteadyState } from "./written.ts";

/** The message that each list is made of. */
const ENTRIES: Readonly<Record<NonNullable<WrittenProbe["list"]>, string>> = {
  files: "FileEntry",
  index: "FileEntry",
  devices: "NetworkDevice",
  sockets: "NetworkSocket",
  routes: "NetworkRoute",
  neighbours: "NetworkNeighbour",
  counters: "NetworkCounter",
  oob_devices: "OobDevice",
};

/** When the probes of a strategy are looked at; undefined: each as its mode says. */
const PHASES: Readonly<Record<SteadyState["strategy"], readonly Phase[] | undefined>> = {
  default: undefined,
  "before-method-only": ["before"],
  "after-method-only": ["after"],
  "during-method-only": ["during"],
  continuously: ["before", "during", "after"],
};

const MODES: Readonly<Record<ProbeMode, readonly Phase[]>> = {
  SOT: ["before"],
  EOT: ["after"],
  Edge: ["before", "after"],
  Continuous: ["during"],
  OnChaos: ["during"],
};

/** What holds before the method and after it, under either of its names. */
export function readSteady(
  document: SourceDocument,
  spec: Pick<WrittenExperiment["spec"], "steadyStateHypothesis" | "steady-state-hypothesis">,
  errors: Errors,
): SteadyState | undefined {
  const both = spec.steadyStateHypothesis !== undefined && spec["steady-state-hypothesis"] !== undefined;
  if (both) {
    const found = "steady-state-hypothesis beside steadyStateHypothesis";
    errors.push(
      document.error(["spec", "steady-state-hypothesis"], { found, allowed: "one of the two: they are the same" }),
    );
  }
  const key = spec.steadyStateHypothesis === undefined ? "steady-state-hypothesis" : "steadyStateHypothesis";
  return readSteadyState(document, key, spec[key], errors);
}

/** @param key how the file calls it. */
function readSteadyState(
  document: SourceDocument,
  key: string,
  written: WrittenSteadyState | undefined,
  errors: Errors,
): SteadyState | undefined {
  if (written === undefined) return undefined;
  const { title, strategy = "default" } = written;
  const names = new Set<string>();
  const probes = written.probes.flatMap((one, i) => {
    const path = ["spec", key, "probes", i];
    if (names.has(one.name))
      errors.push(
        document.error([...path, "name"], {
          found: `${one.name} once more`,
          allowed: "a name that no other probe has",
        }),
      );
    names.add(one.name);
    const limit = PHASES[strategy];
    const ofMode = one.mode === undefined ? (limit ?? MODES.Edge) : MODES[one.mode];
    const phases = ofMode.filter((phase) => limit?.includes(phase) ?? true);
    if (phases.length === 0) {
      const allowed = `a mode that the strategy ${strategy} has room for: with this one nobody would ever look`;
      errors.push(document.error([...path, "mode"], { found: one.mode ?? "none", allowed }));
    }
    return readProbe(document, path, one, phases, errors) ?? [];
  });
  return { title, strategy, probes };
}

/** A probe; undefined after an error. */
export function readProbe(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenProbe,
  phases: readonly Phase[],
  errors: Errors,
): Probe | undefined {
  const looks = readLook(document, path, written, errors);
  const tolerance = readTolerance(document, path, written, errors);
  if (looks === undefined || tolerance === undefined) return undefined;
  const { runProperties: { interval, attempts = 1, timeout } = {} } = written;
  return {
    name: written.name,
    path: pathText(path.slice(1)),
    line: document.positionOf(path).line,
    text: probeText(written),
    title: written.title,
    looks,
    tolerance,
    phases: new Set(phases),
    onChaos: written.mode === "OnChaos",
    intervalNs: interval === undefined ? undefined : parseDurationNs(interval),
    attempts,
    timeoutNs: timeout === undefined ? undefined : parseDurationNs(timeout),
  };
}

function readLook(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenProbe,
  errors: Errors,
): Look | undefined {
  const { call, count, list, where = {}, sum } = written;
  if (call !== undefined) {
    const step = readCallStep(document, path, { ...written, call }, errors);
    return step && { t: "call", step };
  }
  if (count !== undefined) {
    const terms = readCount(document, [...path, "count"], count, errors);
    return terms && { t: "count", terms };
  }
  if (list === undefined) return undefined;
  const fields = MESSAGES[ENTRIES[list]] ?? [];
  const known = [...fields.map(({ name }) => name), "node", "house"];
  const wrong = (at: readonly PropertyKey[], found: string, words: readonly string[]): void => {
    const what = { found, allowed: `a field of ${list}: ${listed(words)}`, ...meant(found, words) };
    errors.push(document.error([...path, ...at], what));
  };
  for (const field of Object.keys(where)) if (!known.includes(field)) wrong(["where", field], field, known);
  const numbers = fields.filter(({ kind }) => /^u?int/.test(kind)).map(({ name }) => name);
  if (sum !== undefined && !numbers.includes(sum)) wrong(["sum"], sum, numbers);
  return { t: "list", list, where, sum };
}

const SUM = "an atom such as efile_open, or a sum such as count(efile_open) - count(efile_free)";

/** How many events are like an atom, or a sum of such counts as in the rules. */
function readCount(
  document: SourceDocument,
  path: readonly PropertyKey[],
  text: string,
  errors: Errors,
): readonly Term[] | undefined {
  if (!/\bcount\s*\(/.test(text)) {
    const parsed = parseAtom(text);
    const problems = parsed.ok ? strangersIn(parsed.atom) : [parsed.error];
    for (const { offset, ...what } of problems) errors.push(document.error(path, what, offset));
    return parsed.ok && problems.length === 0 ? [{ sign: 1, t: "count", atom: parsed.atom }] : undefined;
  }
  // In the language of rules a sum stands in a comparison only.
  const parsed = parseFormula(`${text} == 0`);
  if (!parsed.ok) {
    const { offset, ...what } = parsed.error;
    errors.push(document.error(path, what, Math.min(offset, text.length)));
    return undefined;
  }
  const { formula } = parsed;
  if (formula.t !== "compare") {
    errors.push(document.error(path, { found: shown(text), allowed: SUM }));
    return undefined;
  }
  const terms: Term[] = [];
  for (const term of formula.left.terms) {
    if (term.t === "number") terms.push(term);
    else if (term.of.t !== "atom")
      errors.push(document.error(path, { found: shown(text), allowed: `${SUM}: atoms only` }));
    else {
      const { atom, offset } = term.of;
      for (const { offset: inside, ...what } of strangersIn(atom))
        errors.push(document.error(path, what, offset + inside));
      terms.push({ sign: term.sign, t: "count", atom });
    }
  }
  return terms;
}

function readTolerance(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenProbe,
  errors: Errors,
): Tolerance | undefined {
  const { tolerance, comparator, call } = written;
  if (tolerance !== undefined && comparator !== undefined) {
    errors.push(
      document.error([...path, "comparator"], { found: "comparator beside tolerance", allowed: "one of the two" }),
    );
    return undefined;
  }
  if (comparator !== undefined) return compared(document, [...path, "comparator"], comparator, errors);
  if (tolerance === undefined) {
    if (call !== undefined) return { t: "success" };
    errors.push(document.error(path, { found: "a probe without tolerance", allowed: "tolerance or comparator" }));
    return undefined;
  }
  if (typeof tolerance !== "object") return { t: "oneOf", values: [tolerance] };
  if (!("type" in tolerance)) return { t: "oneOf", values: tolerance };
  if (tolerance.type === "range") {
    const [lowest, highest] = tolerance.range;
    return between(document, [...path, "tolerance", "range"], lowest, highest, errors);
  }
  return matching(document, [...path, "tolerance", "pattern"], tolerance.pattern, false, errors);
}

function between(
  document: SourceDocument,
  path: readonly PropertyKey[],
  lowest: number,
  highest: number,
  errors: Errors,
): Tolerance {
  if (lowest > highest)
    errors.push(
      document.error(path, { found: `${lowest} to ${highest}`, allowed: "[lowest, highest], in this order" }),
    );
  return { t: "range", lowest, highest };
}

function matching(
  document: SourceDocument,
  path: readonly PropertyKey[],
  pattern: string,
  not: boolean,
  errors: Errors,
): Tolerance {
  try {
    new RegExp(pattern);
  } catch (error) {
    const found = `${shown(pattern)} (${(error as Error).message})`;
    errors.push(document.error(path, { found, allowed: "a regular expression" }));
  }
  return { t: "matches", pattern, not };
}

/** A comparator as Litmus has it. */
function compared(
  document: SourceDocument,
  path: readonly PropertyKey[],
  { type, criteria, value }: WrittenComparator,
  errors: Errors,
): Tolerance | undefined {
  const values = typeof value === "object" ? value : [value];
  const wantsList = criteria === "oneOf" || criteria === "between";
  if (wantsList !== (typeof value === "object") || (criteria === "between" && values.length !== 2)) {
    const allowed = criteria === "between" ? "[lowest, highest]" : wantsList ? "a list of values" : "one value";
    errors.push(document.error([...path, "value"], { found: shown(value), allowed: `${allowed} for ${criteria}` }));
    return undefined;
  }
  const [first = 0, second = 0] = values;
  if (type === "int" && values.some((one) => !Number.isInteger(one)))
    errors.push(document.error([...path, "value"], { found: shown(value), allowed: "whole numbers for int" }));
  switch (criteria) {
    case "oneOf":
      return { t: "oneOf", values };
    case "between":
      return between(document, [...path, "value"], Number(first), Number(second), errors);
    case "equal":
      return { t: "oneOf", values };
    case "notEqual":
      return { t: "noneOf", values };
    case "contains":
      return { t: "contains", text: String(first) };
    case "matches":
    case "notMatches":
      return matching(document, [...path, "value"], String(first), criteria === "notMatches", errors);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { t: "compare", operator: criteria, value: Number(first) };
  }
}

function probeText({ call, task, count, list, where, sum, ...written }: WrittenProbe): string {
  if (call !== undefined) {
    const args = Object.entries(written.with ?? {}).map(([name, value]) => `${name}: ${shown(value)}`);
    return `${task ?? ""}: ${call}(${args.join(", ")})`;
  }
  if (count !== undefined) return count;
  const filter = where === undefined ? "" : ` where ${shown(where)}`;
  return `${sum === undefined ? "number" : `sum of ${sum}`} of ${list ?? ""}${filter}`;
}
