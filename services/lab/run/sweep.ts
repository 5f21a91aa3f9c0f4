import type { Profile } from "../../abi/profile.ts";
import { appliesTo, type Experiment, type Fault } from "../experiment.ts";

/** One run of a sweep. */
export interface SweepTurn {
  /** The crossing that is struck, from 1. */
  readonly nth: number;
  /** What the runs before it have used of the budget: the runs of a sweep share it. */
  readonly crossings: number;
  readonly ns: number;
}

/** Where a sweep begins. */
export const FIRST_TURN: SweepTurn = { nth: 1, crossings: 0, ns: 0 };

/** The fault with `nth: each` that a profile has; undefined where there is none. The loader allows one at most. */
export const sweptFault = ({ faults }: Pick<Experiment, "faults">, profile: Profile): Fault | undefined =>
  faults.find(({ sweep, profile: only }) => sweep === true && appliesTo(only, profile));

/** The experiment as it is in one run of its sweep: the fault strikes this crossing. Without a sweep, itself. */
export function atTurn(experiment: Experiment, profile: Profile, { nth }: SweepTurn): Experiment {
  const swept = sweptFault(experiment, profile);
  if (swept === undefined) return experiment;
  const { rule } = swept;
  const select = rule.select && { ...rule.select, nth: [{ from: nth, to: nth }] };
  const struck: Fault = { ...swept, rule: { ...rule, ...(select && { select }) } };
  return { ...experiment, faults: experiment.faults.map((fault) => (fault === swept ? struck : fault)) };
}
