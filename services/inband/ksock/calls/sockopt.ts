import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { settled } from "../events.ts";
import { findOption } from "../options/find.ts";
import type { KernelSocket } from "../table.ts";

/** `SO_MAXARGSIZE`: nobody asks for more. */
const OPTLEN_MAX = 8192;

/**
 * ksock_getsockopt (facts 4.1), in every state. What does not fit is cut, but at SOL_SOCKET a value has to fit.
 *
 * @returns EFAULT: `optlen` is NULL. EINVAL: too much, or too little. ENOPROTOOPT.
 */
export function ksockGetsockopt(
  kernel: Kernel,
  socket: KernelSocket,
  { level, optname, optlen }: PointArgs["ksock_getsockopt"],
  context: Context,
): Outcome<"ksock_getsockopt"> {
  if (optlen === undefined) return fail("EFAULT");
  if (optlen < 0 || optlen > OPTLEN_MAX) return fail("EINVAL");
  const found = findOption(socket, level, optname);
  if (found === undefined) return fail("ENOPROTOOPT");
  const { option } = found;
  if (found.level === "SOL_SOCKET" && optlen < Math.max(...option.lengths)) return fail("EINVAL");
  return ok({ optval: option.get({ kernel, context, socket }).slice(0, optlen) });
}

/**
 * ksock_setsockopt (facts 4.1): that sending is not shut down; the option; the length; the value.
 *
 * @returns EINVAL; ENOPROTOOPT, also for what can only be read; EINVAL, also for NULL; ENOBUFS: a buffer too large; ENOENT, ENXIO.
 */
export async function ksockSetsockopt(
  kernel: Kernel,
  socket: KernelSocket,
  { level, optname, optval = NO_BYTES, optlen }: PointArgs["ksock_setsockopt"],
  context: Context,
): Promise<Outcome<"ksock_setsockopt">> {
  if (socket.cantSend) return fail("EINVAL");
  const { option } = findOption(socket, level, optname) ?? {};
  if (option?.set === undefined) return fail("ENOPROTOOPT");
  const { lengths } = option;
  const fits = optlen === optval.length && (lengths.length === 0 || lengths.includes(optlen));
  if (!fits) return fail("EINVAL");
  const set = option.set({ kernel, context, socket }, optval);
  if (!set.ok) return set;
  // A send buffer that grows may let flow control go, and the callback is told inside the call.
  await settled(kernel, socket.ks);
  return ok({});
}
