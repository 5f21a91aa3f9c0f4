import type { TraceEvent } from "../../abi/event.ts";
import type { Row } from "./rows.ts";

/** A stretch of rows that is shown, or folded away. */
export interface Stretch {
  readonly t: "shown" | "folded";
  readonly rows: readonly Row[];
}

/** Below this, everything is shown. */
const ALL_BELOW = 90;
const BEFORE = 7;
const AFTER = 6;
/** A fold takes a line itself: it must be worth it. */
const FOLD_MIN = 4;
const WINDOWS_MAX = 12;
/** Of a long run where nothing stands out, so much of its beginning and end is shown. */
const [FIRST, LAST] = [30, 10];

/**
 * Which rows are shown: all of a short run; of a long one what stands around the events that matter, and of one where
 * nothing does, its beginning and its end.
 */
export function stretchesOf(rows: readonly Row[], matters: ReadonlySet<TraceEvent>): Stretch[] {
  const shown = new Set<number>();
  const show = (from: number, to: number): void => {
    for (let i = Math.max(0, from); i <= Math.min(rows.length - 1, to); i++) shown.add(i);
  };
  const marked = rows.flatMap(({ events, fault, t }, i) =>
    fault !== undefined || t === "blow" || events.some((event) => matters.has(event)) ? [i] : [],
  );
  if (rows.length <= ALL_BELOW) show(0, rows.length - 1);
  else if (marked.length === 0) {
    show(0, FIRST - 1);
    show(rows.length - LAST, rows.length - 1);
  } else {
    // Witnesses go first: a rule that struck a thousand times needs no thousand windows.
    const first = marked.filter((i) => rows[i]?.events.some((event) => matters.has(event)) === true);
    const chosen = [...first, ...marked.filter((i) => !first.includes(i))];
    let windows = 0;
    for (const i of chosen) {
      if (windows >= WINDOWS_MAX && !shown.has(i)) continue;
      if (!shown.has(i)) windows++;
      show(i - BEFORE, i + AFTER);
    }
  }
  const stretches: { t: Stretch["t"]; rows: Row[] }[] = [];
  rows.forEach((row, i) => {
    const t = shown.has(i) ? "shown" : "folded";
    const last = stretches.at(-1);
    if (last?.t === t) last.rows.push(row);
    else stretches.push({ t, rows: [row] });
  });
  const worthIt = stretches.map(({ t, rows: some }) => ({
    t: t === "folded" && some.length < FOLD_MIN ? ("shown" as const) : t,
    rows: some,
  }));
  return joined(worthIt);
}

const joined = (stretches: readonly Stretch[]): Stretch[] =>
  stretches.reduce<Stretch[]>((done, one) => {
    const last = done.at(-1);
    if (last?.t !== one.t) return [...done, one];
    return [...done.slice(0, -1), { t: one.t, rows: [...last.rows, ...one.rows] }];
  }, []);
