import { outermost } from "../../abi/context.ts";
import { numbersBefore } from "../../abi/lives.ts";
import type { Hooks } from "../../boundary/hooks.ts";

/**
 * A VFS that took the place of another one has no task and no file, and says so: to the core, which wakes those who wait for
 * what is gone, then to the in-band stack, whose closes wait for them. In-band, no lock; waits for both.
 */
export async function announce(hooks: Hooks<"vfs">, incarnation: number): Promise<void> {
  if (incarnation === 1) return;
  const first = numbersBefore(incarnation) + 1;
  const context = outermost("");
  await hooks.oob_vfs_ready(context, { file: first, files: first });
  await hooks.sock_vfs_ready(context, { file: first });
}
