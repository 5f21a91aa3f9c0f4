import type { TraceEvent } from "../../abi/event.ts";
import { answerText, factFields, fieldsText, isCallers } from "../../telemetry/words.ts";

/** One line of the picture, from top to bottom. */
export interface Row {
  /** What is shown on it: one event, or the two sides of one crossing where nothing came in between. */
  readonly events: readonly TraceEvent[];
  readonly t: "call" | "return" | "fact" | "blow";
  readonly label: string;
  /** The event at whose lane an arrow begins; it may stand on an earlier row. */
  readonly from?: TraceEvent;
  /** The event at whose lane it ends. */
  readonly to?: TraceEvent;
  /** The arrow ends nowhere: nobody heard the call. */
  readonly unheard?: true;
  /** No answer came. */
  readonly lost?: true;
  /** The fault rule that struck here. */
  readonly fault?: string;
  readonly failed?: true;
}

const BLOWS: ReadonlySet<string> = new Set(["blow", "place_down"]);

/** An event in a few words: `sock_oob_bind(sk=3)`, `sock_oob_bind = -ENOMEM`, `index_add files=1 fd=3`. */
export function wordsOf(event: TraceEvent): string {
  const { point, phase, slice, args } = event;
  if (phase === "fact") return `${point} ${fieldsText(factFields(event))}`.trimEnd();
  if (phase === "exit") return `${point} = ${answerText(event) || "done"}`;
  const { task: _, ...about } = slice;
  return `${point}(${fieldsText({ ...about, ...args }, ", ")})`;
}

/** Who met whom: the two sides of each crossing, by the span of the caller. */
interface Sides {
  receiverEnter?: TraceEvent;
  receiverExit?: TraceEvent;
  callerEnter?: TraceEvent;
  callerExit?: TraceEvent;
}

function sidesOf(events: readonly TraceEvent[]): Map<number, Sides> {
  const sides = new Map<number, Sides>();
  for (const event of events) {
    if (event.phase === "fact") continue;
    const mine = isCallers(event);
    const span = mine ? event.span : event.parent;
    const known = sides.get(span) ?? {};
    const side = mine ? "caller" : "receiver";
    known[`${side}${event.phase === "enter" ? "Enter" : "Exit"}`] = event;
    sides.set(span, known);
  }
  return sides;
}

/** The rows of a picture of these events, which stand in an order that no cause contradicts. */
export function rowsOf(events: readonly TraceEvent[]): Row[] {
  const sides = sidesOf(events);
  const sent = new Map<number, TraceEvent>();
  const rows: Row[] = [];
  for (let i = 0; i < events.length; i++) {
    const event = events[i];
    if (event === undefined) continue;
    const next = events[i + 1];
    const { point, phase, fault } = event;
    const struck = fault === undefined ? {} : { fault };
    if (phase === "fact") {
      if (point === "frame_send") sent.set(event.span, event);
      const from = point === "frame_receive" ? sent.get(event.parent) : undefined;
      const t = BLOWS.has(point) ? "blow" : "fact";
      rows.push({ events: [event], t, label: wordsOf(event), ...(from && { from, to: event }), ...struck });
      continue;
    }
    const crossing = sides.get(isCallers(event) ? event.span : event.parent) ?? {};
    const { callerEnter, callerExit, receiverEnter, receiverExit } = crossing;
    if (phase === "enter") {
      const both = event === callerEnter && next !== undefined && next === receiverEnter;
      const from = callerEnter ?? event;
      const isArrival = event === receiverEnter;
      if (both) i++;
      rows.push({
        events: both ? [event, next] : [event],
        t: "call",
        label: isArrival && callerEnter !== undefined ? `… ${point} arrives` : wordsOf(event),
        from,
        ...(receiverEnter === undefined ? { unheard: true } : (both || isArrival) && { to: receiverEnter }),
        ...struck,
      });
      continue;
    }
    const isAnswer = event === receiverExit;
    const both = isAnswer && next !== undefined && next === callerExit && next.lost === undefined;
    if (both) i++;
    const told = both ? next : event;
    const ends = event === callerExit || both;
    rows.push({
      events: both ? [event, next] : [event],
      t: "return",
      label:
        ends && !both && receiverExit !== undefined && told.lost === undefined ? `… ${wordsOf(told)}` : wordsOf(told),
      from: receiverExit ?? event,
      ...(ends && { to: callerExit }),
      ...(told.lost !== undefined && { lost: true }),
      ...(told.fault !== undefined && { fault: told.fault }),
      ...((told.ret ?? 0) < 0 && { failed: true }),
    });
  }
  return rows;
}
