import { compare } from "../atoms/evaluate.ts";
import type { Operator } from "../atoms/syntax.ts";
import { kindsOf, kindText } from "./kinds.ts";
import type { Formula, Sum } from "./syntax.ts";

/** The kinds of events at which a formula may be true; undefined: at any. */
export type May = ReadonlySet<string> | undefined;

const NEVER: May = new Set();
const isNever = (may: May): boolean => may?.size === 0;

/**
 * At which events a formula can be true at all, by the kinds of events alone: one event has one name, one phase and one house.
 * What it says may be too much, never too little.
 */
export function mayHold(formula: Formula): May {
  switch (formula.t) {
    case "constant":
      return formula.value ? undefined : NEVER;
    case "end":
      return new Set(["end"]);
    case "atom":
      return new Set(formula.atom.patterns.flatMap((pattern) => kindsOf(pattern).map(kindText)));
    case "not":
      return alwaysHolds(formula.of) ? NEVER : undefined;
    case "once":
    case "previously":
      return isNever(mayHold(formula.of)) ? NEVER : undefined;
    case "historically":
      return mayHold(formula.of);
    case "since":
      return isNever(mayHold(formula.right)) ? NEVER : undefined;
    case "and":
      return both(mayHold(formula.left), mayHold(formula.right));
    case "or":
      return either(mayHold(formula.left), mayHold(formula.right));
    case "implies":
      return alwaysHolds(formula.left) ? mayHold(formula.right) : undefined;
    case "compare":
      return comparison(formula.left, formula.operator, formula.right) === false ? NEVER : undefined;
  }
}

/** Whether it is true at every event, whatever happens; false says nothing. */
export function alwaysHolds(formula: Formula): boolean {
  switch (formula.t) {
    case "constant":
      return formula.value;
    case "not":
      return isNever(mayHold(formula.of));
    case "once":
    case "historically":
      return alwaysHolds(formula.of);
    case "and":
      return alwaysHolds(formula.left) && alwaysHolds(formula.right);
    case "or":
      return alwaysHolds(formula.left) || alwaysHolds(formula.right);
    case "implies":
      return isNever(mayHold(formula.left)) || alwaysHolds(formula.right);
    case "since":
      return alwaysHolds(formula.right);
    case "compare":
      return comparison(formula.left, formula.operator, formula.right) === true;
    default:
      return false;
  }
}

function both(a: May, b: May): May {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return new Set([...a].filter((kind) => b.has(kind)));
}

const either = (a: May, b: May): May => (a === undefined || b === undefined ? undefined : new Set([...a, ...b]));

/** What a comparison of counts comes to, where it is always the same: a count is never negative, and never falls. */
export function comparison(left: Sum, operator: Operator, right: Sum): boolean | undefined {
  let from = 0;
  let [rises, falls] = [false, false];
  for (const [sum, side] of [
    [left, 1],
    [right, -1],
  ] as const) {
    for (const term of sum.terms) {
      const sign = term.sign * side;
      if (term.t === "number") from += sign * term.value;
      else if (isNever(mayHold(term.of))) continue;
      else if (sign > 0) rises = true;
      else falls = true;
    }
  }
  if (rises && falls) return undefined;
  const [least, most] = [falls ? -Infinity : from, rises ? Infinity : from];
  switch (operator) {
    case "==":
    case "!=": {
      const same = least > 0 || most < 0 ? false : least === most ? true : undefined;
      return same === undefined ? undefined : same === (operator === "==");
    }
    default: {
      const [a, b] = [compare(least, operator, 0), compare(most, operator, 0)];
      return a === b ? a : undefined;
    }
  }
}
