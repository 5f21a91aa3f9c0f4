import type { TraceEvent } from "../../abi/event.ts";
import type { Causality } from "../causality.ts";
import { END, type Automaton, type State } from "./automaton.ts";

/** An event as one rule reads it. */
export interface Read {
  readonly event: TraceEvent;
  readonly letter: number;
}

/** What the orders that cause and effect allow come to. */
export type OrdersVerdict =
  | { readonly t: "holds" }
  | { readonly t: "certain" }
  /** It fails in some order; where the observed one holds, how one looks that does not. */
  | { readonly t: "possible"; readonly example: Example | undefined }
  | { readonly t: "too-many" };

/** An order in which a rule fails: what came before, at which event, and what comes after. */
interface Example {
  readonly before: readonly TraceEvent[];
  readonly at: TraceEvent | undefined;
  readonly after: readonly TraceEvent[];
}

/** What a search may cost: how many pairs of a cut and a state it still may visit. */
export interface Budget {
  left: number;
}

/** How far each chain has come, and in which states the automaton can be there without having failed. */
interface Cut {
  readonly counts: readonly number[];
  readonly states: Set<State>;
}

/** Whether events are in one order only. */
export function isChain(events: readonly TraceEvent[], before: Causality["before"]): boolean {
  for (let i = 1; i < events.length; i++) {
    const [a, b] = [events[i - 1], events[i]];
    if (a !== undefined && b !== undefined && a !== b && !before(a, b)) return false;
  }
  return true;
}

/**
 * Looks at every order of a slice's events that cause and effect allow, without writing them out: after the same events,
 * whatever their order, only the state of the automaton matters. So it goes from cut to cut (a cut is closed under causes)
 * and keeps the states that can be reached without failing.
 *
 * @param reads in an order that no cause contradicts.
 * @param fails whether the rule fails in that order.
 * @param atRest whether the end is judged.
 */
export function judgeOrders(
  automaton: Automaton,
  reads: readonly Read[],
  before: Causality["before"],
  { fails, atRest, budget }: { readonly fails: boolean; readonly atRest: boolean; readonly budget: Budget },
): OrdersVerdict {
  const chains = chainsOf(reads, before);
  const needs = new Map(reads.map((read) => [read, chains.map((chain) => countBefore(chain, read, before))]));
  let level = new Map<string, Cut>([["", { counts: chains.map(() => 0), states: new Set([automaton.start]) }]]);
  const possible = (cut: Cut, at: Read | undefined): OrdersVerdict => ({
    t: "possible",
    example: fails ? undefined : exampleOf(chains, cut, at),
  });

  for (let done = 0; done < reads.length; done++) {
    const next = new Map<string, Cut>();
    for (const cut of level.values()) {
      budget.left -= cut.states.size;
      if (budget.left < 0) return { t: "too-many" };
      for (const [c, chain] of chains.entries()) {
        const read = chain[cut.counts[c] ?? 0];
        if (read === undefined || needs.get(read)?.some((need, i) => need > (cut.counts[i] ?? 0)) === true) continue;
        const counts = cut.counts.map((count, i) => (i === c ? count + 1 : count));
        const key = counts.join();
        const states = next.get(key)?.states ?? new Set<State>();
        for (const state of cut.states) {
          const { to, violates } = automaton.step(state, read.letter);
          if (!violates) states.add(to);
          else if (!fails) return possible(cut, read);
        }
        if (states.size > 0) next.set(key, { counts, states });
      }
    }
    level = next;
  }

  for (const cut of level.values()) {
    for (const state of cut.states) {
      const failsAtEnd = atRest && automaton.step(state, END).violates;
      // Where the observed order fails, one that holds is looked for, and the other way round.
      if (failsAtEnd !== fails) return possible(cut, undefined);
    }
  }
  return { t: fails ? "certain" : "holds" };
}

/** Puts events into as few chains as a first fit finds; a house or a task is one. */
function chainsOf(reads: readonly Read[], before: Causality["before"]): Read[][] {
  const chains: Read[][] = [];
  for (const read of reads) {
    const chain = chains.find((one) => {
      const last = one.at(-1);
      return last !== undefined && before(last.event, read.event);
    });
    if (chain === undefined) chains.push([read]);
    else chain.push(read);
  }
  return chains;
}

function countBefore(chain: readonly Read[], { event }: Read, before: Causality["before"]): number {
  let count = 0;
  for (const one of chain) {
    if (!before(one.event, event)) break;
    count++;
  }
  return count;
}

function exampleOf(chains: readonly (readonly Read[])[], { counts }: Cut, at: Read | undefined): Example {
  const cut = (side: (chain: readonly Read[], count: number) => readonly Read[]): TraceEvent[] =>
    chains.flatMap((chain, i) => side(chain, counts[i] ?? 0).map(({ event }) => event));
  return {
    before: cut((chain, count) => chain.slice(0, count)),
    at: at?.event,
    after: cut((chain, count) => chain.slice(count)).filter((event) => event !== at?.event),
  };
}
