import type { TraceEvent } from "../../abi/event.ts";
import { compileFilter, pointsOf, type Passes } from "./compile.ts";
import { parseEventChoice, parseFilter } from "./parse.ts";
import type { Filter } from "./syntax.ts";

/** What the user chose of a trace. */
export interface Choice {
  readonly passes: Passes;
  /** The points that can pass; undefined: any. */
  readonly points: ReadonlySet<string> | undefined;
}

/** A choice, or in one line what is wrong with it; undefined: nothing was chosen, everything passes. */
export type ReadChoice =
  { readonly ok: true; readonly choice: Choice | undefined } | { readonly ok: false; readonly why: string };

/**
 * Reads what --filter and -e say: an event passes when one of the -e chooses it, and the filter passes it.
 */
export function readChoice(filter: string | undefined, events: readonly string[]): ReadChoice {
  const parts: Filter[] = [];
  const chosen: Filter[] = [];
  for (const source of events) {
    const parsed = parseEventChoice(source);
    if ("error" in parsed) return { ok: false, why: `-e '${source}', column ${parsed.column}: ${parsed.error}` };
    chosen.push(parsed.filter);
  }
  if (chosen.length > 0) parts.push({ t: "or", all: chosen });
  if (filter !== undefined) {
    const parsed = parseFilter(filter);
    if ("error" in parsed) return { ok: false, why: `--filter '${filter}', column ${parsed.column}: ${parsed.error}` };
    parts.push(parsed.filter);
  }
  if (parts.length === 0) return { ok: true, choice: undefined };
  const all: Filter = { t: "and", all: parts };
  return { ok: true, choice: { passes: compileFilter(all), points: pointsOf(all) } };
}

/** So many calls are remembered while they are under way; a trace that lost ends must not fill the memory. */
const OPEN_CALLS_MAX = 10_000;

/**
 * For people, a call is one line: where one of its two ends passes, both do. Beginnings are kept until the end is known, so
 * that `ret < 0` still shows what was called with what.
 */
export function createWholeCalls(passes: Passes): (events: readonly TraceEvent[]) => TraceEvent[] {
  const open = new Map<number, { readonly enter: TraceEvent; readonly shown: boolean }>();
  return (events) => {
    const out: TraceEvent[] = [];
    for (const event of events) {
      const fits = passes(event);
      if (event.phase === "enter") {
        open.set(event.span, { enter: event, shown: fits });
        const [oldest] = open.keys();
        if (open.size > OPEN_CALLS_MAX && oldest !== undefined) open.delete(oldest);
      }
      const begun = event.phase === "exit" ? open.get(event.span) : undefined;
      if (event.phase === "exit") open.delete(event.span);
      if (fits && begun?.shown === false) out.push(begun.enter);
      if (fits || begun?.shown === true) out.push(event);
    }
    return out;
  };
}
