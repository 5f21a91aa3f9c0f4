import type { TraceEvent } from "../../abi/event.ts";
import { matches } from "../atoms/evaluate.ts";
import { printAtom } from "../language/print.ts";
import type { Violation, Witness } from "../judgement.ts";
import type { CompiledRule } from "./compile.ts";
import { brokenPair } from "./broken.ts";
import type { SliceNode } from "./slices.ts";

/** The last event of the slice for each atom of the rule, and the two whose order is wrong. */
export function witnessesOf(
  rule: CompiledRule,
  { events }: Pick<SliceNode, "events">,
  at: TraceEvent | undefined,
): Pick<Violation, "witnesses" | "broken"> {
  const last = new Map<TraceEvent, Witness>();
  for (const atom of rule.automaton.program.atoms) {
    const event = events
      .filter((one) => one !== at && matches(one, atom))
      .reduce<TraceEvent | undefined>((a, b) => (a === undefined || isLater(b, a) ? b : a), undefined);
    if (event !== undefined && !last.has(event)) last.set(event, { event, atom: printAtom(atom) });
  }
  const witnesses = [...last.values()].sort((a, b) => (isLater(a.event, b.event) ? 1 : -1));
  const broken = at === undefined ? undefined : brokenPair(rule.formula, witnesses, at, []);
  return { witnesses, ...(broken !== undefined && { broken }) };
}

/** By the order of the house where one recorded both, else by stamp. */
const isLater = (a: TraceEvent, b: TraceEvent): boolean =>
  a.node === b.node && a.service === b.service ? a.seq > b.seq : a.lamport > b.lamport;
