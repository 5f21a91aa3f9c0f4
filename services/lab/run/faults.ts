import { NOT_SUPPRESSED, suppressedSum } from "../../boundary/faults/suppressed.ts";
import { appliesTo, type Experiment, type Fault } from "../experiment.ts";
import type { World } from "../world.ts";
import type { FaultRecord } from "./journal.ts";

/** The faults of a run. */
export interface RunFaults {
  /** Arms those that are armed from the start. Answers why one cannot be. */
  armAll(): Promise<string | undefined>;
  /** Arms one; answers why it cannot be. */
  arm(id: string): Promise<string | undefined>;
  /** Disarms one, keeping what it did; answers why it cannot be. */
  disarm(id: string): Promise<string | undefined>;
  /** Whether any is armed now. */
  isAnyArmed(): boolean;
  /** Disarms those of this run that are armed, and answers what each of them did. */
  end(): Promise<readonly FaultCounts[]>;
}

/** What a fault did, as far as those can tell who decide when it strikes. */
export type FaultCounts = Omit<FaultRecord, "firedAt" | "observed" | "recovered">;

type Counts = Pick<FaultCounts, "crossings" | "matched" | "fired" | "suppressed">;

const NOTHING: Counts = { crossings: 0, matched: 0, fired: 0, suppressed: NOT_SUPPRESSED };

/** Does the same for each of these; answers the first problem. */
async function everyone(
  ids: readonly string[],
  what: (id: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const id of ids) {
    const problem = await what(id);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The faults of an experiment that its world's profile has. */
export function createRunFaults({ faults }: Experiment, world: World): RunFaults {
  const mine = new Map(
    faults.filter(({ profile }) => appliesTo(profile, world.profile)).map((fault) => [fault.rule.id, fault]),
  );
  const armed = new Set<string>();
  const counts = new Map<string, Counts>();

  /** A house forgets the counts of a rule that is disarmed; a rule may be armed more than once in a run. */
  async function count(ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return;
    for (const { rule, crossings, matched, fired, suppressed } of await world.faults()) {
      if (rule === undefined || !ids.has(rule.id)) continue;
      const before = counts.get(rule.id) ?? NOTHING;
      counts.set(rule.id, {
        crossings: before.crossings + crossings,
        matched: before.matched + matched,
        fired: before.fired + fired,
        suppressed: suppressedSum(before.suppressed, suppressed),
      });
    }
  }

  async function arm(id: string): Promise<string | undefined> {
    if (id === "*")
      return everyone(
        [...mine.keys()].filter((one) => !armed.has(one)),
        arm,
      );
    const fault = mine.get(id);
    if (fault === undefined) return `there is no fault ${id}`;
    const problem = await world.arm(fault.rule);
    if (problem === undefined) armed.add(id);
    return problem;
  }

  async function disarm(id: string): Promise<string | undefined> {
    if (id === "*") return everyone([...armed], disarm);
    await count(new Set([id]));
    armed.delete(id);
    return (await world.disarm(id)) ? undefined : `no rule ${id} was armed`;
  }

  const record = ({ rule, title }: Fault): FaultCounts => ({
    id: rule.id,
    ...(title !== undefined && { title }),
    point: rule.point,
    rule,
    ...(counts.get(rule.id) ?? NOTHING),
  });

  return {
    arm,
    disarm,
    isAnyArmed: () => armed.size > 0,
    async armAll() {
      for (const { rule, armed: fromStart } of mine.values()) {
        const problem = fromStart ? await arm(rule.id) : undefined;
        if (problem !== undefined) return `${rule.id}: ${problem}`;
      }
      return undefined;
    },
    async end() {
      await count(armed);
      for (const id of armed) await world.disarm(id);
      armed.clear();
      return [...mine.values()].map(record);
    },
  };
}
