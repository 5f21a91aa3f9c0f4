import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { CLONE_FILES } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import type { FileTable } from "../model/file-table.ts";
import { dupFd } from "../steps/dup-fd.ts";
import { lockFiles } from "../steps/file-lock.ts";

/**
 * fork(2), and clone(2) with CLONE_FILES. In-band; a copy is made under files->file_lock of the parent's table. No hook
 * fires: neither for a table that is copied, nor for one that is shared.
 *
 * @returns EINVAL: another flag, or a name that is taken; EDEADLK.
 */
export async function sysFork(
  kernel: Kernel,
  { task: parent, table, context }: Current,
  { child, flags }: PointArgs["sys_fork"],
): Promise<Outcome<"sys_fork">> {
  if ((flags & ~CLONE_FILES) !== 0) return fail("EINVAL");

  /** The child, at the moment when its table is there: names that were free when the call began may be taken now. */
  const begin = (contextNow: Context, makeTable: () => FileTable): Outcome<"sys_fork"> => {
    const name = child === "" ? kernel.tasks.nameForChild(parent.name) : child;
    if (kernel.tasks.isTaken(name)) return fail("EINVAL");
    const files = makeTable();
    const { pid } = kernel.tasks.add(name, files, parent);
    const slice = { task: name, files: files.id };
    kernel.events.fact(contextNow, "task_create", slice, { pid, parent: parent.name });
    return ok({ pid, files: files.id, child: name });
  };

  if (flags === CLONE_FILES) {
    return begin(context, () => {
      table.hold();
      return table;
    });
  }
  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  const forked = begin(held.value.context, () => dupFd(kernel, held.value.context, table));
  held.value.release();
  return forked;
}
