import { hash53 } from "../../services/abi/hash.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { compare, matches } from "../../services/rules/atoms/evaluate.ts";
import { printFormula } from "../../services/rules/language/print.ts";
import { atomsIn, triggerOf } from "../../services/rules/monitor/program.ts";
import type { Formula, Sum } from "../../services/rules/language/syntax.ts";

/** A moment of a slice: an event, or the end. */
type Moment = TraceEvent | "end";

/** What the definition says of a formula over one slice, moment by moment. */
export interface BruteSlice {
  readonly slice: string;
  /** Whether an event with all keys came. */
  readonly begun: boolean;
  readonly triggered: number;
  /** The moments at which it is false and was not at the moment before. */
  readonly violations: readonly Moment[];
}

/** What was worked out already: it says nothing else the second time. */
type Memo = Map<Formula, (boolean | undefined)[]>;

function holdsAt(formula: Formula, moments: readonly Moment[], i: number, memo: Memo): boolean {
  let known = memo.get(formula);
  if (known === undefined) memo.set(formula, (known = []));
  return (known[i] ??= worksOut(formula, moments, i, memo));
}

/** The definition itself, over all of the past for each moment: `syntax.ts`, sentence by sentence. */
function worksOut(formula: Formula, moments: readonly Moment[], i: number, memo: Memo): boolean {
  const now = moments[i];
  const past = moments.slice(0, i + 1).map((_, k) => k);
  switch (formula.t) {
    case "constant":
      return formula.value;
    case "end":
      return now === "end";
    case "atom":
      return now !== undefined && now !== "end" && matches(now, formula.atom);
    case "not":
      return !holdsAt(formula.of, moments, i, memo);
    case "and":
      return holdsAt(formula.left, moments, i, memo) && holdsAt(formula.right, moments, i, memo);
    case "or":
      return holdsAt(formula.left, moments, i, memo) || holdsAt(formula.right, moments, i, memo);
    case "implies":
      return !holdsAt(formula.left, moments, i, memo) || holdsAt(formula.right, moments, i, memo);
    case "once":
      return past.some((k) => holdsAt(formula.of, moments, k, memo));
    case "historically":
      return past.every((k) => holdsAt(formula.of, moments, k, memo));
    case "previously":
      return i > 0 && holdsAt(formula.of, moments, i - 1, memo);
    case "since":
      return past.some(
        (k) =>
          holdsAt(formula.right, moments, k, memo) &&
          past.filter((later) => later > k).every((later) => holdsAt(formula.left, moments, later, memo)),
      );
    case "compare":
      return compare(sumAt(formula.left, moments, i, memo), formula.operator, sumAt(formula.right, moments, i, memo));
  }
}

function sumAt({ terms }: Sum, moments: readonly Moment[], i: number, memo: Memo): number {
  return terms.reduce((sum, term) => {
    if (term.t === "number") return sum + term.sign * term.value;
    const times = moments.slice(0, i + 1).filter((_, k) => holdsAt(term.of, moments, k, memo)).length;
    return sum + term.sign * times;
  }, 0);
}

const binding = (event: TraceEvent, keys: readonly string[]): (string | undefined)[] =>
  keys.map((key) => {
    if (key === "node") return event.node;
    if (key === "trace") return String(event.trace);
    return event.slice[key] === undefined ? undefined : String(event.slice[key]);
  });

/** Judges events that are in one order, slice by slice. @param keys as slices are looked up: the node among them. */
export function brute(
  formula: Formula,
  keys: readonly string[],
  events: readonly TraceEvent[],
  atRest: boolean,
): readonly BruteSlice[] {
  const atoms = atomsIn(formula);
  // The end is a moment for those only who speak of it.
  const atEnd = atRest && /\bend\b/.test(printFormula(formula));
  const trigger = triggerOf(formula);
  const described = events.filter((event) => atoms.some((atom) => matches(event, atom)));
  const wholes = new Map<string, (string | undefined)[]>();
  for (const event of described) {
    const values = binding(event, keys);
    if (!values.includes(undefined)) wholes.set(values.join(" "), values);
  }
  if (keys.length === 0) wholes.set("", []);
  return [...wholes].map(([slice, values]) => {
    const own = described.filter((event) =>
      binding(event, keys).every((value, k) => value === undefined || value === values[k]),
    );
    const first = own.findIndex((event) => !binding(event, keys).includes(undefined));
    const moments: Moment[] = atEnd ? [...own, "end"] : own;
    const judged = moments.map((_, i) => i).filter((i) => i >= first && first >= 0);
    if (first < 0 && atEnd) judged.push(0);
    const memo: Memo = new Map();
    const fails = (i: number): boolean => !holdsAt(formula, moments, i, memo);
    return {
      slice,
      begun: first >= 0,
      triggered: first < 0 ? 0 : judged.filter((i) => holdsAt(trigger, moments, i, memo)).length,
      violations: judged.filter((i, n) => fails(i) && (n === 0 || !fails(i - 1))).map((i) => moments[i] as Moment),
    };
  });
}

