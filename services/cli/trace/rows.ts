import type { House, Stage } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Part } from "./parts.ts";
import { headOf, type CallNode, type TraceNode } from "./tree.ts";
import { answerText, argsText, contractOf, factText, nameText } from "./words.ts";

/** How the thing that a mark says is to be taken. */
export type Tone = "plain" | "faint" | "odd" | "bad" | "fault" | "lock";

/** Something that is said behind a call or a fact. */
export interface Mark {
  readonly tone: Tone;
  readonly text: string;
}

/** One line of the picture, before anybody knows how wide it may be. */
export interface Row {
  readonly timeNs: number;
  readonly node: string;
  readonly service: House;
  readonly task: string;
  readonly stage: Stage;
  /** How deep it lies, and for each level whether more follows on it. */
  readonly follows: readonly boolean[];
  readonly call: boolean;
  /** Taken up again after it was broken off. */
  readonly resumed: boolean;
  /** The house that answers, if it is a call. */
  readonly to: House | undefined;
  readonly name: string;
  /** How its name is to be taken. */
  readonly tone: Tone;
  readonly args: string;
  /** With the equals sign; undefined where nothing is said. */
  readonly answer: Mark | undefined;
  readonly marks: readonly Mark[];
  readonly durationNs: number | undefined;
}

/** Facts that tell of something wrong, or of waiting. */
const TONES: Readonly<Record<string, Tone>> = {
  lock_order: "bad",
  contract_breach: "bad",
  index_duplicate: "bad",
  index_stale: "bad",
  index_unknown: "odd",
  efile_unknown: "odd",
  compensate: "odd",
  lock_wait: "odd",
  retry: "odd",
  repeated: "odd",
};

/** What the line above knows: a thing is said once. */
interface Above {
  readonly task: string;
  readonly locks: readonly string[];
  /** The frame whose way it is. */
  readonly frame?: TraceEvent | undefined;
}

function lockMarks(locks: readonly string[], above: Above, before: readonly string[]): Mark[] {
  const taken = locks.filter((lock) => !above.locks.includes(lock));
  const fresh = taken.filter((lock) => !before.includes(lock));
  return taken.length === 0 ? [] : [{ tone: "lock", text: fresh.join(" ") }];
}

function endMarks(node: CallNode, exit: TraceEvent, heard: ReadonlySet<string>): Mark[] {
  const marks: Mark[] = [];
  if (exit.fault !== undefined) marks.push({ tone: "fault", text: exit.fault });
  const contract = contractOf(exit.point);
  const acted = node.answers.filter(({ phase }) => phase === "enter").length;
  const { reason } = exit.args;
  if (exit.lost !== undefined && typeof reason === "string") marks.push({ tone: "bad", text: reason });
  if (acted > 1) marks.push({ tone: "odd", text: `${contract?.to ?? "it"} acted ${acted} times` });
  // A core that is not ours records nothing: then nobody can tell what it did.
  if (contract === undefined || !heard.has(`${exit.node}/${contract.to}`)) return marks;
  if (exit.lost !== undefined) {
    const ended = node.answers.some(({ phase }) => phase === "exit");
    const far = ended ? `${contract.to} acted; its answer never came` : `${contract.to} did not answer`;
    marks.push({ tone: "bad", text: acted > 0 ? far : `never reached ${contract.to}` });
  } else if (acted === 0 && node.enter !== undefined && exit.fault === undefined && contract.kind !== "call") {
    marks.push({ tone: "faint", text: "weak default" });
  }
  return marks;
}

function answerOf(node: CallNode, exit: TraceEvent | undefined): Mark | undefined {
  if (exit === undefined) return { tone: "odd", text: "= …" };
  const text = answerText(node.enter, exit);
  if (text === undefined) return undefined;
  if (exit.lost !== undefined) return { tone: "bad", text: `= ${text}` };
  if (text.startsWith("-")) return { tone: exit.fault === undefined ? "odd" : "bad", text: `= ${text}` };
  return { tone: "plain", text: `= ${text}` };
}

/**
 * The lines of one part, top down.
 *
 * @param heard the houses that recorded anything at all, such as `alpha/vfs`: only of these can be said what they did not do.
 */
export function rowsOf({ root, shows }: Part, heard: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const appears = (node: TraceNode): boolean => {
    if (node.t === "fact") return shows.has(node.event) || node.children.some(appears);
    const own = [node.enter, node.exit].some((event) => event !== undefined && shows.has(event));
    return own || node.children.some(appears);
  };

  function draw(node: TraceNode, follows: readonly boolean[], above: Above, before: readonly string[]): void {
    const head = headOf(node);
    const inside = node.children.filter(appears);
    /** What lies inside, top down. */
    function drawInside(below: Above): void {
      let earlier: readonly string[] = [];
      inside.forEach((child, index) => {
        draw(child, [...follows, index < inside.length - 1], below, earlier);
        earlier = headOf(child).locks;
      });
    }
    if (node.t === "fact") {
      const begins = shows.has(head);
      const [first] = shows;
      const onItsWay = head.slice["frame"] === above.frame?.slice["frame"];
      rows.push({
        node: head.node,
        service: head.service,
        task: above.task,
        stage: head.stage,
        follows,
        timeNs: begins ? head.timeNs : (first ?? head).timeNs,
        call: false,
        resumed: !begins,
        to: undefined,
        name: nameText(head.point),
        tone: TONES[head.point] ?? "plain",
        args: factText(head, above.task, onItsWay ? above.frame : undefined),
        answer: undefined,
        marks: lockMarks(head.locks, above, before),
        durationNs: undefined,
      });
      // Nobody's task is current where a frame arrives.
      if (head.point === "frame_send") drawInside({ ...above, frame: head });
      else drawInside({ task: "", locks: head.locks, frame: above.frame });
      return;
    }
    const task = String(head.slice["task"] ?? above.task);
    const moved = task !== "" && task !== above.task && follows.length > 0;
    const elsewhere: Mark[] = moved ? [{ tone: "odd", text: `in ${task}'s context` }] : [];
    const begins = node.enter === undefined || shows.has(node.enter);
    const exit = node.exit !== undefined && shows.has(node.exit) ? node.exit : undefined;
    const [first] = shows;
    rows.push({
      node: head.node,
      service: head.service,
      task,
      stage: head.stage,
      follows,
      timeNs: begins ? head.timeNs : (exit ?? first ?? head).timeNs,
      call: true,
      resumed: !begins,
      to: contractOf(head.point)?.to,
      name: nameText(head.point),
      tone: "plain",
      args: node.enter === undefined ? "…" : argsText(head),
      answer: answerOf(node, exit),
      marks: [
        ...(exit === undefined ? [] : endMarks(node, exit, heard)),
        ...(begins ? [...elsewhere, ...lockMarks(head.locks, above, before)] : []),
      ],
      durationNs: exit === undefined || node.enter === undefined ? undefined : exit.timeNs - node.enter.timeNs,
    });
    drawInside({ task, locks: head.locks, frame: above.frame });
  }

  const current = root.t === "call" ? String(headOf(root).slice["task"] ?? "") : "";
  draw(root, [], { task: current, locks: [] }, []);
  return rows;
}
