import type { TraceEvent } from "../../abi/event.ts";
import type { Look } from "../look.ts";
import { createPen } from "./lines.ts";
import { inOrder } from "./order.ts";
import { arrange } from "./parts.ts";
import { rowsOf } from "./rows.ts";
import { growForest, isComplete } from "./tree.ts";

/** A trace that is drawn while it happens. */
export interface LiveTrace {
  add(events: readonly TraceEvent[]): void;
  /** What is ready to be shown; to be asked several times a second. */
  tick(): string[];
  /** Everything that is left, complete or not. */
  end(): string[];
}

/** A call that has been silent for so many ticks is shown as still open. */
const OPEN_TICKS = 5;
/** More events in one tick than anybody could read. */
const EVENTS_PER_TICK = 4000;

interface Group {
  readonly events: TraceEvent[];
  readonly shown: Set<TraceEvent>;
  /** Ticks since the last event came. */
  quiet: number;
}

/**
 * Draws each root call when it is complete. Houses hand in their events one after the other, so a call is taken to be
 * complete when nothing more came for it during one tick; what has long been open is shown as far as it went, and taken
 * up again later.
 */
export function createLiveTrace(look: Look): LiveTrace {
  const pen = createPen(look);
  const heard = new Set<string>();
  let groups = new Map<number, Group>();
  let loose = 0;
  let fresh = 0;
  let skipped = 0;
  let headed = false;

  /** Facts outside of every call have no trace: each is a group of its own, under a number that no trace has. */
  const keyOf = (event: TraceEvent): number => (event.trace === 0 ? -++loose : event.trace);

  function draw(ready: readonly Group[]): string[] {
    const shown = new Set(ready.flatMap((group) => [...group.shown]));
    const parts = arrange(
      ready.flatMap(({ events }) => events),
      shown,
    );
    const rows = parts.flatMap((part) => rowsOf(part, heard));
    // A second node brings a column, and with it a new header.
    if (pen.meet(rows.map(({ node }) => node))) headed = false;
    const lines = pen.draw(rows);
    for (const group of ready) for (const event of group.events) group.shown.add(event);
    if (skipped > 0) {
      lines.push(look.odd(look.plain(`${look.glyphs.more} ${skipped} events came too fast to be shown`)));
      skipped = 0;
    }
    if (headed || lines.length === 0) return lines;
    headed = true;
    return [pen.header(rows), ...lines];
  }

  function flush(isReady: (group: Group, complete: boolean) => boolean): string[] {
    const ready: Group[] = [];
    const left = new Map<number, Group>();
    for (const [key, group] of groups) {
      const complete = growForest(inOrder(group.events)).every(isComplete);
      if (isReady(group, complete)) ready.push(group);
      if (!complete || !ready.includes(group)) left.set(key, group);
    }
    groups = left;
    return draw(ready);
  }

  return {
    add(events) {
      for (const event of events) {
        heard.add(`${event.node}/${event.service}`);
        if (++fresh > EVENTS_PER_TICK && !groups.has(event.trace)) {
          skipped++;
          continue;
        }
        const key = keyOf(event);
        const group = groups.get(key) ?? { events: [], shown: new Set(), quiet: 0 };
        groups.set(key, group);
        group.events.push(event);
        group.quiet = 0;
      }
    },
    tick() {
      fresh = 0;
      const lines = flush(({ events, shown, quiet }, complete) => {
        const news = events.length > shown.size;
        return complete ? quiet >= 1 : news && quiet >= OPEN_TICKS;
      });
      for (const group of groups.values()) group.quiet++;
      return lines;
    },
    end: () => flush(() => true),
  };
}
