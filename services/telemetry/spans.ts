import type { TraceEvent } from "../abi/event.ts";
import { parseTraceparent } from "../abi/traceparent.ts";
import { addFact, alarmOf, contractOf, isOpen, newDraft, type Draft, type GaveUp } from "./draft.ts";
import { errorOf, finish } from "./finish.ts";
import { createHouseLines } from "./houses.ts";
import { createRecent } from "./recent.ts";
import type { Span, SpanWorld } from "./span.ts";
import { createWaits } from "./waits.ts";

/** How much is kept, and how long. Times are those of whoever calls, not of the world. */
export interface SpanLimits {
  /** A trace of which nothing is heard for so long, with nothing open in it, is over. */
  readonly quietNs: number;
  /** What is open in a trace of which nothing is heard for so long is given up. Longer than any call may take. */
  readonly openNs: number;
  /** Traces that wait at once; beyond, the oldest is ended early. */
  readonly tracesMax: number;
  /** Spans of one trace; what is more is counted and left out. */
  readonly spansMax: number;
}

/** What is right for a running kernel. */
export const SPAN_LIMITS: SpanLimits = { quietNs: 2e9, openNs: 150e9, tracesMax: 16_384, spansMax: 4096 };

/** A trace that is over. */
export interface EndedTrace {
  readonly trace: number;
  readonly spanCount: number;
  /** Something in it is worth keeping whatever the sampling says. */
  readonly alarm: boolean;
  /** Part of it ended before: this is what was heard of it later. */
  readonly isLate: boolean;
  /** Writes its spans down, parents first where they are known. */
  spans(): Span[];
}

/** What was lost on the way from events to spans. */
interface SpanLosses {
  /** Events that no house's count explains: they were overwritten before they were taken. */
  events: number;
  /** Events that came twice. */
  repeated: number;
  /** Spans that were ended without their end. */
  unfinished: number;
  /** Spans whose parent was never heard of. */
  orphans: number;
  /** Spans beyond what a trace may have. */
  tooMany: number;
  /** Traces that were ended early, for want of room. */
  early: number;
}

/** Makes spans of events as they come. */
export interface SpanBuilder {
  readonly losses: Readonly<SpanLosses>;
  /** Events of one house come in its order; between houses in any. */
  add(events: readonly TraceEvent[], nowNs: number): void;
  /** The traces that are over by now. */
  take(nowNs: number): EndedTrace[];
  /** Ends everything that is open, and takes it. */
  flush(): EndedTrace[];
  /** How many traces wait. */
  waiting(): number;
}

interface Trace {
  readonly number: number;
  readonly drafts: Map<number, Draft>;
  open: number;
  hasFrames: boolean;
  alarm: boolean;
  readonly isLate: boolean;
  heardNs: number;
}

const houseOf = ({ node, service }: TraceEvent): string => `${node}/${service}`;

/** What a listener learns of each call when it has ended on its caller's side, before any sampling. */
export type OnCall = (enter: TraceEvent, exit: TraceEvent) => void;

/**
 * Makes spans of events: one for each side of a call, one for each end of a leg of a frame's way, one for what a house did
 * besides. A trace is over when its root has ended, nothing in it is open, and both sides of each call are there; or when it
 * has been quiet for a while, which is how traces with frames end, and such of which events were lost.
 */
