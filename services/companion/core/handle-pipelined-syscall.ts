import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { bringInband } from "../stages.ts";
import type { Core } from "../state.ts";

/**
 * Out-of-band, before a system call of the current thread begins; does not wait. The thread is demoted (facts/dovetail 4.3).
 *
 * That a scenario has another out-of-band call of the same thread under way, which no thread could, changes nothing: the
 * thread is in-band, and its next out-of-band call switches it again.
 */
export function handlePipelinedSyscall(
  core: Core,
  _args: PointArgs["handle_pipelined_syscall"],
  context: Context,
): void {
  bringInband(core, context.task, "syscall", context);
}
