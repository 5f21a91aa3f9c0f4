import { CONTRACT, type PointName } from "../abi/contract.generated.ts";
import { SEQS_PER_LIFE, type TraceEvent } from "../abi/event.ts";

/**
 * Something that the lab did or saw, which orders events that no message orders: it starts a call after it has seen
 * another one end. Marks stand in the order in which the lab made them.
 */
export type Mark =
  /** The n-th call of a task, from 1, begins after all that came before this mark. */
  | { readonly t: "start"; readonly node: string; readonly task: string; readonly nth: number }
  /** The lab has the answer of the n-th call of a task. */
  | { readonly t: "end"; readonly node: string; readonly task: string; readonly nth: number }
  /** The lab has seen this event. */
  | { readonly t: "seen"; readonly event: TraceEvent };

/** What happened before what. */
export interface Causality {
  /** The events in an order that no cause contradicts. */
  readonly order: readonly TraceEvent[];
  /** Whether `a` surely happened before `b`, on every clock and in every runtime. */
  readonly before: (a: TraceEvent, b: TraceEvent) => boolean;
}

/**
 * Which goes first of events that nothing orders: the one with the lower Lamport stamp, which reads most like what came to
 * pass; or the one of the process whose name is first, which is the same in every run and runtime.
 */
export type Tie = "stamp" | "name";

/** An event, or a mark of the lab, with what must have happened before. */
interface Node {
  readonly event: TraceEvent | undefined;
  readonly process: number;
  /** Its place in its process, from 1. */
  readonly place: number;
  readonly after: Node[];
  /** How far each process had come, this node included. */
  clock: number[];
  /** Whether it stands in the order already. */
  placed: boolean;
}

/** A task is a thread of its own; a house is one. That two tasks log into one place orders nothing. */
const processOf = ({ node, service, slice }: TraceEvent): string =>
  service === "task" ? `${node}/task ${slice["task"] ?? ""}` : `${node}/${service}`;

const isCrossing = ({ phase }: TraceEvent): boolean => phase !== "fact";
const onCallersSide = (event: TraceEvent): boolean =>
  isCrossing(event) && CONTRACT[event.point as PointName].from === event.service;

/**
 * What the events tell of cause and effect: the order within a house and within a task, a call before what it causes on the
 * other side, an answer before what it answers. Never time, and never the Lamport stamps alone: these order everything,
 * also what merely happened to come out this way (facts/experiments F2, F3).
 */
export function causality(events: readonly TraceEvent[], marks: readonly Mark[] = [], tie: Tie = "stamp"): Causality {
  const processes = new Map<string, Node[]>();
  const nodes = new Map<TraceEvent, Node>();
  const add = (process: string, event: TraceEvent | undefined): Node => {
    const line = processes.get(process) ?? [];
    if (line.length === 0) processes.set(process, line);
    const last = line.at(-1);
    const node: Node = {
      event,
      process: last?.process ?? processes.size - 1,
      place: line.length + 1,
      after: last === undefined ? [] : [last],
      clock: [],
      placed: false,
    };
    line.push(node);
    if (event !== undefined) nodes.set(event, node);
    return node;
  };

  for (const event of [...events].sort((a, b) => a.seq - b.seq)) add(processOf(event), event);
  joinCrossings(events, nodes);
  joinLives(processes, nodes);
  joinEnd(processes, nodes);
  const lab = marks.map((mark) => ({ mark, node: add("lab", undefined) }));
  joinMarks(lab, processes, nodes);

  const lines = [...processes.values()];
  const names = [...processes.keys()];
  const order = linearise(
    lines,
    tie === "stamp" ? earlier : (a, b) => (names[a.process] ?? "") < (names[b.process] ?? ""),
  );
  return {
    order: order.flatMap(({ event }) => event ?? []),
    before: (a, b) => {
      const first = nodes.get(a);
      const second = nodes.get(b);
      return (
        first !== undefined &&
        second !== undefined &&
        first !== second &&
        (second.clock[first.process] ?? 0) >= first.place
      );
    },
  };
}

/** A call before its arrival, and the receiver's answer before the caller has it. */
function joinCrossings(events: readonly TraceEvent[], nodes: ReadonlyMap<TraceEvent, Node>): void {
  const calls = new Map<number, Node>();
  const answers = new Map<number, Node[]>();
  for (const [event, node] of nodes) {
    // A frame that goes into a link is a message, as a call is; what follows from it has its span for parent.
    if (event.point === "frame_send") calls.set(event.span, node);
    // A call leaves once the blow was struck that a rule strikes before it.
    if (event.point === "blow" && event.args["moment"] === "before") calls.set(event.span, node);
    if (!isCrossing(event)) continue;
    if (onCallersSide(event)) {
      if (event.phase === "enter") calls.set(event.span, node);
    } else if (event.phase === "exit") {
      answers.set(event.parent, [...(answers.get(event.parent) ?? []), node]);
    }
  }
  for (const event of events) {
    const node = nodes.get(event);
    if (node === undefined) continue;
    // A receiver's own span has the call's span for its parent; what it notes before it has one stands in the call's.
    for (const span of [event.span, event.parent]) {
      const call = calls.get(span);
      if (call !== undefined && call.process !== node.process) node.after.push(call);
    }
    if (event.point === "blow" && event.args["moment"] === "before_reply")
      node.after.push(...(answers.get(event.span) ?? []));
    // Of an answer that was lost nothing can be said.
    if (event.phase === "exit" && event.lost === undefined && onCallersSide(event))
      node.after.push(...(answers.get(event.span) ?? []));
  }
}

