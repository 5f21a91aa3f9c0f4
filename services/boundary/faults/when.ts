import type { House } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { AtomError } from "../../rules/atoms/syntax.ts";
import { assert } from "../../abi/assert.ts";
import { parseFormula } from "../../rules/language/parse.ts";
import { createWhen, whenProblems, type Crossing } from "../../rules/when.ts";
import { FRAME_POINTS, pointName, type FaultPoint } from "./points.ts";

/** A formula that watches the events of one house, and is asked in the slice of a crossing. */
export interface Watcher {
  sees(event: TraceEvent): void;
  holds(crossing: Crossing): boolean;
}

/**
 * What the slice of a point is cut by. A task is no part of it: other tasks act on the same socket. Nor is a frame: it is new
 * each time, so that nothing could have been so before.
 */
const keysOf = (point: FaultPoint): readonly string[] =>
  typeof point === "string" ? ["dev"] : point.slice.filter((key) => key !== "frame");

/** Watches for each slice that the points of a rule have. */
export function createWatcher(text: string, points: Iterable<FaultPoint>): ReadonlyMap<string, Watcher> {
  const parsed = parseFormula(text);
  assert(parsed.ok, "the formula of a rule was checked before the rule was armed");
  const byKeys = new Map<string, Watcher>();
  const watchers = new Map<string, Watcher>();
  for (const point of points) {
    const keys = keysOf(point);
    const name = keys.join();
    const known = byKeys.get(name);
    if (known !== undefined) {
      watchers.set(pointName(point), known);
      continue;
    }
    const when = createWhen(parsed.formula, keys);
    const made: Watcher = { sees: (event) => when.take(event), holds: (crossing) => when.holds(crossing) };
    byKeys.set(name, made);
    watchers.set(pointName(point), made);
  }
  return watchers;
}

/** What is wrong with the formula of a fault in these houses, with its place in the text; empty when nothing is. */
export function formulaProblems(text: string, point: FaultPoint, houses: readonly House[]): readonly AtomError[] {
  // Of the houses at the ends of links, one must record it; in the others it never holds.
  const all = houses.map((house) => whenProblems(text, house, keysOf(point)));
  const isFrame = FRAME_POINTS.some((frame) => frame === point);
  return isFrame && all.some((problems) => problems.length === 0) ? [] : (all.find((one) => one.length > 0) ?? []);
}

/** Why a formula cannot be watched in these houses, in one line; undefined when it can, and for none. */
export function whenProblem(
  text: string | undefined,
  word: string,
  point: FaultPoint,
  houses: readonly House[],
): string | undefined {
  const [problem] = text === undefined ? [] : formulaProblems(text, point, houses);
  if (problem === undefined) return undefined;
  const { offset, found, allowed, hint } = problem;
  return `${word}, at letter ${offset + 1}: found ${found}, allowed is ${allowed}${hint === undefined ? "" : `; ${hint}`}`;
}
