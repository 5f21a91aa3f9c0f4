import { assert } from "../../abi/assert.ts";
import { outermost, type Context } from "../../abi/context.ts";
import type { PointName, PointValues, Stage } from "../../abi/contract.generated.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { Mark } from "../../rules/causality.ts";
import type { CallPoint } from "../calls.ts";
import { childText, placeOf } from "../places.ts";
import type { World } from "../world.ts";

/** A call that was made. */
export interface Made {
  readonly reply: Promise<Reply>;
  /** To be said once the workload has looked at the reply: what it does from then on comes after it. */
  readonly seen: () => void;
}

/** The tasks of a run, each with the file table that is current for it. */
export interface Tasks {
  /** Starts a task that is mentioned for the first time. Answers why it cannot. */
  ensure(task: string): Promise<string | undefined>;
  /** Makes a call as a task, on its node, and learns from the answer which table is current afterwards. */
  call(task: string, point: CallPoint, stage: Stage, args: object): Made;
  /** Whether a task is in a call now. */
  isBusy(task: string): boolean;
  /** What the lab did after what. */
  readonly marks: Mark[];
}

/** A call of any point: its arguments were checked when the file was read. */
type AnyCall = (context: Context, args: never) => Promise<Reply>;

/**
 * Tasks are known by what the workload calls them: `app` on the first node, `server@beta` on another.
 *
 * @param children names that forks of the workload give: such a task is never started by being mentioned.
 * @param nofile the limit of descriptors that every task sets for itself first.
 */
export function createTasks(world: World, children: ReadonlySet<string>, nofile: number | undefined): Tasks {
  const files = new Map<string, number>();
  const calls = new Map<string, number>();
  const busy = new Map<string, number>();
  const marks: Mark[] = [];

  function make(name: string, point: PointName & keyof World["calls"], stage: Stage, args: object): Made {
    const { task, node } = placeOf(name, world.node);
    const home = world.nodes.get(node);
    assert(home !== undefined, "a task lives on a node of the world");
    const nth = (calls.get(name) ?? 0) + 1;
    calls.set(name, nth);
    marks.push({ t: "start", node, task, nth });
    const call: AnyCall = home.calls[point];
    busy.set(name, (busy.get(name) ?? 0) + 1);
    const reply = call(outermost(task, files.get(name) ?? 0, stage), args as never).then((answer) => {
      busy.set(name, (busy.get(name) ?? 1) - 1);
      if (answer.kind === "returned") learn(name, answer.value);
      return answer;
    });
    return { reply, seen: () => void marks.push({ t: "end", node, task, nth }) };
  }

  /** Which table is current: told by spawn, exec and close_range of the caller, by fork of the child. */
  function learn(name: string, value: PointValues[PointName]): void {
    if (!("files" in value)) return;
    files.set("child" in value ? childText(name, value.child) : name, value.files);
  }

  async function begin(task: string, point: "sys_spawn" | "sys_prlimit", args: object): Promise<string | undefined> {
    const { reply, seen } = make(task, point, "inband", args);
    const answer = await reply;
    seen();
    if (answer.kind === "returned") return undefined;
    return `${point} of ${task} ${answer.kind === "refused" ? `was refused: ${answer.errno}` : `was lost: ${answer.why}`}`;
  }

  return {
    marks,
    call: make,
    isBusy: (task) => (busy.get(task) ?? 0) > 0,
    async ensure(task) {
      if (files.has(task)) return undefined;
      if (children.has(task)) return `no fork has made ${task}`;
      const problem = await begin(task, "sys_spawn", { name: placeOf(task, world.node).task });
      return problem ?? (nofile === undefined ? undefined : begin(task, "sys_prlimit", { nofile }));
    },
  };
}
