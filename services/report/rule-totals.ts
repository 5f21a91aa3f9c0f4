import type { RunSummary } from "./summary.ts";

/** What a rule came to over many runs in which it counts. */
export interface RuleTotal {
  readonly id: string;
  readonly title: string;
  pass: number;
  fail: number;
  possible: number;
  unknown: number;
  vacuous: number;
  /** At how many events, in all runs, it had something to say. */
  triggered: number;
}

const COLUMNS = {
  pass: "pass",
  "certain-fail": "fail",
  "possible-fail": "possible",
  unknown: "unknown",
  vacuous: "vacuous",
} as const;

/** Counts what each rule came to, broken ones first, then those that nothing triggered, then by name. */
export function totalsOf(runs: readonly RunSummary[]): RuleTotal[] {
  const totals = new Map<string, RuleTotal>();
  for (const { id, title, verdict, triggered, counts } of runs.flatMap(({ rules }) => rules)) {
    if (!counts) continue;
    const total = totals.get(id) ?? {
      id,
      title,
      pass: 0,
      fail: 0,
      possible: 0,
      unknown: 0,
      vacuous: 0,
      triggered: 0,
    };
    total[COLUMNS[verdict]]++;
    total.triggered += triggered;
    totals.set(id, total);
  }
  const rank = ({ fail, possible, triggered }: RuleTotal): number =>
    fail > 0 ? 0 : possible > 0 ? 1 : triggered === 0 ? 2 : 3;
  return [...totals.values()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}