export function createSpanBuilder(
  world: SpanWorld,
  limits: SpanLimits = SPAN_LIMITS,
  onCall: OnCall = () => undefined,
): SpanBuilder {
  const traces = new Map<number, Trace>();
  const ended: Trace[] = [];
  const over = createRecent();
  const lines = createHouseLines();
  const waits = createWaits();
  /** The calls that are open in each house. */
  const openIn = new Map<string, Set<Draft>>();
  const touched = new Set<Trace>();
  let sweptNs = -Infinity;
  const losses: SpanLosses = { events: 0, repeated: 0, unfinished: 0, orphans: 0, tooMany: 0, early: 0 };

  const closed = (trace: Trace, draft: Draft): void => {
    trace.open--;
    if (draft.enter !== undefined) openIn.get(houseOf(draft.enter))?.delete(draft);
  };

  function giveUp(trace: Trace, draft: Draft, why: GaveUp): void {
    if (!isOpen(draft)) return;
    draft.gaveUp = why;
    losses.unfinished++;
    trace.alarm = true;
    closed(trace, draft);
  }

  /** What was open in a house will not end any more. */
  function died(house: string): void {
    for (const draft of [...(openIn.get(house) ?? [])]) {
      const trace = traces.get(draft.trace);
      if (trace === undefined) continue;
      giveUp(trace, draft, "process_gone");
      touched.add(trace);
    }
  }

  function end(trace: Trace, why: GaveUp): void {
    for (const draft of trace.drafts.values()) giveUp(trace, draft, why);
    traces.delete(trace.number);
    touched.delete(trace);
    over.add(trace.number);
    ended.push(trace);
  }

  function makeRoom(): void {
    for (const oldest of traces.values()) {
      losses.early++;
      end(oldest, "no_room");
      return;
    }
  }

  function traceOf(number: number, nowNs: number): Trace {
    const known = traces.get(number);
    if (known !== undefined) return known;
    if (traces.size >= limits.tracesMax) makeRoom();
    const made: Trace = {
      number,
      drafts: new Map(),
      open: 0,
      hasFrames: false,
      alarm: false,
      isLate: over.has(number),
      heardNs: nowNs,
    };
    traces.set(number, made);
    return made;
  }

  function draftOf(trace: Trace, event: TraceEvent): Draft | undefined {
    const known = trace.drafts.get(event.span);
    if (known !== undefined) return known;
    if (trace.drafts.size >= limits.spansMax) {
      losses.tooMany++;
      return undefined;
    }
    const made = newDraft(event);
    trace.drafts.set(event.span, made);
    return made;
  }

  /** A call from a house to itself is told apart by what is around it: the receiver's span is inside the caller's. */
  function sideOf(trace: Trace, { point, service, parent }: TraceEvent): "client" | "server" {
    const contract = contractOf(point);
    if (contract?.from !== service) return "server";
    if (contract.to !== service) return "client";
    const around = trace.drafts.get(parent);
    return around?.side === "client" && around.enter?.point === point ? "server" : "client";
  }

  function crossing(trace: Trace, draft: Draft, event: TraceEvent): void {
    draft.side ??= sideOf(trace, event);
    draft.parent = event.parent;
    if (event.phase === "enter") {
      if (draft.enter !== undefined) return;
      draft.enter = event;
      if (!isOpen(draft)) return;
      trace.open++;
      const house = houseOf(event);
      openIn.set(house, (openIn.get(house) ?? new Set()).add(draft));
      return;
    }
    if (draft.exit !== undefined) return;
    if (isOpen(draft)) closed(trace, draft);
    draft.exit = event;
    if (draft.side === "client" && draft.enter !== undefined) onCall(draft.enter, event);
    if (event.fault !== undefined || errorOf(draft) !== undefined) trace.alarm = true;
    touched.add(trace);
  }

  function one(event: TraceEvent, nowNs: number): void {
    const arrival = lines.arrive(event);
    if (arrival.t === "again") {
      losses.repeated++;
      return;
    }
    losses.events += arrival.missed;
    if (arrival.t === "reborn") died(houseOf(event));
    if (event.point === "place_down") died(String(event.args["place"] ?? ""));
    // What happens in no span, such as the end of a burst, is in no trace.
    if (event.span === 0 || event.trace === 0) return;
    const trace = traceOf(event.trace, nowNs);
    trace.heardNs = nowNs;
    const draft = draftOf(trace, event);
    if (draft === undefined) return;
    if (event.phase !== "fact") {
      crossing(trace, draft, event);
      return;
    }
    if (event.point === "frame_send") trace.hasFrames = true;
    if (alarmOf(event) !== undefined) trace.alarm = true;
    // What a receiver notes before it has a span stands in the caller's, and knows no parent.
    if (draft.side === undefined && event.parent !== 0) draft.parent = event.parent;
    addFact(draft, event);
    waits.fact(event, draft);
  }

  /** Whether nothing more is to be expected: each call that got an answer has been heard of from its receiver too. */
  function isWhole(trace: Trace): boolean {
    if (trace.open > 0 || trace.hasFrames) return false;
    const answered = new Set<number>();
    for (const { side, parent, enter, exit } of trace.drafts.values()) {
      if (side === "server") answered.add(parent);
      if (side !== undefined && (enter === undefined || exit === undefined)) return false;
      if (parent !== 0 && !trace.drafts.has(parent)) return false;
    }
    for (const { side, span, exit } of trace.drafts.values()) {
      const isAnswered = side !== "client" || answered.has(span);
      if (!isAnswered && exit?.fault === undefined && exit?.lost === undefined) return false;
    }
    return true;
  }

  const endedTrace = (trace: Trace): EndedTrace => ({
    trace: trace.number,
    spanCount: trace.drafts.size,
    alarm: trace.alarm,
    isLate: trace.isLate,
    spans() {
      const root = trace.drafts.get(trace.number);
      const traceId = root?.remote === undefined ? undefined : parseTraceparent(root.remote)?.traceId;
      return [...trace.drafts.values()].flatMap((draft) => {
        // The parents of what came late may have gone before.
        const isRoot = draft.parent === 0 || draft.remote !== undefined || trace.isLate;
        const isOrphan = !isRoot && !trace.drafts.has(draft.parent);
        if (isOrphan) losses.orphans++;
        return finish(draft, world, { traceId, isOrphan }) ?? [];
      });
    },
  });

  const takeEnded = (): EndedTrace[] => ended.splice(0).map(endedTrace);

  return {
    losses,
    add(events, nowNs) {
      for (const event of events) one(event, nowNs);
    },
    take(nowNs) {
      for (const trace of touched) if (isWhole(trace)) end(trace, "too_old");
      touched.clear();
      // Looking at all that wait costs more than a batch of events: so only now and then.
      if (nowNs - sweptNs < limits.quietNs / 10) return takeEnded();
      sweptNs = nowNs;
      for (const trace of traces.values()) {
        const quietNs = nowNs - trace.heardNs;
        if (quietNs >= (trace.open > 0 ? limits.openNs : limits.quietNs)) end(trace, "too_old");
      }
      return takeEnded();
    },
    flush() {
      for (const trace of [...traces.values()]) end(trace, "stopped");
      return takeEnded();
    },
    waiting: () => traces.size,
  };
}

/** The spans of a recording that is complete, such as a trace file: by trace, in the order in which traces begin. */
export function spansOf(events: readonly TraceEvent[], world: SpanWorld): Span[] {
  const unbounded: SpanLimits = { quietNs: Infinity, openNs: Infinity, tracesMax: Infinity, spansMax: Infinity };
  const builder = createSpanBuilder(world, unbounded);
  builder.add(events, 0);
  return builder.flush().flatMap((trace) => trace.spans());
}
