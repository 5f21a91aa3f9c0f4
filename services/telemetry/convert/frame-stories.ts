import type { TraceEvent } from "../../abi/event.ts";
import { contractOf } from "../draft.ts";
import { answerText, fieldsText, isCallers, placeOf } from "../words.ts";

/** A call or a state change, in one line. A call's end is filled in when it comes. */
interface Line {
  readonly text: string;
  answer: string;
}

/** What happened on a node before a frame passed one of its devices. */
interface Moment {
  readonly before: readonly Line[];
  readonly left: number;
}

/** So many calls are told of what went before a frame, the latest ones; and so many lines of its way. */
const BEFORE_MAX = 24;
const WAY_MAX = 48;

const timeText = (ns: number): string => (ns / 1e9).toFixed(9);

/** Wireshark shows no more of a line. */
const LINE_MAX = 220;

function lineText({ text, answer }: Line): string {
  const room = LINE_MAX - answer.length;
  return `  ${text.length > room ? `${text.slice(0, room - 1)}…` : text}${answer}`;
}

function lineOf(event: TraceEvent): Line {
  const { timeNs, node, service, point, phase, args, locks } = event;
  const held = locks.length === 0 ? "" : ` [${locks.join(", ")}]`;
  const time = timeText(timeNs);
  if (phase === "fact") {
    return { text: `${time} ${node}/${service}: ${point} ${fieldsText(args)}`.trimEnd() + held, answer: "" };
  }
  const oob = event.stage === "oob" ? " oob" : "";
  const to = contractOf(point)?.to ?? "?";
  const call = `${point}(${fieldsText(args, ", ")})`;
  return { text: `${time} ${node}/${placeOf(event)} -> ${to}${oob}: ${call}${held}`, answer: " …" };
}

const endOf = (event: TraceEvent): string => {
  const answer = answerText(event);
  return (answer === "" ? "" : ` = ${answer}`) + (event.fault === undefined ? "" : ` (fault ${event.fault})`);
};

/** What the trace tells of each frame where it passed a device, to stand beside its bytes. */
export interface FrameStories {
  add(event: TraceEvent): void;
  /**
   * The story of a frame that passed a device, in lines; each question about the same one is about the next time that it did.
   * Undefined when the trace does not know the frame.
   */
  tell(node: string, dev: string, direction: "rx" | "tx", frame: number): readonly string[] | undefined;
}

/**
 * Gathers what belongs to frames while a trace is read: the whole way of each (stations, and the hooks called about it), and
 * for each time that one passes a cable, the calls on that node since the frame before.
 */
export function createFrameStories(): FrameStories {
  const ways = new Map<number, { readonly cause: Line | undefined; readonly lines: Line[]; left: number }>();
  /** The calls that traces begin with. */
  const roots = new Map<number, Line>();
  const moments = new Map<string, Moment[]>();
  const since = new Map<string, { lines: Line[]; left: number }>();
  const open = new Map<number, Line>();
  /** The frame of a context in which a house acts for one, by span. */
  const stations = new Map<number, number>();
  /** Frames on their way from the node to its NIC, by span: what arrives so comes not from the cable. */
  const fromHost = new Set<number>();

  const keyOf = (node: string, dev: string, direction: "rx" | "tx", frame: number): string =>
    `${node}/${dev} ${direction} ${frame}`;

  function frameOf({ slice, parent, span }: TraceEvent): number | undefined {
    const own = slice["frame"];
    return typeof own === "number" ? own : (stations.get(parent) ?? stations.get(span));
  }

  function passes(event: TraceEvent, direction: "rx" | "tx", frame: number): void {
    const key = keyOf(event.node, String(event.slice["dev"] ?? ""), direction, frame);
    const { lines, left } = since.get(event.node) ?? { lines: [], left: 0 };
    moments.set(key, [...(moments.get(key) ?? []), { before: lines, left }]);
    since.delete(event.node);
  }

  function remember(event: TraceEvent, line: Line): void {
    const before = since.get(event.node) ?? { lines: [], left: 0 };
    since.set(event.node, before);
    before.lines.push(line);
    if (before.lines.length > BEFORE_MAX) {
      before.lines.shift();
      before.left++;
    }
  }

  function along(frame: number, line: Line, { trace }: TraceEvent): void {
    const way = ways.get(frame) ?? { cause: roots.get(trace), lines: [], left: 0 };
    ways.set(frame, way);
    if (way.lines.length < WAY_MAX) way.lines.push(line);
    else way.left++;
  }

  function takeFact(event: TraceEvent): void {
    const { point, service, span, parent, args } = event;
    const frame = frameOf(event);
    if (frame === undefined) return;
    if (point === "frame_send" && args["to"] === "nic") fromHost.add(span);
    const arrives = point === "frame_receive" && service === "nic" && !fromHost.delete(parent);
    if (service === "nic" && point === "frame_send" && args["to"] === "wire") passes(event, "tx", frame);
    if (arrives || point === "frame_replay") passes(event, "rx", frame);
    if (point === "frame_receive") stations.set(span, frame);
    along(frame, lineOf(event), event);
  }

  return {
    add(event) {
      const { phase, span } = event;
      if (phase === "fact") {
        takeFact(event);
      } else if (phase === "exit") {
        const line = open.get(span);
        if (line !== undefined) line.answer = endOf(event);
        open.delete(span);
      } else if (isCallers(event)) {
        const line = lineOf(event);
        open.set(span, line);
        if (event.parent === 0) roots.set(event.trace, line);
        const frame = frameOf(event);
        if (frame === undefined) remember(event, line);
        else along(frame, line, event);
      }
    },
    tell(node, dev, direction, frame) {
      const way = ways.get(frame);
      const here = moments.get(keyOf(node, dev, direction, frame));
      const moment = here !== undefined && here.length > 1 ? here.shift() : here?.[0];
      if (way === undefined) return undefined;
      const before = moment?.before ?? [];
      const left = (count: number): string[] => (count === 0 ? [] : [`  … and ${count} more`]);
      return [
        `frame 0x${frame.toString(16)} ${direction === "tx" ? "leaves" : "reaches"} ${node}/${dev}`,
        ...(way.cause === undefined ? [] : ["caused by:", lineText(way.cause)]),
        ...(before.length === 0 ? [] : [`calls on ${node} since the frame before:`]),
        ...left(moment?.left ?? 0),
        ...before.map(lineText),
        "its way:",
        ...way.lines.map(lineText),
        ...left(way.left),
      ];
    },
  };
}
