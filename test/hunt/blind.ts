import { CONTRACT, ERRNO, type PointName } from "../../services/abi/contract.generated.ts";
import type { Slice, TraceEvent } from "../../services/abi/event.ts";

/** What is done to a trace without a look at what it means (facts F4). */
export const OPERATORS = ["drop", "duplicate", "swap", "flip"] as const;

/** One of them. */
export type Operator = (typeof OPERATORS)[number];

/** A trace with one mistake in it. */
export interface Mutant {
  readonly operator: Operator;
  /** Where it is, in the trace that it was made from. */
  readonly at: number;
  /** What was struck, such as `companion:sock_oob_bind.exit`; of a swap the two. */
  readonly struck: string;
  /** A swap of what nothing relates: the trace says the same as before. */
  readonly equivalent: boolean;
  readonly events: readonly TraceEvent[];
}

const processOf = ({ node, service, slice }: TraceEvent): string =>
  service === "task" ? `${node}/task ${String(slice["task"] ?? "")}` : `${node}/${service}`;
const houseOf = ({ node, service }: TraceEvent): string => `${node}/${service}`;

/** An event in a few words. */
export const nameOf = ({ service, point, phase }: TraceEvent): string =>
  `${service}:${point}${phase === "fact" ? "" : `.${phase}`}`;

/** Counts the events of a house anew, so that no gap in them gives the mutant away. */
function renumbered(events: readonly TraceEvent[], house: string, original: readonly TraceEvent[]): TraceEvent[] {
  const first = Math.min(...original.filter((event) => houseOf(event) === house).map(({ seq }) => seq));
  const lives = new Map<number, number>();
  const life = 2 ** 40;
  return events.map((event) => {
    if (houseOf(event) !== house) return event;
    const number = Math.floor(event.seq / life);
    const seq =
      lives.get(number) ?? (number === Math.floor(first / life) ? first : firstOf(original, house, number, life));
    lives.set(number, seq + 1);
    return { ...event, seq };
  });
}

const firstOf = (events: readonly TraceEvent[], house: string, number: number, life: number): number =>
  Math.min(
    ...events.flatMap((event) =>
      houseOf(event) === house && Math.floor(event.seq / life) === number ? [event.seq] : [],
    ),
  );

const shareSlice = (a: Slice, b: Slice): boolean =>
  Object.entries(a).some(([key, value]) => key !== "task" && b[key] === value);

/** What sent the message with which an event begins: the call of an arrival, the answer of an end, a frame that was sent. */
function senderOf(events: readonly TraceEvent[], event: TraceEvent): TraceEvent | undefined {
  const { phase, point, span, parent } = event;
  if (point === "frame_receive") return events.find((one) => one.point === "frame_send" && one.span === parent);
  if (phase === "enter")
    return events.find((one) => one.phase === "enter" && one.span === parent && one.point === point);
  if (phase === "exit") return events.find((one) => one.phase === "exit" && one.parent === span && one.point === point);
  return undefined;
}

/** Whether something that another process did leads from the one to the other. */
function leadsTo(events: readonly TraceEvent[], from: TraceEvent, to: TraceEvent): boolean {
  const process = processOf(from);
  const places = new Map(events.map((event, i) => [event, i]));
  const start = places.get(from) ?? 0;
  const seen = new Set<TraceEvent>();
  const open = [senderOf(events, to)];
  for (let event = open.pop(); event !== undefined || open.length > 0; event = open.pop()) {
    if (event === undefined || seen.has(event)) continue;
    if (event === from) return true;
    seen.add(event);
    const place = places.get(event) ?? 0;
    if (place < start || processOf(event) === process) continue;
    const mine = processOf(event);
    open.push(
      senderOf(events, event),
      events.findLast((one, i) => i < place && processOf(one) === mine),
    );
  }
  return false;
}

/**
 * Whether nothing relates two neighbours of one house: neither one call of a task caused both, nor one the other by way of
 * another process, nor are they about one thing. Which of them came first is then a matter of luck.
 */
const unrelated = (events: readonly TraceEvent[], a: TraceEvent, b: TraceEvent): boolean =>
  (a.trace === 0 || a.trace !== b.trace) &&
  !shareSlice(a.slice, b.slice) &&
  a.slice["task"] !== b.slice["task"] &&
  !b.locks.some((lock) => a.locks.includes(lock)) &&
  !leadsTo(events, a, b);

/** The event with another result; undefined: it has none that could be another. */
function flipped(event: TraceEvent): TraceEvent | undefined {
  const { point, phase, ret, args } = event;
  if (phase === "exit" && ret !== undefined) {
    const [errno = "EIO"] = CONTRACT[point as PointName].errnos;
    const taken = args["taken"];
    if (typeof taken === "boolean") return { ...event, args: { ...args, taken: !taken } };
    return { ...event, ret: ret < 0 ? 0 : -ERRNO[errno] };
  }
  if (phase !== "fact") return undefined;
  const [key, value] =
    Object.entries(args).find(([, one]) => typeof one === "boolean") ??
    Object.entries(args).find(([name]) => COUNTS.has(name)) ??
    [];
  if (key === undefined) return undefined;
  if (typeof value === "boolean") return { ...event, args: { ...args, [key]: !value } };
  return typeof value === "number" ? { ...event, args: { ...args, [key]: value + 1 } } : undefined;
}

/** Fields that count something. */
const COUNTS = new Set(["refs", "references", "inside", "count", "bytes", "frames", "offered", "incarnation", "errno"]);

/** The trace with a mistake of this kind at this place; undefined where it has no room for it. */
export function mutate(events: readonly TraceEvent[], operator: Operator, at: number): Mutant | undefined {
  const event = events[at];
  if (event === undefined || event.point === "run_end") return undefined;
  const house = houseOf(event);
  const made = (changed: readonly TraceEvent[], struck = nameOf(event), equivalent = false): Mutant => ({
    operator,
    at,
    struck,
    equivalent,
    events: changed,
  });
  switch (operator) {
    case "drop":
      return made(renumbered([...events.slice(0, at), ...events.slice(at + 1)], house, events));
    case "duplicate":
      return made(renumbered([...events.slice(0, at + 1), { ...event }, ...events.slice(at + 1)], house, events));
    case "flip": {
      const other = flipped(event);
      return other === undefined ? undefined : made([...events.slice(0, at), other, ...events.slice(at + 1)]);
    }
    case "swap": {
      const k = events.findIndex((one, i) => i > at && processOf(one) === processOf(event));
      const next = events[k];
      if (next === undefined) return undefined;
      // Each keeps its place in the house's count and its stamp; what happened there changes places.
      const { seq, lamport, timeNs } = event;
      const changed = [...events];
      changed[at] = { ...next, seq, lamport, timeNs };
      changed[k] = { ...event, seq: next.seq, lamport: next.lamport, timeNs: next.timeNs };
      return made(changed, `${nameOf(event)} <> ${nameOf(next)}`, unrelated(events, event, next));
    }
  }
}
