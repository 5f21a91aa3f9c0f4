import { expect } from "@jest/globals";
import { parseFormula } from "../../services/rules/language/parse.ts";
import type { Formula } from "../../services/rules/language/syntax.ts";
import { compileRules } from "../../services/rules/monitor/compile.ts";
import { createMonitor } from "../../services/rules/monitor/monitor.ts";
import { judgeTrace } from "../../services/rules/check.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { RuleVerdict } from "../../services/rules/judgement.ts";
import { brute, CUTS, draw, randomEvents, randomFormula } from "./brute.ts";
import { ruleOf } from "./judge.ts";

export function formulaOf(text: string): Formula {
  const parsed = parseFormula(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  return parsed.formula;
}

/** All orders that a relation allows. */
function* linearisations(
  events: readonly TraceEvent[],
  before: (a: TraceEvent, b: TraceEvent) => boolean,
): Iterable<readonly TraceEvent[]> {
  if (events.length === 0) yield [];
  for (const first of events) {
    if (events.some((other) => before(other, first))) continue;
    const rest = events.filter((event) => event !== first);
    for (const order of linearisations(rest, before)) yield [first, ...order];
  }
}

/** Compares both over random formulas, each with as many random traces. */
export function agreeOnTraces(seed: string, formulas: number, traces: number): void {
  const differing: string[] = [];
  for (let f = 0; f < formulas && differing.length === 0; f++) {
    const text = randomFormula(`${seed} ${f}`);
    const formula = formulaOf(text);
    const cut = CUTS[draw(`${seed} cut ${f}`, CUTS.length)] ?? CUTS[0];
    // One compilation for all traces, as in life: what was learnt from one must not mislead the next.
    const compiled = compileRules([ruleOf(text, cut.forall)]);
    for (let t = 0; t < traces; t++) {
      const events = randomEvents(`${seed} ${f} ${t}`, draw(`${seed} length ${f} ${t}`, 11));
      const atRest = draw(`${seed} rest ${f} ${t}`, 2) === 0;
      const monitor = createMonitor(compiled);
      for (const event of events) monitor.take(event);
      monitor.end(atRest ? "rest" : "cut");
      const [judgement] = monitor.judgements();
      const slices = brute(formula, cut.keys, events, atRest);
      const violations = slices.flatMap((one) => one.violations);
      const wanted = {
        slices: slices.filter(({ begun }) => begun).length,
        triggered: slices.reduce((sum, { triggered }) => sum + triggered, 0),
        violated: violations.length,
        at: violations.length > 16 ? "many" : violations.map(placeOf).sort(),
      };
      const got = {
        slices: judgement?.slices,
        triggered: judgement?.triggered,
        violated: judgement?.violated,
        at: violations.length > 16 ? "many" : judgement?.violations.map(({ at }) => placeOf(at ?? "end")).sort(),
      };
      if (JSON.stringify(got) !== JSON.stringify(wanted))
        differing.push(`${f} ${t}: ${text} by ${cut.forall.join(",")}: ${JSON.stringify({ wanted, got })}`);
    }
  }
  expect(differing).toEqual([]);
}

/** Compares the verdict over a partial order with what all its orders come to, written out. */
export function agreeOnOrders(seed: string, count: number): void {
  const counts = new Map<RuleVerdict, number>();
  for (let n = 0; n < count; n++) {
    const name = `${seed} partial ${n}`;
    const text = randomFormula(name);
    const formula = formulaOf(text);
    const cut = CUTS[draw(`${name} cut`, CUTS.length)] ?? CUTS[0];
    const events = randomEvents(name, 2 + draw(`${name} length`, 5));
    const before = randomOrder(name, events);
    const atRest = draw(`${name} rest`, 2) === 0;
    const rule = ruleOf(text, cut.forall);
    const [got] = judgeTrace(
      compileRules([rule]),
      { order: events, before },
      {
        ended: atRest ? "rest" : "cut",
        missing: 0,
      },
    );
    const orders = [...linearisations(events, before)].map((order) => brute(formula, cut.keys, order, atRest));
    const fails = orders.map((slices) => slices.filter((one) => one.violations.length > 0).map(({ slice }) => slice));
    const certain = fails[0]?.some((slice) => fails.every((one) => one.includes(slice))) ?? false;
    const possible = fails.some((one) => one.length > 0);
    const wanted = certain ? "certain-fail" : possible ? "possible-fail" : "no failure";
    const verdict = got?.verdict.endsWith("fail") === true ? got.verdict : "no failure";
    if (verdict !== wanted) throw new Error(`${n}: ${text} by ${cut.forall.join(",")}: ${verdict}, not ${wanted}`);
    if (got !== undefined) counts.set(got.verdict, (counts.get(got.verdict) ?? 0) + 1);
  }
  // Each verdict comes up often enough to mean something.
  for (const verdict of ["pass", "certain-fail", "possible-fail"] as const)
    expect(counts.get(verdict)).toBeGreaterThan(count / 100);
}

const placeOf = (moment: TraceEvent | "end"): string => (moment === "end" ? "end" : String(moment.seq));

/** A random relation in which no event comes before one that stands earlier. */
function randomOrder(seed: string, events: readonly TraceEvent[]): (a: TraceEvent, b: TraceEvent) => boolean {
  const after = events.map(() => new Set<number>());
  for (let j = 1; j < events.length; j++) {
    for (let i = j - 1; i >= 0; i--) {
      if (after[i]?.has(j) === true || draw(`${seed} ${i} before ${j}`, 3) > 0) continue;
      for (let k = 0; k <= i; k++) if (k === i || after[k]?.has(i) === true) after[k]?.add(j);
    }
  }
  return (a, b) => after[events.indexOf(a)]?.has(events.indexOf(b)) ?? false;
}
