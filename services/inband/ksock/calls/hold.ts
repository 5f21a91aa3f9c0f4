import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { wake } from "../sleep.ts";

/** ksocket_hold (facts 3.14), allowed inside a callback: a reference that a close waits for. ENOTSOCK. Fact: ksock_hold. */
export function ksocketHold(
  kernel: Kernel,
  { ks }: PointArgs["ksocket_hold"],
  context: Context,
): Outcome<"ksocket_hold"> {
  const socket = kernel.ksocks.at(ks);
  if (socket === undefined || socket.closing) return fail("ENOTSOCK");
  socket.holds++;
  kernel.events.fact(context, "ksock_hold", { ks });
  return ok({});
}

/**
 * ksocket_rele (facts 3.14), allowed inside a callback, and while a close waits for it. ENOTSOCK. EINVAL: nobody holds it;
 * illumos panics there. Fact: ksock_rele.
 */
export function ksocketRele(
  kernel: Kernel,
  { ks }: PointArgs["ksocket_rele"],
  context: Context,
): Outcome<"ksocket_rele"> {
  const socket = kernel.ksocks.at(ks);
  if (socket === undefined) return fail("ENOTSOCK");
  if (socket.holds === 0) return fail("EINVAL");
  socket.holds--;
  kernel.events.fact(context, "ksock_rele", { ks });
  wake(socket);
  return ok({});
}
