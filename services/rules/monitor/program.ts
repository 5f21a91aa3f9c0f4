import type { Atom, Operator } from "../atoms/syntax.ts";
import { printAtom, printFormula } from "../language/print.ts";
import type { Formula, Sum } from "../language/syntax.ts";

/** What is true at a moment, as a step of a program; `a` and `b` are the numbers of earlier steps. */
type Step =
  | { readonly t: "constant"; readonly value: boolean }
  | { readonly t: "end" }
  | { readonly t: "atom"; readonly atom: number }
  | { readonly t: "not"; readonly a: number }
  | { readonly t: "and" | "or" | "implies"; readonly a: number; readonly b: number }
  /** These keep one cell of the state each. */
  | { readonly t: "once" | "historically" | "previously"; readonly a: number; readonly cell: number }
  | { readonly t: "since"; readonly a: number; readonly b: number; readonly cell: number }
  | {
      readonly t: "compare";
      readonly text: string;
      readonly operator: Operator;
      /** What is counted, how it counts, and what the difference of both sides is before anything was counted. */
      readonly counts: readonly { readonly sign: 1 | -1; readonly a: number }[];
      readonly from: number;
      /** Where the difference only grows, or only falls, nothing changes any more beyond 1, or -1. */
      readonly atMost: number;
      readonly atLeast: number;
      readonly cell: number;
    };

/** A formula as a list of steps, parts before the whole and equal parts only once, with the state that it needs. */
export interface Program {
  readonly steps: readonly Step[];
  /** The distinct atoms; the truth of number n is bit n of a letter. */
  readonly atoms: readonly Atom[];
  /** What the cells of the state hold before the first event. */
  readonly start: readonly number[];
  /** The step that says whether the formula holds, and the one that says whether the event triggers it. */
  readonly holds: number;
  readonly triggers: number;
  /** Whether it must be judged at the end. */
  readonly speaksOfEnd: boolean;
}

/** Translates a formula; its size is that of the formula. */
export function programOf(formula: Formula): Program {
  const steps: Step[] = [];
  const atoms: Atom[] = [];
  const start: number[] = [];
  const known = new Map<string, number>();

  const cell = (from: number): number => start.push(from) - 1;
  const add = (key: string, make: () => Step): number => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const number = steps.push(make()) - 1;
    known.set(key, number);
    return number;
  };

  const walk = (part: Formula): number => {
    const key = printFormula(part);
    const before = known.get(key);
    if (before !== undefined) return before;
    switch (part.t) {
      case "constant":
        return add(key, () => ({ t: "constant", value: part.value }));
      case "end":
        return add(key, () => ({ t: "end" }));
      case "atom":
        return add(key, () => ({ t: "atom", atom: atoms.push(part.atom) - 1 }));
      case "not": {
        const a = walk(part.of);
        return add(key, () => ({ t: "not", a }));
      }
      case "once":
      case "historically":
      case "previously": {
        const { t } = part;
        const a = walk(part.of);
        return add(key, () => ({ t, a, cell: cell(part.t === "historically" ? 1 : 0) }));
      }
      case "and":
      case "or":
      case "implies": {
        const { t } = part;
        const a = walk(part.left);
        const b = walk(part.right);
        return add(key, () => ({ t, a, b }));
      }
      case "since": {
        const a = walk(part.left);
        const b = walk(part.right);
        return add(key, () => ({ t: "since", a, b, cell: cell(0) }));
      }
      case "compare": {
        const { counts, from } = differenceOf(part.left, part.right, walk);
        const rises = counts.every(({ sign }) => sign === 1);
        const falls = counts.every(({ sign }) => sign === -1);
        const atMost = rises ? 1 : Infinity;
        const atLeast = falls ? -1 : -Infinity;
        const first = Math.max(atLeast, Math.min(atMost, from));
        return add(key, () => ({
          t: "compare",
          text: key,
          operator: part.operator,
          counts,
          from,
          atMost,
          atLeast,
          cell: cell(first),
        }));
      }
    }
  };

  const holds = walk(formula);
  const speaksOfEnd = known.has("end");
  const triggers = walk(triggerOf(formula));
  return { steps, atoms, start, holds, triggers, speaksOfEnd };
}

/** `left op right` as `difference op 0`. */
function differenceOf(
  left: Sum,
  right: Sum,
  walk: (part: Formula) => number,
): { counts: { sign: 1 | -1; a: number }[]; from: number } {
  const counts: { sign: 1 | -1; a: number }[] = [];
  let from = 0;
  for (const [sum, side] of [
    [left, 1],
    [right, -1],
  ] as const) {
    for (const term of sum.terms) {
      const sign = term.sign === side ? 1 : -1;
      if (term.t === "number") from += sign * term.value;
      else counts.push({ sign, a: walk(term.of) });
    }
  }
  return { counts, from };
}

/**
 * What makes a moment count for a rule: the left side of its `implies`; where it says several things, that of any of them;
 * where it has none, every event that it speaks of.
 */
export function triggerOf(formula: Formula): Formula {
  const { offset } = formula;
  switch (formula.t) {
    case "implies": {
      const deeper = formula.right.t === "implies" ? triggerOf(formula.right) : undefined;
      return deeper === undefined ? formula.left : { t: "and", left: formula.left, right: deeper, offset };
    }
    case "and":
      return { t: "or", left: triggerOf(formula.left), right: triggerOf(formula.right), offset };
    case "historically":
      return triggerOf(formula.of);
    default: {
      const parts = [...new Map(atomsIn(formula).map((atom) => [printAtom(atom), atom])).values()];
      return parts.reduce<Formula>(
        (left, atom, i) => {
          const right: Formula = { t: "atom", atom, offset };
          return i === 0 ? right : { t: "or", left, right, offset };
        },
        { t: "end", offset },
      );
    }
  }
}

/** All atoms of a formula, as often as they stand in it. */
export function atomsIn(formula: Formula): readonly Atom[] {
  switch (formula.t) {
    case "constant":
    case "end":
      return [];
    case "atom":
      return [formula.atom];
    case "not":
    case "once":
    case "historically":
    case "previously":
      return atomsIn(formula.of);
    case "and":
    case "or":
    case "implies":
    case "since":
      return [...atomsIn(formula.left), ...atomsIn(formula.right)];
    case "compare":
      return [...formula.left.terms, ...formula.right.terms].flatMap((term) =>
        term.t === "count" ? atomsIn(term.of) : [],
      );
  }
}
