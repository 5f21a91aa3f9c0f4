import type { TraceEvent } from "../../services/abi/event.ts";
import { lookOf } from "../../services/cli/look.ts";
import { drawTrace } from "../../services/cli/trace/view.ts";

/** A trace as it is drawn without colours. */
export const draw = (events: readonly TraceEvent[], columns = 80, unicode = true): string[] =>
  drawTrace(events, lookOf({ columns, colour: false, unicode }));

/** The lines without the columns on the left, for what only the tree decides. */
export const tree = (events: readonly TraceEvent[], columns = 140): string[] =>
  draw(events, columns)
    .slice(1)
    .map((line) => line.slice(40).replace(/ {2,}\d[\d.]* (ns|µs|ms|s)$/, ""));
