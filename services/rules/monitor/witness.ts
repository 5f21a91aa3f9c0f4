import type { TraceEvent } from "../../abi/event.ts";
import { matches } from "../atoms/evaluate.ts";
import type { Violation, Witness } from "../judgement.ts";
import { printAtom } from "../language/print.ts";
import { brokenPair } from "./broken.ts";
import type { CompiledRule } from "./group.ts";

/**
 * The last event of the slice for each atom of the rule, and the two whose order is wrong.
 *
 * @param before what came before `at` in the slice; @param after what came after it, as far as it is known.
 */
export function witnessesOf(
  { automaton, formula }: CompiledRule,
  before: readonly TraceEvent[],
  at: TraceEvent | undefined,
  after: readonly TraceEvent[],
): Pick<Violation, "witnesses" | "broken"> {
  const inOrder = [...before].sort((a, b) => (isLater(a, b) ? 1 : -1));
  const found = new Map<TraceEvent, Witness>();
  for (const atom of automaton.program.atoms) {
    const event = inOrder.findLast((one) => matches(one, atom));
    if (event !== undefined && !found.has(event)) found.set(event, { event, atom: printAtom(atom) });
  }
  const witnesses = inOrder.flatMap((event) => found.get(event) ?? []);
  const broken = at === undefined ? undefined : brokenPair(formula, witnesses, at, after);
  return { witnesses, ...(broken !== undefined && { broken }) };
}

/** By the order of the house where one recorded both, else by stamp. */
const isLater = (a: TraceEvent, b: TraceEvent): boolean =>
  a.node === b.node && a.service === b.service ? a.seq > b.seq : a.lamport > b.lamport;
