import { CONTRACT, FACTS, type FactContract } from "../abi/contract.generated.ts";
import { SEQS_PER_LIFE, type TraceEvent } from "../abi/event.ts";
import { globFits } from "./atoms/evaluate.ts";
import type { Causality } from "./causality.ts";
import type { RuleJudgement, RuleVerdict, Violation } from "./judgement.ts";
import type { CompiledRules } from "./monitor/compile.ts";
import type { CompiledRule } from "./monitor/group.ts";
import { sliceText, valueOf } from "./monitor/keys.ts";
import { VIOLATIONS_MAX, verdictOf } from "./monitor/monitor.ts";
import { isChain, judgeOrders, type Budget, type OrdersVerdict, type Read } from "./monitor/orders.ts";
import { seenIn, type Seen, type SliceNode } from "./monitor/slices.ts";
import { Watch, type Ended } from "./monitor/watch.ts";
import { witnessesOf } from "./monitor/witness.ts";

/** How a trace ended, and how many of its events are known to be missing. */
export interface TraceEnd {
  readonly ended: Ended;
  readonly missing: number;
}

/** For one rule in one slice, and for all of a trace. */
const ORDERS_MAX = 20_000;
const ORDERS_OF_TRACE_MAX = 400_000;

const NOWHERE: readonly (TraceEvent | undefined)[] = [];
const NOTHING_READ: readonly Read[] = [];

/** What all slices of a rule came to. */
interface Found {
  readonly violations: Violation[];
  violated: number;
  certain: boolean;
  possible: boolean;
  undecided: boolean;
}

/**
 * Judges a whole trace, over what surely happened before what. Where the events of a slice are in one order, that one decides.
 * Where they are not, all orders are looked at: the rule surely fails if it fails in all of them, and possibly if it fails in
 * some. Time decides nothing.
 */
export function judgeTrace(
  compiled: CompiledRules,
  causality: Causality,
  { ended, missing }: TraceEnd,
): readonly RuleJudgement[] {
  const observed = new Map<SliceNode, Map<CompiledRule, (TraceEvent | undefined)[]>>();
  const watch = new Watch(compiled, "all", (rule, node, at) => {
    const rules = observed.get(node) ?? new Map<CompiledRule, (TraceEvent | undefined)[]>();
    observed.set(node, rules);
    const places = rules.get(rule) ?? [];
    rules.set(rule, places);
    places.push(at);
  });
  for (const event of causality.order) watch.take(event);
  if (ended === "rest") watch.end();

  const found = new Map<CompiledRule, Found>();
  const ofTrace: Budget = { left: ORDERS_OF_TRACE_MAX };
  compiled.groups.forEach(({ keys, members }, group) => {
    for (const node of watch.slices[group]?.all(true) ?? []) {
      const failing = observed.get(node);
      const ordered = isOrdered(node.seen, causality.before);
      if (ordered && failing === undefined) continue;
      // Whom no event of the slice concerns can only fail at its end, in every order.
      const readsOf = readsIn(seenIn(node), keys);
      for (const rule of members) {
        const at = failing?.get(rule) ?? NOWHERE;
        const reads = readsOf.get(rule) ?? NOTHING_READ;
        if (at.length === 0 && (ordered || reads.length < 2)) continue;
        const begun = keys.length === 0 || node.joint.states[rule.member]?.begun === true;
        if (!begun) continue;
        const verdict = ordered
          ? ({ t: at.length > 0 ? "certain" : "holds" } as const)
          : judgeSlice(rule, reads, causality, { fails: at.length > 0, atRest: ended === "rest", budget: ofTrace });
        if (at.length > 0 || verdict.t === "possible")
          note(foundOf(found, rule), rule, sliceText(keys, node.values), reads, at, verdict);
      }
    }
  });

  const gaps = gapsIn(causality.order);
  return compiled.rules.map((compiledRule): RuleJudgement => {
    const { rule, automaton, index, vacuous } = compiledRule;
    const counted = watch.tally(index);
    const came = found.get(compiledRule);
    if (counted === undefined && came === undefined) return vacuous;
    const { slices = 0, triggered = 0 } = counted ?? {};
    const { violations, violated } = came ?? { violations: [], violated: 0 };
    const tally = { slices, triggered, violated };
    const undecided = ended !== "rest" && automaton.program.speaksOfEnd;
    let verdict: RuleVerdict = verdictOf(tally, undecided);
    if (came !== undefined && violated > 0)
      verdict = came.certain ? "certain-fail" : came.undecided ? "unknown" : "possible-fail";
    if (verdict !== "vacuous" && missing > 0 && mayMiss(compiledRule, gaps, missing)) verdict = "unknown";
    return { rule, verdict, ...tally, violations };
  });
}

