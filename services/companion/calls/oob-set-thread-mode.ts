import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { EVL_T } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Core } from "../state.ts";

/** Out-of-band, never waits. EPERM: the thread is not attached. EINVAL: another mode than EVL_T_WOSS and EVL_T_WOSX. */
export function oobSetThreadMode(
  core: Core,
  { mode }: PointArgs["oob_set_thread_mode"],
  { task }: Context,
): Result<Record<string, never>, "EPERM" | "EINVAL"> {
  if (!core.threads.isAttached(task)) return fail("EPERM");
  if ((mode & ~(EVL_T.EVL_T_WOSS | EVL_T.EVL_T_WOSX)) !== 0) return fail("EINVAL");
  const set = core.threads.setMode(task, mode);
  return set.ok ? ok({}) : set;
}
