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
  /** What followed from it: only frames have such. */
  readonly children: TraceNode[];
}

/** What a line is drawn for. */
export type TraceNode = CallNode | FactNode;

/** Facts with a span of their own: what follows from them has it for parent. */
const MOVES = new Set(["frame_send", "frame_receive"]);

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
 *
 * A frame is a node too, where it was sent first: the stations of its way are its children, one after the other however many
 * houses and nodes pass it on, and what a station does about it (another frame, a wake-up, a question to the core) lies
 * inside that station.
 */
export function growForest(events: readonly TraceEvent[]): TraceNode[] {
  const roots: TraceNode[] = [];
  const calls = new Map<number, CallNode>();
  const frames = createFrames();
  const plant = (node: TraceNode, around: TraceNode | undefined): void => {
    (around?.children ?? roots).push(node);
  };
  const nodeAt = (span: number): TraceNode | undefined => calls.get(span) ?? frames.stationAt(span);
  for (const event of events) {
    if (event.phase === "fact") {
      const node: FactNode = { t: "fact", event, children: [] };
      plant(
        node,
        frames.around(node) ?? (MOVES.has(event.point) ? undefined : nodeAt(event.span)) ?? nodeAt(event.parent),
      );
      continue;
    }
    const known = calls.get(event.span);
    if (known !== undefined) {
      if (known.enter?.span === event.span && event.phase === "exit") known.exit = event;
      else known.answers.push(event);
      continue;
    }
    const caller = calls.get(event.parent);
    if (caller !== undefined && caller.enter?.point === event.point) {
      caller.answers.push(event);
      calls.set(event.span, caller);
      continue;
    }
    const node: CallNode = { t: "call", answers: [], children: [] };
    if (event.phase === "enter") node.enter = event;
    else node.exit = event;
    calls.set(event.span, node);
    plant(node, nodeAt(event.parent));
  }
  return roots;
}

/** The frames of a trace while it is read. */
function createFrames() {
  /** The frame, by the span of each leg of its way. */
  const legs = new Map<number, FactNode>();
  /** Where a frame arrived, and which frame it was, by the span of its receiver. */
  const stations = new Map<number, { readonly station: FactNode; readonly frame: FactNode | undefined }>();
  /** The frame that each device of each house has seen last. */
  const latest = new Map<string, FactNode>();

  return {
    stationAt: (span: number): FactNode | undefined => stations.get(span)?.station,
    /** Takes note of a fact about frames. Answers the frame on whose way it lies; undefined where it lies on none. */
    around(node: FactNode): FactNode | undefined {
      const { event } = node;
      const { point, span, parent, slice } = event;
      const device = `${event.node}/${event.service}/${slice["dev"] ?? ""}`;
      if (point === "frame_send") {
        const from = stations.get(parent);
        const passedOn = from !== undefined && from.station.event.slice["frame"] === slice["frame"];
        const frame = passedOn ? from.frame : undefined;
        legs.set(span, frame ?? node);
        return frame;
      }
      if (point === "frame_receive") {
        const frame = legs.get(parent);
        stations.set(span, { station: node, frame });
        latest.set(device, frame ?? node);
        return frame;
      }
      // A poll ends after many frames and belongs to none: it stands where the last of them is.
      return point === "napi_complete" ? latest.get(device) : undefined;
    },
  };
}

/** Every event that a node was made from, its own and those inside it. */
export function eventsOf(node: TraceNode): TraceEvent[] {
  if (node.t === "fact") return [node.event, ...node.children.flatMap(eventsOf)];
  return [
    ...(node.enter === undefined ? [] : [node.enter]),
    ...(node.exit === undefined ? [] : [node.exit]),
    ...node.answers,
    ...node.children.flatMap(eventsOf),
  ];
}

/** Whether everything inside has ended for the one who called. */
export const isComplete = (node: TraceNode): boolean =>
  (node.t === "fact" || node.exit !== undefined) && node.children.every(isComplete);