function judgeSlice(
  { automaton }: CompiledRule,
  reads: readonly Read[],
  { before }: Causality,
  how: { readonly fails: boolean; readonly atRest: boolean; readonly budget: Budget },
): OrdersVerdict {
  if (
    isChain(
      reads.map(({ event }) => event),
      before,
    )
  )
    return { t: how.fails ? "certain" : "holds" };
  const budget = { left: Math.min(ORDERS_MAX, how.budget.left) };
  const { left } = budget;
  const atRest = how.atRest && automaton.program.speaksOfEnd;
  const verdict = judgeOrders(automaton, reads, before, { fails: how.fails, atRest, budget });
  how.budget.left -= left - Math.max(0, budget.left);
  return verdict;
}

/** Whether what was seen, the latest first, is in one order only. */
function isOrdered(latest: Seen | undefined, before: Causality["before"]): boolean {
  for (let seen = latest; seen?.next !== undefined; seen = seen.next)
    if (seen.event !== seen.next.event && !before(seen.next.event, seen.event)) return false;
  return true;
}

/** The events of a slice, for each rule that they concern as it reads them. */
function readsIn(seen: readonly Seen[], keys: readonly string[]): ReadonlyMap<CompiledRule, readonly Read[]> {
  const reads = new Map<CompiledRule, Read[]>();
  for (const { event, concern } of seen) {
    const whole = keys.every((key) => valueOf(event, key) !== undefined);
    const letters = whole ? concern.whole : concern.partial;
    concern.rules.forEach((rule, place) => {
      const read = { event, letter: letters[place] ?? 0 };
      const known = reads.get(rule);
      if (known === undefined) reads.set(rule, [read]);
      else known.push(read);
    });
  }
  return reads;
}

/** What came of a rule so far. */
function foundOf(found: Map<CompiledRule, Found>, rule: CompiledRule): Found {
  const known = found.get(rule);
  if (known !== undefined) return known;
  const none: Found = { violations: [], violated: 0, certain: false, possible: false, undecided: false };
  found.set(rule, none);
  return none;
}

/** Adds what a rule came to in a slice. @param at where it fails in the observed order. */
function note(
  found: Found,
  rule: CompiledRule,
  slice: string,
  reads: readonly Read[],
  at: readonly (TraceEvent | undefined)[],
  verdict: OrdersVerdict,
): void {
  const certain = verdict.t === "certain";
  const add = (event: TraceEvent | undefined, before: readonly TraceEvent[], after: readonly TraceEvent[]): void => {
    found.violated++;
    if (found.violations.length < VIOLATIONS_MAX)
      found.violations.push({ slice, certain, at: event, ...witnessesOf(rule, before, event, after) });
  };
  const events = reads.map(({ event }) => event);
  for (const event of at) {
    const place = event === undefined ? events.length : events.indexOf(event);
    add(event, events.slice(0, place), events.slice(place + 1));
  }
  if (verdict.t === "possible") {
    found.possible = true;
    if (verdict.example !== undefined) add(verdict.example.at, verdict.example.before, verdict.example.after);
  }
  if (certain) found.certain = true;
  if (verdict.t === "too-many" && at.length > 0) found.undecided = true;
}

/** Which houses miss events between their first and their last one, and how many. */
function gapsIn(events: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const lives = new Map<string, { service: string; first: number; last: number; count: number }>();
  for (const { node, service, seq } of events) {
    const key = `${node}/${service}#${Math.floor(seq / SEQS_PER_LIFE)}`;
    const life = lives.get(key);
    if (life === undefined) lives.set(key, { service, first: seq, last: seq, count: 1 });
    else {
      life.first = Math.min(life.first, seq);
      life.last = Math.max(life.last, seq);
      life.count++;
    }
  }
  const gaps = new Map<string, number>();
  for (const { service, first, last, count } of lives.values()) {
    const gap = last - first + 1 - count;
    if (gap > 0) gaps.set(service, (gaps.get(service) ?? 0) + gap);
  }
  return gaps;
}

/** Whether an event that is missing could be one that the rule speaks of. */
function mayMiss({ automaton }: CompiledRule, gaps: ReadonlyMap<string, number>, missing: number): boolean {
  // Events that are missing at the end of a house leave no gap: they can be anybody's.
  if ([...gaps.values()].reduce((sum, gap) => sum + gap, 0) < missing) return true;
  return automaton.program.atoms.some(({ patterns }) =>
    patterns.some(({ name, phase, service }) => {
      if (service !== undefined) return gaps.has(service);
      const recorders = [
        ...Object.values(CONTRACT)
          .filter((point) => phase !== "fact" && globFits(name, point.name))
          .flatMap(({ from, to }) => [from, to]),
        ...Object.values<FactContract>(FACTS)
          .filter((fact) => phase !== "enter" && phase !== "exit" && globFits(name, fact.name))
          .flatMap(({ by }) => by),
      ];
      return recorders.some((house) => house === "any" || gaps.has(house));
    }),
  );
}
