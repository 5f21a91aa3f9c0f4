import { outermost } from "../abi/context.ts";
import type { PointArgs, PointsFrom, PointValues } from "../abi/contract.generated.ts";
import type { Clock } from "../abi/kit.ts";
import { fail, ok, type Result } from "../abi/result.ts";
import type { Hooks } from "../boundary/hooks.ts";
import type { Reply } from "../boundary/invocation.ts";

/** The system calls that streams make. */
export type StreamPoint = Extract<
  PointsFrom["task"],
  | "sys_spawn"
  | "sys_exit"
  | "sys_socket"
  | "sys_bind"
  | "sys_listen"
  | "sys_accept4"
  | "sys_connect"
  | "sys_shutdown"
  | "sys_close"
  | "sys_sendto"
  | "sys_recvfrom"
  | "sys_getsockname"
  | "sys_setsockopt"
  | "sys_getsockopt"
  | "sys_poll"
>;

/** How a task's call gets to its node; `files` is its file table, 0 for the call that makes one. */
export type TaskRoad = <P extends StreamPoint>(
  who: { readonly task: string; readonly files: number },
  point: P,
  args: PointArgs[P],
) => Promise<Reply<P>>;

/** A process of a node: it has descriptors, and makes calls. */
export interface Task {
  readonly name: string;
  /** For timeouts of its sockets. */
  readonly clock: Pick<Clock, "after">;
  call<P extends StreamPoint>(point: P, args: PointArgs[P]): Promise<Reply<P>>;
  /** Ends it: all that it has open is closed. */
  exit(): Promise<void>;
}

/** The calls of a booted world's node as a road: `roadOver(world.calls)`. */
export const roadOver = (calls: Pick<Hooks<"task">, StreamPoint>): TaskRoad => {
  const anyOf: <P extends StreamPoint>(point: P) => Pick<Hooks<"task">, StreamPoint>[P] = (point) => calls[point];
  return ({ task, files }, point, args) => anyOf(point)(outermost(task, files), args);
};

/**
 * Starts a task. In-band, may wait.
 *
 * @throws an error in one line when the node does not answer, or has one of that name.
 */
export async function spawnTask(road: TaskRoad, name: string, clock: Pick<Clock, "after">): Promise<Task> {
  const reply = await road({ task: name, files: 0 }, "sys_spawn", { name });
  const spawned = resultOf(reply);
  if (!spawned.ok)
    throw new CallError("sys_spawn", spawned.errno, reply.kind === "lost" ? `(${reply.reason ?? reply.why})` : "");
  const who = { task: name, files: spawned.value.files };
  return {
    name,
    clock,
    call: (point, args) => road(who, point, args),
    async exit() {
      await road(who, "sys_exit", { reaper: "" });
    },
  };
}

/** What a call came to for a program: an answer that was lost is EIO, as between the kernel's own houses. */
export const resultOf = <P extends StreamPoint>(reply: Reply<P>): Result<PointValues[P]> =>
  reply.kind === "returned" ? ok(reply.value) : fail(reply.kind === "refused" ? reply.errno : "EIO");

/** A call that failed, in the shape of Node's own errors: `code` is the errno's name, `syscall` the call's. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: string;
  readonly syscall: string;

  /** @param where what it was asked about, such as an address; the message ends in it. */
  constructor(point: StreamPoint, errno: string, where = "") {
    const syscall = point.replace(/^sys_/, "");
    super(`${syscall} ${errno}${where === "" ? "" : ` ${where}`}`);
    this.code = errno;
    this.syscall = syscall;
  }
}
