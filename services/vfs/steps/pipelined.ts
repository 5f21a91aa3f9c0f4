import type { Context } from "../../abi/context.ts";
import type { PointName } from "../../abi/contract.generated.ts";
import type { Handlers, Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";

type Answer = (args: never, context: Context) => Outcome<PointName> | Promise<Outcome<PointName>>;

/**
 * The entry of every system call. A task whose thread is on the out-of-band stage is no longer there when the call begins: the
 * core is told, and demotes it (handle_pipelined_syscall). That nobody heard it changes nothing here: the thread is in-band.
 */
export function pipelined(kernel: Kernel, handlers: Handlers<"vfs">): Handlers<"vfs"> {
  const entry = (syscall: string, call: Answer): Answer => {
    const demoted = async (args: never, context: Context): Promise<Outcome<PointName>> => {
      await kernel.hooks.handle_pipelined_syscall({ ...context, stage: "oob" }, { syscall });
      return call(args, context);
    };
    return (args, context) => {
      const task = kernel.tasks.find(context.task);
      if (task?.oob !== true) return call(args, context);
      kernel.tasks.goes(task, "inband");
      return demoted(args, context);
    };
  };
  return Object.fromEntries(
    Object.entries(handlers).map(([point, answer]) => [
      point,
      point.startsWith("sys_") ? entry(point, answer) : answer,
    ]),
  );
}
