import { ownCpuNs } from "./cpu-time.ts";
import { measure, unmeasured, type Measured } from "./measure.ts";
import type { Losses, Rig, Way } from "./rig.ts";

/** What calls cost in one round, in nanoseconds: of time, and of the CPU time of the two processes. */
interface Cost {
  readonly ns: number;
  readonly callerCpuNs: number;
  readonly calleeCpuNs: number | undefined;
}

/** What one way costs over all rounds. */
export interface Rounds {
  readonly way: Way;
  readonly all: Measured;
  readonly costs: readonly Cost[];
  readonly lost: Losses | undefined;
}

/** The middle of some figures, and between which the middle half of them lies. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Short rounds, so that a machine that changes its speed changes it for all ways alike. */
const ROUNDS = 8;
const WARM_UP_SECONDS = 0.5;
const WARM_UP_IN_FLIGHT = 64;

/** One round of one way; into `all` go its calls. */
async function round(rig: Rig, way: Way, all: Measured, inFlight: number, seconds: number, stop: AbortSignal) {
  await way.begin?.();
  const [calls, spent] = [all.calls, all.seconds];
  const caller = ownCpuNs();
  const callee = way.calleeCpuNs?.();
  await rig.drive(way, () => measure(all, way.call, inFlight, seconds, stop));
  const made = Math.max(1, all.calls - calls);
  // What the calls have left behind is done at their expense, not at that of the next round.
  await way.settle?.();
  const calleeAfter = way.calleeCpuNs?.();
  return {
    ns: ((all.seconds - spent) * 1e9) / made,
    callerCpuNs: (ownCpuNs() - caller) / made,
    calleeCpuNs: callee === undefined || calleeAfter === undefined ? undefined : (calleeAfter - callee) / made,
  };
}

/** Measures all ways of a rig in turns, each round in the other order than the one before. */
export async function measureRig(
  rig: Rig,
  inFlight: number,
  seconds: number,
  stop: AbortSignal,
): Promise<readonly Rounds[]> {
  const ways = rig.ways.map((way) => ({ way, all: unmeasured(), costs: [] as Cost[] }));
  const warmUp = Math.min(WARM_UP_SECONDS, seconds);
  for (const { way } of ways) {
    // What is compiled late would else be paid for by the first rounds: many calls at once get there sooner.
    await round(rig, way, unmeasured(), WARM_UP_IN_FLIGHT, warmUp, stop);
    await round(rig, way, unmeasured(), inFlight, warmUp, stop);
  }
  const before = await lossesOf(ways);
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const one of turn % 2 === 0 ? ways : ways.toReversed()) {
      one.costs.push(await round(rig, one.way, one.all, inFlight, seconds / ROUNDS, stop));
      stop.throwIfAborted();
    }
  }
  const after = await lossesOf(ways);
  return ways.map((one, i) => ({ ...one, lost: minus(after[i], before[i]) }));
}

const lossesOf = (ways: readonly { readonly way: Way }[]): Promise<(Losses | undefined)[]> =>
  Promise.all(ways.map(async ({ way }) => way.lost?.()));

const minus = (after: Losses | undefined, before: Losses | undefined): Losses | undefined =>
  after && before && { events: after.events - before.events, spans: after.spans - before.spans };

/** CPU time of a call in both processes, as far as it can be told. */
export const cpuOf = ({ callerCpuNs, calleeCpuNs }: Cost): number => callerCpuNs + (calleeCpuNs ?? 0);

/** @param values at least one. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** How a cost stands to another's in the same round. */
export const ratioOf = (one: Rounds, other: Rounds, of: (cost: Cost) => number): Spread =>
  spreadOf(
    one.costs.flatMap((cost, i) => {
      const beside = other.costs[i];
      return beside === undefined ? [] : [of(cost) / of(beside)];
    }),
  );
