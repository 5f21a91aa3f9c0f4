import type { Profile } from "../../services/abi/profile.ts";
import { firstDifferingEvent } from "../../services/lab/determinism.ts";
import { eventToLine } from "../../services/lab/trace-file.ts";
import { randomPlan } from "./generate.ts";
import { createJudge, failing, verdictsOf, violationText } from "./judge.ts";
import { runPlan, type Hunted } from "./run.ts";
import { shrink } from "./shrink.ts";
import { textOfPlan, type Plan } from "./written.ts";

/** Something that should not be. */
interface Find {
  readonly seed: string;
  readonly profile: Profile;
  /** The rule, or what else: `broken`, `stuck`, `not the same twice`. */
  readonly what: string;
  readonly text: string;
  /** The smallest experiment that shows it, as a file has it; absent where nobody asked for it. */
  readonly minimal?: string;
}

/** What a hunt saw. */
export interface Hunt {
  readonly runs: number;
  readonly events: number;
  readonly rules: number;
  readonly finds: readonly Find[];
  /** How many violations hang on an order that merely came about. */
  readonly possible: Readonly<Record<string, number>>;
  /** In how many runs each rule was triggered. */
  readonly triggered: Readonly<Record<string, number>>;
}

/** How many runs are done. */
export interface HuntOptions {
  readonly from: number;
  readonly count: number;
  readonly profile: Profile;
  /** Of an alarm of each rule the first is made smaller. */
  readonly shrinks: boolean;
  /** Every n-th run is judged in the order of arrival, too, as it is while it happens; every n-th is run twice. */
  readonly liveEvery: number;
  readonly twiceEvery: number;
}

/** Why a run did not end as it should; undefined: it did, or a fault explains it. */
function stuckOf({ outcome }: Hunted): string | undefined {
  const reason = outcome?.journal.reasons.find((one) =>
    /^nothing could move|^the time of its budget|^it made more|^\d+ events were lost/.test(one),
  );
  return reason;
}

const isWrong =
  (what: string, profile: Profile, judge: ReturnType<typeof createJudge>) =>
  async (plan: Plan): Promise<boolean> => {
    const run = await runPlan(plan, profile, judge.ruleSet);
    if (what === "broken") return run.broken !== undefined;
    if (what === "stuck") return stuckOf(run) !== undefined;
    return [run.outcome?.judgements ?? [], judge.live(run.events)].some((judged) =>
      failing(judged).some(({ rule }) => rule.id === what),
    );
  };

/** Runs random experiments and judges each by all rules that count under the profile. */
export async function hunt({ from, count, profile, shrinks, liveEvery, twiceEvery }: HuntOptions): Promise<Hunt> {
  const judge = createJudge(profile);
  const finds: Find[] = [];
  const triggered: Record<string, number> = {};
  const possible: Record<string, number> = {};
  let events = 0;

  async function find(plan: Plan, what: string, text: string): Promise<void> {
    const known = finds.some((one) => one.what === what);
    const small = createJudge(profile, ({ id }) => id === what);
    const minimal = shrinks && !known ? await shrink(plan, isWrong(what, profile, small)) : undefined;
    finds.push({ seed: plan.seed, profile, what, text, ...(minimal && { minimal: textOfPlan(minimal, 1) }) });
  }

  for (let i = from; i < from + count; i++) {
    const plan = randomPlan(String(i));
    const run = await runPlan(plan, profile, judge.ruleSet);
    events += run.events.length;
    if (run.broken !== undefined) await find(plan, "broken", run.broken);
    const stuck = stuckOf(run);
    if (stuck !== undefined) await find(plan, "stuck", stuck);
    const judgements = run.outcome?.judgements ?? [];
    for (const { rule, triggered: times } of judgements)
      if (times > 0) triggered[rule.id] = (triggered[rule.id] ?? 0) + 1;
    for (const one of failing(judgements)) await find(plan, one.rule.id, violationText(one));
    for (const { rule } of failing(judgements, "possible-fail")) possible[rule.id] = (possible[rule.id] ?? 0) + 1;
    if (i % liveEvery === 0) {
      const said = verdictsOf(judgements);
      for (const one of failing(judge.live(run.events)))
        if (said.get(one.rule.id) === "pass") await find(plan, one.rule.id, `live: ${violationText(one)}`);
    }
    if (i % twiceEvery === 0) {
      const again = await runPlan(plan, profile);
      const difference = firstDifferingEvent(run.events.map(eventToLine), again.events.map(eventToLine));
      if (difference !== undefined) await find(plan, "not the same twice", difference.text);
    }
  }
  return { runs: count, events, rules: judge.rules.length, finds, possible, triggered };
}
