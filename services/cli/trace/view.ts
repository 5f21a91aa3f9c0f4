import type { TraceEvent } from "../../abi/event.ts";
import type { Look } from "../look.ts";
import { createPen } from "./lines.ts";
import { arrange } from "./parts.ts";
import { rowsOf } from "./rows.ts";

/** A whole trace as a tree that a person can read: events in, in any order; lines out, the header first. */
export function drawTrace(events: readonly TraceEvent[], look: Look): string[] {
  if (events.length === 0) return [look.faint("nothing happened: no event was recorded")];
  const pen = createPen(look);
  pen.meet(events.map(({ node }) => node));
  const heard = new Set(events.map(({ node, service }) => `${node}/${service}`));
  const rows = arrange(events).flatMap((part) => rowsOf(part, heard));
  return [pen.header(rows), ...pen.draw(rows)];
}
