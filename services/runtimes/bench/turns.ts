import type { BenchRow } from "../../cli/bench-report.ts";
import { ownCpuNs } from "./cpu-time.ts";

/** One way to spend time, and what it did. */
export interface Way {
  readonly what: string;
  readonly floor: boolean;
  /** Does a round of work and answers how much of it there was. */
  readonly round: () => number | Promise<number>;
  /** What each round came to. */
  readonly rounds: Round[];
}

/** How much was done in how much time, and what it cost of the CPU. */
interface Round {
  readonly done: number;
  readonly seconds: number;
  readonly cpuNs: number;
}

/** A median of fewer rounds says little. */
const ROUNDS_MIN = 5;

/** A way that has not been measured yet. */
export const wayOf = (what: string, floor: boolean, round: Way["round"]): Way => ({ what, floor, round, rounds: [] });

/**
 * Rounds of all ways by turns, until all of them together have had their time; the first of each only warms it up. Each way
 * has as many rounds as the others, however quick it is.
 */
export async function takeTurns(
  ways: readonly Way[],
  seconds: number,
  stop: AbortSignal,
  before: () => void,
): Promise<void> {
  let left = seconds * ways.length;
  for (let turn = 0; turn <= ROUNDS_MIN || left > 0; turn++) {
    before();
    for (const way of turn % 2 === 0 ? ways : ways.toReversed()) {
      const [startMs, cpuNs] = [performance.now(), ownCpuNs()];
      const done = await way.round();
      const taken = (performance.now() - startMs) / 1000;
      if (turn > 0) way.rounds.push({ done, seconds: taken, cpuNs: ownCpuNs() - cpuNs });
      left -= taken;
      stop.throwIfAborted();
    }
  }
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** How often a way takes the time of the floor, round by round; undefined for the floor itself. @param unit what was done, as in its row. */
export function besideFloor(
  bench: string,
  { what, rounds }: Way,
  ways: readonly Way[],
  unit?: BenchRow["unit"],
): string | undefined {
  const floor = ways.find((way) => way.floor);
  if (floor === undefined || floor.what === what) return undefined;
  const of = ({ seconds, done }: Round): number => seconds / done;
  const perCpuSecond = median(rounds.map((round) => (round.done / round.cpuNs) * 1e9));
  const rate =
    unit === "bytes" ? `${(perCpuSecond / 1e6).toFixed(1)} MB` : Math.round(perCpuSecond).toLocaleString("en-US");
  const ratios = rounds.map((round, i) => of(round) / of(floor.rounds[i] ?? round));
  return `${bench}: ${what}: ${median(ratios).toFixed(2)} times the time of its floor, ${rate} a second of CPU time, ${rounds.length} rounds`;
}

/** The rows of ways that were measured together: `common` is where and under what load. */
export const rowsOf = (
  common: Pick<BenchRow, "bench" | "runtime" | "road" | "inFlight" | "bytes" | "burst">,
  ways: readonly Way[],
): BenchRow[] =>
  ways.map(({ what, floor, rounds }) => ({
    ...common,
    what,
    floor,
    perSecond: Math.round(median(rounds.map(({ done, seconds }) => done / seconds))),
    cpu: { callerNs: Math.round(median(rounds.map(({ done, cpuNs }) => cpuNs / done))) },
  }));
