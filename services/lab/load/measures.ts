import { STATISTICS, statisticText, type Statistic } from "../../abi/latencies.ts";
import { parseDurationNs } from "../../abi/units.ts";
import { OPERATORS, type Atom } from "../../rules/atoms/syntax.ts";
import { FIELDS } from "../../rules/atoms/vocabulary.ts";
import type { Bound, Measure, MeasureExpectation, MeasurePhase } from "../experiment.ts";
import { BOUND_FORM, PHASES_OF_A_FREEZE } from "../schema/measures.ts";
import { listed } from "../schema/words.ts";
import { RUNTIMES, type Runtime } from "../world.ts";
import { readAtom, type Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathText } from "./errors.ts";
import type { WrittenBounds, WrittenMeasure, WrittenMeasured, WrittenStatistics } from "./written.ts";

/** What a measure can be told apart by: the fields of events, and the trace that they belong to. */
const KEYS: readonly string[] = ["trace", ...FIELDS];

/** The measures, atoms read and names checked. */
export function readMeasures(document: SourceDocument, written: readonly WrittenMeasure[], errors: Errors): Measure[] {
  const names = new Set<string>();
  return written.flatMap((one, i) => {
    const path = ["spec", "measure", i];
    const { name, title, per = [] } = one;
    if (names.has(name) || isPhase(name))
      errors.push(
        document.error([...path, "name"], {
          found: isPhase(name) ? name : `${name} once more`,
          allowed: `a name that no other measure has, and none of ${listed(["all", ...PHASES_OF_A_FREEZE])}`,
        }),
      );
    names.add(name);
    per.forEach((field, j) => {
      if (!KEYS.includes(field))
        errors.push(
          document.error([...path, "per", j], {
            found: field,
            allowed: "a field of events, such as node, task, fd or trace",
            ...meant(field, KEYS),
          }),
        );
    });
    const atom = (key: "from" | "to"): Atom | undefined => readAtom(document, [...path, key], one[key], errors);
    const [from, to] = [atom("from"), atom("to")];
    if (from === undefined || to === undefined) return [];
    return { name, title, from, to, per, path: pathText(path.slice(1)), line: document.positionOf(path).line };
  });
}

/** What measures must come to. */
export function readMeasured(
  document: SourceDocument,
  written: Readonly<Record<string, WrittenMeasured>>,
  measures: readonly Measure[],
  errors: Errors,
): MeasureExpectation[] {
  const names = measures.map(({ name }) => name);
  return Object.entries(written).flatMap(([measure, of]) => {
    const path = ["spec", "expect", "measures", measure];
    if (!names.includes(measure)) {
      const allowed = `the name of a measure (${listed(names) || "there is none"})`;
      errors.push({
        ...document.error(path, { found: measure, allowed, ...meant(measure, names) }),
        ...document.positionOfKey(path.slice(0, -1), measure),
      });
      return [];
    }
    const read = (phase: MeasurePhase, at: readonly PropertyKey[], statistics: WrittenStatistics) =>
      STATISTICS.flatMap((statistic): MeasureExpectation[] => {
        const given = statistics[statistic];
        if (given === undefined) return [];
        const place = [...at, statistic];
        const bounds = readByRuntime(document, place, given, statistic, names, errors);
        const title = `${measure}${PHASE_TEXT[phase]}: ${statisticText(statistic)}`;
        const { line } = document.positionOf(place);
        return [{ measure, phase, statistic, bounds, title, path: pathText(place.slice(1)), line }];
      });
    return [
      ...read("all", path, of),
      ...PHASES_OF_A_FREEZE.flatMap((phase) => read(phase, [...path, phase], of[phase] ?? {})),
    ];
  });
}

const PHASE_TEXT: Readonly<Record<MeasurePhase, string>> = {
  all: "",
  before: ", before the freeze",
  during: ", during the freeze",
  after: ", after the freeze",
};

const isPhase = (word: string): word is MeasurePhase =>
  word === "all" || PHASES_OF_A_FREEZE.some((phase) => phase === word);

function readByRuntime(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenBounds | Readonly<Partial<Record<Runtime, WrittenBounds>>>,
  statistic: Statistic,
  measures: readonly string[],
  errors: Errors,
): MeasureExpectation["bounds"] {
  const read = (at: readonly PropertyKey[], bounds: WrittenBounds): readonly Bound[] =>
    (typeof bounds === "string" ? [bounds] : bounds).flatMap((text, i) => {
      const bound = parseBound(text, statistic, measures);
      if (typeof bound !== "string") return [bound];
      const place = typeof bounds === "string" ? at : [...at, i];
      errors.push(document.error(place, { found: text, allowed: bound, ...meant(wordIn(text), measures) }));
      return [];
    });
  if (typeof written === "string" || isList(written)) {
    const all = read(path, written);
    return Object.fromEntries(RUNTIMES.map((runtime) => [runtime, all]));
  }
  return Object.fromEntries(
    RUNTIMES.flatMap((runtime) => {
      const own = written[runtime];
      return own === undefined ? [] : [[runtime, read([...path, runtime], own)]];
    }),
  );
}

const isList = (written: object): written is readonly string[] => Array.isArray(written);
const wordIn = (text: string): string => /[A-Za-z][\w-]*/.exec(text.replace(/\d+(\.\d+)?\s*x\s+/, ""))?.[0] ?? text;

/** `3 x before + 5ms`, `before`, `other.during`, `100us`, `1000`. */
const BOUND = /^(?:(\d+(?:\.\d+)?)\s*x\s+)?([A-Za-z][\w-]*)(?:\.([a-z]+))?(?:\s*\+\s*(\S+))?$/;

/** Reads a bound; what is allowed in its place, where it is none. */
function parseBound(written: string, statistic: Statistic, measures: readonly string[]): Bound | string {
  const text = written.trim();
  const operator = OPERATORS.find((one) => text.startsWith(one));
  if (operator === undefined) return BOUND_FORM;
  const term = text.slice(operator.length).trim();
  const amount = statistic === "count" ? wholeOf(term) : parseDurationNs(term);
  if (amount !== undefined) return { text, operator, factor: 0, of: undefined, plus: amount };
  if (/^\d/.test(term) && !/^\d+(\.\d+)?\s*x\s/.test(term))
    return statistic === "count" ? "a whole number, as count is one" : `a duration with its unit: ${BOUND_FORM}`;
  const [, factor = "1", word, phase = "all", more] = BOUND.exec(term) ?? [];
  if (word === undefined) return BOUND_FORM;
  const plus = more === undefined ? 0 : statistic === "count" ? wholeOf(more) : parseDurationNs(more);
  if (plus === undefined || !isPhase(phase)) return BOUND_FORM;
  if (isPhase(word))
    return phase === "all" ? { text, operator, factor: Number(factor), of: { phase: word }, plus } : BOUND_FORM;
  if (!measures.includes(word)) return `before, during, after, or the name of a measure (${listed(measures)})`;
  return { text, operator, factor: Number(factor), of: { measure: word, phase }, plus };
}

const wholeOf = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);
