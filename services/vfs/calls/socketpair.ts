import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Current, Kernel } from "../kernel.ts";
import { sockCreate } from "../steps/socket-file.ts";
import { SOCK_FLAGS, socketType } from "../steps/socket-type.ts";

/**
 * socketpair(2). In-band, no lock held. No family here makes pairs: what is left are the errors on the way, of which Linux
 * tells those of the creation first. It makes both ends before it asks the family; one is enough to learn the same.
 *
 * @returns EINVAL for an unknown flag, SOCK_OOB included; then what the in-band stack says of the creation; then EOPNOTSUPP.
 */
export async function sysSocketpair(
  kernel: Kernel,
  current: Current,
  { family, type, protocol }: PointArgs["sys_socketpair"],
): Promise<Outcome<"sys_socketpair">> {
  const asked = socketType(type, SOCK_FLAGS);
  if (!asked.ok) return asked;
  const created = await sockCreate(kernel, current, { family, type: asked.value.type, protocol });
  if (!created.ok) return created;
  await kernel.hooks.sock_close(current.context, created.value);
  return fail("EOPNOTSUPP");
}
