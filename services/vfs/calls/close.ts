import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { closeFirst } from "../steps/close-fd.ts";

/**
 * close(2). In-band, takes files->file_lock; waits for the file's release when this was its last reference.
 *
 * @returns EBADF for a descriptor that is not open (a reserved one is not), EDEADLK.
 */
export async function sysClose(
  kernel: Kernel,
  { table, context }: Current,
  { fd }: PointArgs["sys_close"],
): Promise<Outcome<"sys_close">> {
  const closed = await closeFirst(kernel, context, table, { first: fd, last: fd });
  if (!closed.ok) return closed;
  return closed.value === undefined ? fail("EBADF") : ok({});
}