/** Chance from a name: nothing shifts when something else is drawn. */
export const draw = (seed: string, below: number): number => hash53(seed) % below;

const POINTS = ["a", "b", "c", "d"];

/** A formula of small size, its atoms often the same. */
export function randomFormula(seed: string, depth = 3): string {
  const of = (name: string): string => randomFormula(`${seed}.${name}`, depth - 1);
  const kinds = depth === 0 ? 3 : 13;
  switch (draw(`${seed} kind`, kinds)) {
    case 0:
    case 1:
      return randomAtom(seed);
    case 2:
      return draw(`${seed} leaf`, 3) === 0
        ? (["true", "false", "end"][draw(`${seed} word`, 3)] ?? "")
        : randomAtom(seed);
    case 3:
      return `not (${of("x")})`;
    case 4:
      return `once (${of("x")})`;
    case 5:
      return `historically (${of("x")})`;
    case 6:
      return `previously (${of("x")})`;
    case 7:
      return `(${of("l")}) and (${of("r")})`;
    case 8:
      return `(${of("l")}) or (${of("r")})`;
    case 9:
    case 10:
      return `(${of("l")}) implies (${of("r")})`;
    case 11:
      return `(${of("l")}) since (${of("r")})`;
    default: {
      const operator = ["==", "!=", "<", "<=", ">", ">="][draw(`${seed} op`, 6)] ?? "==";
      const right = draw(`${seed} right`, 2) === 0 ? String(draw(`${seed} n`, 4)) : `count(${of("r")})`;
      return `count(${of("l")}) ${draw(`${seed} plus`, 2) === 0 ? "+ 1 " : ""}${operator} ${right}`;
    }
  }
}

function randomAtom(seed: string): string {
  const name = POINTS[draw(`${seed} point`, POINTS.length)] ?? "a";
  const where = draw(`${seed} where`, 4) === 0 ? `[ret==${draw(`${seed} ret`, 2)}]` : "";
  return draw(`${seed} or`, 6) === 0 ? `${name}${where}|d` : `${name}${where}`;
}

/** Events of a few points, slices and houses; some lack a key. */
export function randomEvents(seed: string, count: number): TraceEvent[] {
  const services = ["vfs", "inband", "companion"] as const;
  return Array.from({ length: count }, (_, i): TraceEvent => {
    const at = `${seed} ${i}`;
    const x = draw(`${at} x`, 5);
    const y = draw(`${at} y`, 5);
    return {
      seq: i + 1,
      lamport: i + 1,
      timeNs: i,
      node: draw(`${at} node`, 4) === 0 ? "beta" : "alpha",
      service: services[draw(`${at} service`, 3)] ?? "vfs",
      stage: "inband",
      point: POINTS[draw(`${at} point`, POINTS.length)] ?? "a",
      phase: "fact",
      span: 0,
      parent: 0,
      trace: 1 + draw(`${at} trace`, 2),
      slice: { ...(x < 4 && { x: x % 2 }), ...(y < 3 && { y: y % 2 }) },
      args: {},
      ret: draw(`${at} ret`, 2),
      locks: [],
    };
  });
}

/** What rules may be cut by here, and how these are looked up. */
export const CUTS = [
  { forall: [], keys: [] },
  { forall: ["x"], keys: ["node", "x"] },
  { forall: ["x", "y"], keys: ["node", "x", "y"] },
  { forall: ["trace"], keys: ["trace"] },
  { forall: ["trace", "y"], keys: ["node", "trace", "y"] },
] as const;
