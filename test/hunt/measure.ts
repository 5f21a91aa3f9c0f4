import { hashFraction } from "../../services/abi/hash.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { mutate, OPERATORS, type Mutant, type Operator } from "./blind.ts";
import { createJudge, failing, type Judge } from "./judge.ts";
import { record, type Recorded } from "./traces.ts";

/** How many mutants of an operator there were, and how many the rules noticed. */
export interface Tally {
  mutants: number;
  detected: number;
  /** Of those not detected: a rule says that it is broken in some of the orders that cause and effect allow. */
  possible: number;
}

/** What came of spoiling traces blindly. */
export interface Measured {
  readonly traces: number;
  /** Alarms on traces that nobody spoiled. */
  readonly false: readonly string[];
  readonly tallies: Readonly<Record<Operator, Tally>>;
  /** Reorderings of what nothing relates, and those of them that a rule took for wrong. */
  readonly equivalent: number;
  readonly equivalentAlarms: readonly string[];
  /** Not noticed, by operator and what was struck, the most frequent first. */
  readonly survivors: readonly (readonly [struck: string, count: number, example: string])[];
}

/** A swap is judged by cause and effect: what other houses did between its two events may have to stand elsewhere then. */
const judged = (judge: Judge, { operator, events }: Mutant) =>
  operator === "swap" ? judge.byCause(events) : judge.live(events);

/**
 * Makes mutants of the traces of experiments.
 *
 * @param share which share of all that could be made, chosen by hash of the place, so that the same ones are made each time.
 */
export async function measure(files: readonly string[], share: number): Promise<Measured> {
  const judges: Readonly<Record<Profile, Judge>> = {
    documented: createJudge("documented"),
    "as-implemented": createJudge("as-implemented"),
  };
  const tally = (): Tally => ({ mutants: 0, detected: 0, possible: 0 });
  const tallies: Record<Operator, Tally> = { drop: tally(), duplicate: tally(), swap: tally(), flip: tally() };
  const alarms: string[] = [];
  const equivalentAlarms: string[] = [];
  const survivors = new Map<string, { count: number; readonly example: string }>();
  let traces = 0;
  let equivalent = 0;

  function spoil({ file, profile, events }: Recorded, operator: Operator, at: number): void {
    const mutant = mutate(events, operator, at);
    if (mutant === undefined) return;
    const judgements = judged(judges[profile], mutant);
    const [first] = failing(judgements);
    const where = `${file} ${profile} #${at}`;
    if (mutant.equivalent) {
      equivalent += 1;
      if (first !== undefined) equivalentAlarms.push(`${mutant.struck}, ${where}: ${first.rule.id}`);
      return;
    }
    tallies[operator].mutants += 1;
    if (first !== undefined) {
      tallies[operator].detected += 1;
      return;
    }
    if (failing(judgements, "possible-fail").length > 0) tallies[operator].possible += 1;
    const struck = `${operator} ${mutant.struck}`;
    const known = survivors.get(struck);
    if (known === undefined) survivors.set(struck, { count: 1, example: where });
    else known.count += 1;
  }

  for (const file of files) {
    for (const recorded of await record(file)) {
      const { profile, events } = recorded;
      const judgements = judges[profile].live(events);
      const wrong = failing(judgements);
      alarms.push(...wrong.map(({ rule }) => `${file} ${profile}: ${rule.id}`));
      // A trace in which something is wrong already tells nothing of what was made wrong.
      if (wrong.length > 0) continue;
      traces += 1;
      for (const at of events.keys()) {
        for (const operator of OPERATORS)
          if (hashFraction(`${file} ${profile} ${at} ${operator}`) < share) spoil(recorded, operator, at);
      }
    }
  }
  return {
    traces,
    false: alarms,
    tallies,
    equivalent,
    equivalentAlarms,
    survivors: [...survivors]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(([struck, { count, example }]) => [struck, count, example]),
  };
}

const percent = (part: number, whole: number): string => `${whole === 0 ? "-" : ((100 * part) / whole).toFixed(1)} %`;

/** All operators together. */
export function totalOf({ tallies }: Measured): Tally {
  const sum = (key: keyof Tally): number => Object.values(tallies).reduce((all, one) => all + one[key], 0);
  return { mutants: sum("mutants"), detected: sum("detected"), possible: sum("possible") };
}

/** The table for people. */
export function measuredText(measured: Measured): string {
  const line = (name: string, { mutants, detected, possible }: Tally): string =>
    `${name.padEnd(10)} ${String(mutants).padStart(6)} mutants, ${String(detected).padStart(6)} detected (${percent(detected, mutants)}), ${possible} possible`;
  return [
    `${measured.traces} traces`,
    ...OPERATORS.map((operator) => line(operator, measured.tallies[operator])),
    line("all", totalOf(measured)),
    `${measured.equivalent} legal reorderings, ${measured.equivalentAlarms.length} of them taken for wrong`,
    "survivors:",
    ...measured.survivors.map(([struck, count, example]) => `${String(count).padStart(5)}  ${struck}  (${example})`),
  ].join("\n");
}
