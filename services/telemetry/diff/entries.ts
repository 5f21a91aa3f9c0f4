import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { byStamp } from "../convert/earliest.ts";
import { createIdentity } from "./identity.ts";

/** An event as it is compared. */
export interface Entry {
  readonly event: TraceEvent;
  /** What happened, whatever came of it: two entries of one kind that differ are one that changed. */
  readonly kind: string;
  /** All that is compared, by name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly text: string;
  /** The sequences that it belongs to; in each, its place is the same in every run. */
  readonly sequences: readonly string[];
}

/** The lab's own word on how the run ended: it is no part of what the houses did. */
const OF_THE_LAB: ReadonlySet<string> = new Set(["run_end"]);

/**
 * A run in simulation waits for rest much longer than others do, and timers run out meanwhile: what happens so long after
 * the last thing that a task did is time's work, and not compared.
 */
const LATE_NS = 2e9;

/** When what happens is late: never in a trace whose end is not that of a run. */
function lateFrom(events: readonly TraceEvent[]): number {
  if (!events.some(({ point }) => point === "run_end")) return Infinity;
  return (
    events.reduce((last, { service, timeNs }) => (service === "task" ? Math.max(last, timeNs) : last), 0) + LATE_NS
  );
}

/**
 * Whether somebody has to wait depends on who comes first, how many frames a poll finds on how fast they come: these differ
 * from run to run, and say so by being there.
 */
const BY_CHANCE: ReadonlySet<string> = new Set(["sock_wait", "sock_wake", "lock_wait", "napi_complete"]);

/** Numbers that only count, and times of what happened: no two runs have the same. */
const COUNTS: ReadonlySet<string> = new Set([
  ...["id", "device_time_ns", "queuing_time_ns", "delivery_time_ns"],
  ...["queuing_ns", "delivery_ns", "device_ns"],
]);

/** Whole frames have numbers in them that differ from run to run; to compare frames there are captures. */
const FRAMES: ReadonlySet<string> = new Set(["netif_deliver_oob"]);

/** What is known of a span: who acts in it, in which house, and which houses were passed on the way there. */
interface Known {
  readonly thread: string;
  readonly house: string;
  readonly passed: readonly string[];
}

/** Who is at work in each house: a task, a frame that arrived, a worker. */
function createThreads() {
  const spans = new Map<number, Known>();

  /** What belongs to nobody whom the trace knows. */
  function alone({ point, phase, slice }: TraceEvent): string {
    const about = ["sk", "dev"]
      .filter((name) => slice[name] !== undefined)
      .map((name) => ` ${name} ${slice[name] ?? ""}`);
    return `${phase === "enter" ? `worker of ${point}` : "state of"}${about.join("") || " the house"}`;
  }

  return (event: TraceEvent, frame: (of: string) => string): string => {
    const { span, parent, point, slice, node, service } = event;
    const house = `${node}/${service}`;
    const own = slice["task"];
    const known = spans.get(span);
    const above = known ?? spans.get(parent);
    const passed =
      above === undefined || above.house === house ? (above?.passed ?? []) : [...above.passed, above.house];
    const before = above?.thread ?? (own === undefined || own === "" ? undefined : `task ${own}`);
    let thread = known?.thread ?? before ?? alone(event);
    // What a frame causes where it arrives goes on by itself, beside whatever its sender does next. So does what a house is
    // called back for while it waits for an answer: it may come before the answer or after.
    if (known === undefined && point === "frame_receive") thread = frame(before ?? service);
    else if (known === undefined && above?.house !== house && passed.includes(house)) thread = `${thread}, called back`;
    // 0 is no span, and what has it has nothing else in common.
    if (span !== 0 && known === undefined) spans.set(span, { thread, house, passed });
    if (parent !== 0 && !spans.has(parent)) spans.set(parent, { thread, house, passed });
    return thread;
  };
}

/** The things whose history is compared in each house; a descriptor is nothing without its table. */
const THINGS = [["file"], ["files", "fd"], ["sk"]] as const;

/**
 * Makes what is compared of events: names in the place of numbers that differ from run to run, no times, no counts. The
 * sequences of an event are those of who acts and of what it is about, each within one house: what a house does for others
 * in between is nobody's promise.
 */
export function entriesOf(events: readonly TraceEvent[], ignored: ReadonlySet<string>): Entry[] {
  const identity = createIdentity();
  const threadOf = createThreads();
  /** What calls are named by, to say in which of them something happened. */
  const calls = new Map<number, string>();
  const entries: Entry[] = [];
  const late = lateFrom(events);
  for (const event of [...events].sort(byStamp)) {
    if (event.timeNs > late) continue;
    const { node, service, point, phase, slice, args, parent, span } = event;
    const frameName = (maker: string): string => String(identity.nameOf(event, "frame", slice["frame"] ?? 0, maker));
    const thread = threadOf(event, frameName);
    const named = (fields: Readonly<Record<string, Scalar>>): [string, string][] =>
      Object.entries(fields)
        .filter(([name]) => !COUNTS.has(name) && !ignored.has(name) && !(name === "data" && FRAMES.has(point)))
        .map(([name, value]) => [name, String(identity.nameOf(event, name, value, thread))]);
    if (phase === "enter" || point === "frame_send" || point === "frame_receive")
      calls.set(span, `${service} ${point}`);
    const within = phase === "fact" ? (calls.get(span) ?? calls.get(parent)) : calls.get(parent);
    const things = new Map(named(slice));
    const fields = new Map([
      ...[...things].filter(([name]) => name !== "task"),
      ...named(args),
      ...Object.entries(common(event, within)).filter(([name]) => !ignored.has(name)),
    ]);
    if (BY_CHANCE.has(point) || OF_THE_LAB.has(point)) continue;
    const kind = `${node}/${service} ${point}.${phase}`;
    // Tasks record into one place, yet each is a thread of its own: what they do to one file is in no order there.
    const about = (service === "task" ? [] : THINGS)
      .filter((keys) => keys.every((key) => things.has(key)))
      .map((keys) => keys.map((key) => `${key}=${things.get(key) ?? ""}`).join(" "));
    const text = `${kind} ${textOf(fields)}`;
    entries.push({
      event,
      kind,
      fields,
      text,
      sequences: [thread, ...about].map((one) => `${node}/${service}, ${one}`),
    });
  }
  return entries;
}

/** Fields by name: the order in which a message had them depends on the road that it came by. */
const textOf = (fields: ReadonlyMap<string, string>): string =>
  [...fields]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(" ");

const common = (
  { ret, lost, fault, stage, locks }: TraceEvent,
  within: string | undefined,
): Record<string, string> => ({
  ...(ret !== undefined && { ret: String(ret) }),
  ...(lost !== undefined && { lost }),
  ...(fault !== undefined && { fault }),
  stage,
  ...(locks.length > 0 && { locks: locks.join(" ") }),
  ...(within !== undefined && { within }),
});

/** Events as they stand in the file, with everything that is not ignored: nothing is renamed and nothing left out. */
export function strictEntriesOf(events: readonly TraceEvent[], ignored: ReadonlySet<string>): Entry[] {
  return events.map((event) => {
    const { slice, args, locks, ...rest } = event;
    const all: Record<string, Scalar | undefined> = { ...rest, ...slice, ...args, locks: locks.join(" ") };
    const fields = new Map(
      Object.entries(all)
        .filter(([name, value]) => !ignored.has(name) && value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    );
    const kind = `${event.node}/${event.service} ${event.point}.${event.phase}`;
    const text = textOf(fields);
    return { event, kind, fields, text, sequences: ["all events"] };
  });
}
