import type { TraceEvent } from "../../abi/event.ts";
import { matches } from "../atoms/evaluate.ts";
import type { Atom } from "../atoms/syntax.ts";
import type { Formula } from "../language/syntax.ts";
import type { Violation, Witness } from "../judgement.ts";

/** Atoms that should have come before, and atoms that should not. */
interface Wanted {
  readonly yes: Atom[];
  readonly no: Atom[];
}

/**
 * The two events whose order is wrong: what came before `at` and should not have, or else what came after it and should have
 * come before.
 *
 * @param later what came after `at` in the slice.
 */
export function brokenPair(
  formula: Formula,
  witnesses: readonly Witness[],
  at: TraceEvent,
  later: readonly TraceEvent[],
): Violation["broken"] {
  const wanted: Wanted = { yes: [], no: [] };
  collect(formula, true, false, wanted);
  const early = witnesses.findLast(({ event }) => wanted.no.some((atom) => matches(event, atom)));
  if (early !== undefined) return { first: early.event, second: at };
  const late = later.find((event) => wanted.yes.some((atom) => matches(event, atom)));
  return late === undefined ? undefined : { first: at, second: late };
}

/** Which atoms the past should hold, for the formula to be true. `past`: inside a word that speaks of the past. */
function collect(formula: Formula, positive: boolean, past: boolean, wanted: Wanted): void {
  switch (formula.t) {
    case "constant":
    case "end":
      return;
    case "atom":
      if (past) (positive ? wanted.yes : wanted.no).push(formula.atom);
      return;
    case "not":
      collect(formula.of, !positive, past, wanted);
      return;
    case "once":
    case "historically":
    case "previously":
      collect(formula.of, positive, true, wanted);
      return;
    case "implies":
      // The left side is what happened, the right one what should be.
      collect(formula.right, positive, past, wanted);
      return;
    case "and":
    case "or":
      collect(formula.left, positive, past, wanted);
      collect(formula.right, positive, past, wanted);
      return;
    case "since":
      collect(formula.left, positive, true, wanted);
      collect(formula.right, positive, true, wanted);
      return;
    case "compare":
      return;
  }
}
