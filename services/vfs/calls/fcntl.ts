import type { PointArgs } from "../../abi/contract.generated.ts";
import { F, FD_CLOEXEC, openFlagsText } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import type { OpenFile } from "../model/open-file.ts";
import { installNew } from "../steps/fd-install.ts";
import { lockFiles } from "../steps/file-lock.ts";
import { tellFlags } from "../steps/file-flags.ts";
import { withFile } from "../steps/fput.ts";

type Value = Result<{ readonly value: number }>;

/**
 * fcntl(2). In-band; the commands that change a descriptor take files->file_lock.
 *
 * @returns EBADF for a descriptor that is not open, before anything else is looked at; EINVAL for an unknown command, or
 * F_DUPFD from a number at or above the limit; EMFILE; EDEADLK.
 */
export const sysFcntl = (
  kernel: Kernel,
  current: Current,
  { fd, cmd, arg }: PointArgs["sys_fcntl"],
): Promise<Outcome<"sys_fcntl">> =>
  withFile(kernel, current, fd, async (file): Promise<Value> => {
    switch (cmd) {
      case F.F_DUPFD:
        return duplicate(kernel, current, file, arg, false);
      case F.F_DUPFD_CLOEXEC:
        return duplicate(kernel, current, file, arg, true);
      case F.F_GETFD:
        return ok({ value: current.table.at(fd)?.closeOnExec === true ? FD_CLOEXEC : 0 });
      case F.F_SETFD:
        return setCloseOnExec(kernel, current, fd, (arg & FD_CLOEXEC) !== 0);
      case F.F_GETFL:
        return ok({ value: file.flags });
      case F.F_SETFL:
        if (file.setFlags(arg)) {
          kernel.events.fact(current.context, "file_flags", { file: file.file }, { flags: openFlagsText(file.flags) });
          await tellFlags(kernel, current.context, file);
        }
        return ok({ value: 0 });
      default:
        return fail("EINVAL");
    }
  });

/** f_dupfd: as dup, but not below `from`. */
async function duplicate(
  kernel: Kernel,
  current: Current,
  file: OpenFile,
  from: number,
  closeOnExec: boolean,
): Promise<Value> {
  if (from < 0 || from >= current.task.nofile) return fail("EINVAL");
  const installed = await installNew(kernel, current, file, { from, closeOnExec });
  return installed.ok ? ok({ value: installed.value.fd }) : installed;
}

async function setCloseOnExec(
  kernel: Kernel,
  { table, context }: Current,
  fd: number,
  closeOnExec: boolean,
): Promise<Value> {
  const held = await lockFiles(kernel, context, table);
  if (!held.ok) return held;
  if (table.markCloseOnExec(fd, closeOnExec)) {
    kernel.events.fact(held.value.context, "fd_cloexec", { files: table.id, fd }, { close_on_exec: closeOnExec });
  }
  held.value.release();
  return ok({ value: 0 });
}
