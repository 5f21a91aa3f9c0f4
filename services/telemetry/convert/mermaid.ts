import type { TraceEvent } from "../../abi/event.ts";
import { contractOf } from "../draft.ts";
import { answerText, factFields, fieldsText, isCallers } from "../words.ts";
import type { Converter } from "./converter.ts";
import { createEarliest } from "./earliest.ts";
import { mermaidText } from "./mermaid-text.ts";
import { createParticipants, type Participants } from "./participants.ts";

/** What a diagram shall have. */
export interface MermaidOptions {
  /** Arrows and notes at most; more than a few hundred nobody can read. */
  readonly max: number;
  /** Whether state changes are noted too. */
  readonly facts: boolean;
}

const TEXT_MAX = 120;

const cut = (text: string): string => (text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`);

const marksOf = ({ fault, locks, stage }: TraceEvent): string =>
  [
    ...(stage === "oob" ? ["[oob]"] : []),
    ...(fault === undefined ? [] : [`⚡ ${fault}`]),
    ...locks.map((lock) => `🔒 ${lock}`),
  ]
    .map((mark) => ` ${mark}`)
    .join("");

/** What can be known of a call only when all its events are there. */
interface Known {
  /** Receivers' beginnings, by the span of the call. */
  readonly arrivals: ReadonlyMap<number, readonly TraceEvent[]>;
  /** Ends as the callers saw them, by span. */
  readonly ends: ReadonlyMap<number, TraceEvent>;
  /** Beginnings as the callers recorded them, and frames as they were sent, by span. */
  readonly starts: ReadonlyMap<number, TraceEvent>;
  /** Spans of frames that arrived somewhere. */
  readonly arrived: ReadonlySet<number>;
}

function know(events: readonly TraceEvent[]): Known {
  const arrivals = new Map<number, TraceEvent[]>();
  const ends = new Map<number, TraceEvent>();
  const starts = new Map<number, TraceEvent>();
  const arrived = new Set<number>();
  for (const event of events) {
    const { point, phase, span, parent } = event;
    // A house may call itself: then only the cause tells the two sides apart.
    const arrives = phase === "enter" && (starts.get(parent)?.point === point || !isCallers(event));
    if (arrives) arrivals.set(parent, [...(arrivals.get(parent) ?? []), event]);
    else if (phase === "enter" || point === "frame_send") starts.set(span, event);
    else if (phase === "exit" && starts.has(span)) ends.set(span, event);
    if (event.point === "frame_receive") arrived.add(event.parent);
  }
  return { arrivals, ends, starts, arrived };
}

/** Draws events as lines of a sequence diagram. */
function createArtist(known: Known, places: Participants) {
  const line = (from: string, arrow: string, to: string, text: string): string =>
    `${from}${arrow}${to}: ${mermaidText(cut(text))}`;
  const note = (over: string, text: string): string => `Note over ${over}: ${mermaidText(cut(text))}`;
  const called = (event: TraceEvent): string => `${event.point}(${fieldsText(event.args, ", ")})`;
  const frames = new Map<number | string | undefined, number>();
  const frameText = ({ slice, args }: TraceEvent): string => {
    const number = frames.get(slice["frame"]) ?? frames.size + 1;
    frames.set(slice["frame"], number);
    return `frame ${number} (${slice["dev"] ?? "?"}, ${args["bytes"] ?? "?"} bytes)`;
  };
  const sideOf = (event: TraceEvent, house: string | undefined): string =>
    places.houseOf(event.node, house ?? "nobody");

  /** The end of a call, as its caller saw it. */
  function ended(event: TraceEvent): string {
    const { span, point } = event;
    const caller = places.of(event);
    const [arrival] = known.arrivals.get(span) ?? [];
    const answer = answerText(event);
    const text = `${answer === "" ? "returns" : answer}${event.fault === undefined ? "" : ` ⚡ ${event.fault}`}`;
    // The fault stands at the call already.
    if (arrival !== undefined && event.lost === undefined)
      return line(places.of(arrival), "-->>", caller, answer === "" ? "returns" : answer);
    if (arrival !== undefined) return line(places.of(arrival), "--x", caller, text);
    if (event.lost !== undefined) return line(sideOf(event, contractOf(point)?.to), "--x", caller, text);
    // A rule, or an empty weak definition, answered in the place of the house that never heard of it.
    return note(caller, `${point} = ${text}`);
  }

  return function draw(event: TraceEvent, facts: boolean): string | undefined {
    const { span, parent, point, phase } = event;
    const here = places.of(event);
    if (point === "frame_receive") {
      const sent = known.starts.get(parent);
      return line(sent === undefined ? here : places.of(sent), "-)", here, frameText(event));
    }
    if (point === "frame_send") {
      if (known.arrived.has(span)) return undefined;
      const to = String(event.args["to"] ?? "wire");
      return line(here, "-x", places.houseOf(event.node, to), frameText(event));
    }
    if (phase === "fact")
      return facts ? note(here, `${point} ${fieldsText(factFields(event))}${marksOf(event)}`) : undefined;
    if (known.starts.has(span)) {
      if (phase === "exit") return ended(event);
      if (known.arrivals.has(span)) return undefined;
      return line(here, "-x", sideOf(event, contractOf(point)?.to), `${called(event)}${marksOf(event)}`);
    }
    if (phase === "enter") {
      const call = known.starts.get(parent);
      const again = (known.arrivals.get(parent)?.indexOf(event) ?? 0) > 0;
      const fault = call === undefined ? undefined : known.ends.get(call.span)?.fault;
      const text = `${called(event)}${marksOf(fault === undefined ? event : { ...event, fault })}${again ? " (again)" : ""}`;
      return call === undefined ? note(here, text) : line(places.of(call), "->>", here, text);
    }
    // The answer is drawn where the caller gets it; if it did not, that the work was done is seen here only.
    const end = known.ends.get(parent);
    return end?.lost === undefined ? undefined : note(here, `${point} done, = ${answerText(event)}`);
  };
}

/**
 * Writes a sequence diagram for Mermaid: a participant for every house and task that occurs, boxed by node; calls `->>`,
 * answers `-->>`, frames `-)`, and a cross where something never arrived. It holds the earliest events only.
 */
export function createMermaid(write: (text: string) => void, { max, facts }: MermaidOptions): Converter {
  // A line needs up to three events: both beginnings of a call, and what else is not drawn.
  const earliest = createEarliest(max * 4);
  return {
    add: (event) => earliest.add(event),
    end() {
      const { events, left } = earliest.taken();
      const places = createParticipants();
      const draw = createArtist(know(events), places);
      const lines = events.flatMap((event) => draw(event, facts) ?? []);
      const shown = lines.slice(0, max);
      const hidden = lines.length - shown.length;
      const more = left > 0 || hidden > 0;
      const note = `there is more: ${hidden} arrows and notes, and ${left} events (max ${max})`;
      write("sequenceDiagram\n");
      for (const text of [...places.lines(), ...shown]) write(`  ${text}\n`);
      if (more && places.span() !== undefined) write(`  Note over ${places.span() ?? ""}: ${mermaidText(note)}\n`);
      return more ? [`the diagram ends after ${shown.length} arrows and notes; ${note}; --max sets how many`] : [];
    },
  };
}
