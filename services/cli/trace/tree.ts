import type { TraceEvent } from "../../abi/event.ts";

/** One call, seen from both of its sides. */
export interface CallNode {
  readonly t: "call";
  /** What the caller recorded; one of the two is always there. */
  enter?: TraceEvent;
  exit?: TraceEvent;
  /** What the house that answers recorded: nothing when the call never arrived, twice when it acted twice. */
  readonly answers: TraceEvent[];
  readonly children: TraceNode[];
}

/** A state change, or a call whose caller is not in the trace. */
interface FactNode {
  readonly t: "fact";
  readonly event: TraceEvent;
}

/** What a line is drawn for. */
export type TraceNode = CallNode | FactNode;

/** The event that a call is known by: its beginning, or its end where the beginning is lost. */
export function headOf(node: TraceNode): TraceEvent {
  if (node.t === "fact") return node.event;
  const head = node.enter ?? node.exit;
  if (head === undefined) throw new Error("a call has a beginning or an end");
  return head;
}

/**
 * Puts events that are in order into trees: calls with what happened inside them.
 *
 * A call is recorded on both sides, and the answering side's span lies inside the caller's. The two become one node; what
 * the answering house did becomes its children.
 */
export function growForest(events: readonly TraceEvent[]): TraceNode[] {
  const roots: TraceNode[] = [];
  const calls = new Map<number, CallNode>();
  const plant = (node: TraceNode, around: CallNode | undefined): void => {
    (around?.children ?? roots).push(node);
  };
  for (const event of events) {
    if (event.phase === "fact") {
      plant({ t: "fact", event }, calls.get(event.span));
      continue;
    }
    const known = calls.get(event.span);
    if (known !== undefined) {
      if (known.enter?.span === event.span && event.phase === "exit") known.exit = event;
      else known.answers.push(event);
      continue;
    }
    const around = calls.get(event.parent);
    if (around !== undefined && around.enter?.point === event.point) {
      around.answers.push(event);
      calls.set(event.span, around);
      continue;
    }
    const node: CallNode = { t: "call", answers: [], children: [] };
    if (event.phase === "enter") node.enter = event;
    else node.exit = event;
    calls.set(event.span, node);
    plant(node, around);
  }
  return roots;
}

/** Every event that a node was made from, its own and those inside it. */
export function eventsOf(node: TraceNode): TraceEvent[] {
  if (node.t === "fact") return [node.event];
  return [
    ...(node.enter === undefined ? [] : [node.enter]),
    ...(node.exit === undefined ? [] : [node.exit]),
    ...node.answers,
    ...node.children.flatMap(eventsOf),
  ];
}

/** Whether everything inside has ended for the one who called. */
export const isComplete = (node: TraceNode): boolean =>
  node.t === "fact" || (node.exit !== undefined && node.children.every(isComplete));