/** A place dies of a blow and after all that it did in that life; what it does in the next one comes after its death. */
function joinLives(processes: ReadonlyMap<string, readonly Node[]>, nodes: ReadonlyMap<TraceEvent, Node>): void {
  const dead = new Set<string>();
  for (const { event } of nodes.values()) if (event?.point === "place_down") dead.add(String(event.args["place"]));
  if (dead.size === 0) return;
  const all = [...nodes.values()].sort((a, b) => earlierEvent(a.event, b.event));
  const about = (point: string, place: string): Node[] =>
    all.filter(({ event }) => event?.point === point && event.args["place"] === place);
  for (const place of dead) {
    const downs = about("place_down", place);
    const crashes = [...about("blow", place), ...about("strike", place)]
      .sort((a, b) => earlierEvent(a.event, b.event))
      .filter(({ event }) => event?.args["kind"] === "crash");
    const line = processes.get(place) ?? [];
    const life = (n: number): Node[] => line.filter(({ event }) => Math.floor((event?.seq ?? 0) / SEQS_PER_LIFE) === n);
    downs.forEach((down, i) => {
      down.after.push(...life(i).slice(-1), ...crashes.slice(i, i + 1));
      life(i + 1)[0]?.after.push(down);
    });
  }
}

/** A run that came to rest ends after all that the lab had seen by then: nothing else was under way. */
function joinEnd(processes: ReadonlyMap<string, readonly Node[]>, nodes: ReadonlyMap<TraceEvent, Node>): void {
  for (const [end, node] of nodes) {
    if (end.point !== "run_end" || end.args["quiet"] !== true) continue;
    for (const line of processes.values()) {
      const seen = line.findLast(({ event }) => (event?.lamport ?? 0) < end.lamport);
      if (seen !== undefined && seen.process !== node.process) node.after.push(seen);
    }
  }
}

/** What the lab did after what. */
function joinMarks(
  lab: readonly { readonly mark: Mark; readonly node: Node }[],
  processes: ReadonlyMap<string, readonly Node[]>,
  nodes: ReadonlyMap<TraceEvent, Node>,
): void {
  const calls = new Map<string, Node[]>();
  const exits = new Map<number, Node>();
  for (const line of processes.values()) {
    for (const node of line) {
      const { event } = node;
      if (event?.service !== "task" || !onCallersSide(event)) continue;
      const task = `${event.node}/${event.slice["task"] ?? ""}`;
      if (event.phase === "enter") calls.set(task, [...(calls.get(task) ?? []), node]);
      else exits.set(event.span, node);
    }
  }
  for (const { mark, node } of lab) {
    if (mark.t === "seen") {
      const seen = nodes.get(mark.event);
      if (seen !== undefined) node.after.push(seen);
      continue;
    }
    const call = calls.get(`${mark.node}/${mark.task}`)?.[mark.nth - 1];
    if (mark.t === "start") {
      call?.after.push(node);
    } else {
      const exit = exits.get(call?.event?.span ?? -1);
      if (exit !== undefined) node.after.push(exit);
    }
  }
}

/** Puts everything into one order, and tells every node how far each process had come. */
function linearise(lines: readonly (readonly Node[])[], first: (a: Node, b: Node) => boolean): Node[] {
  const heads = lines.map(() => 0);
  const order: Node[] = [];
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  while (order.length < total) {
    let ready: Node | undefined;
    let waiting: Node | undefined;
    for (let i = 0; i < lines.length; i++) {
      const head = lines[i]?.[heads[i] ?? 0];
      if (head === undefined) continue;
      if (head.after.every(isPlaced)) {
        if (ready === undefined || first(head, ready)) ready = head;
      } else if (waiting === undefined || first(head, waiting)) waiting = head;
    }
    // Where events were lost a cause may seem to follow its effect; go on by stamp rather than stop.
    const next = ready ?? waiting;
    if (next === undefined) break;
    next.clock = clockOf(next, lines.length);
    next.placed = true;
    heads[next.process] = (heads[next.process] ?? 0) + 1;
    order.push(next);
  }
  return order;
}

const isPlaced = ({ placed }: Node): boolean => placed;

function clockOf({ after, process, place }: Node, processes: number): number[] {
  const [only] = after;
  const clock: number[] = only !== undefined && only.clock.length > 0 ? only.clock.slice() : [];
  if (clock.length === 0) for (let i = 0; i < processes; i++) clock.push(0);
  for (let k = 1; k < after.length; k++) {
    const other = after[k]?.clock ?? [];
    for (let i = 0; i < other.length; i++) if ((other[i] ?? 0) > (clock[i] ?? 0)) clock[i] = other[i] ?? 0;
  }
  clock[process] = place;
  return clock;
}

const earlierEvent = (a: TraceEvent | undefined, b: TraceEvent | undefined): number =>
  (a?.lamport ?? 0) - (b?.lamport ?? 0);

/** A mark of the lab comes as soon as it can. */
const earlier = (a: Node, b: Node): boolean => (a.event?.lamport ?? -1) < (b.event?.lamport ?? -1);
