import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Core } from "../state.ts";

/** in-band. EPERM: the task lacks CAP_SYS_NICE. EBUSY: its thread is attached already. ENOMEM (facts/dovetail 4.3). */
export function oobAttachThread(
  core: Core,
  args: PointArgs["oob_attach_thread"],
  context: Context,
): Result<PointValues["oob_attach_thread"], "EPERM" | "EBUSY" | "ENOMEM"> {
  if (!args.cap_sys_nice) return fail("EPERM");
  if (runsOut(core.kit, context, "memory")) return fail("ENOMEM");
  const attached = core.threads.attach(context.task, Math.min(args.priority, 99));
  if (!attached.ok) return attached;
  core.kit.events.fact(context, "thread_attach", { task: context.task });
  return ok({});
}
