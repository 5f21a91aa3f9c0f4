import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { watch } from "../events.ts";
import type { Binding, KernelSocket } from "../table.ts";

/** The events of the prototype, in the order of its struct. */
const EVENTS = ["connected", "disconnected", "newconn", "recv", "xmit", "exception"] as const;
/** The slots of illumos. `error` stands in its struct, and is never installed (facts 8.1). */
const SLOTS = [
  "connected",
  "connectfailed",
  "disconnected",
  "newdata",
  "newconn",
  "cansend",
  "oobdata",
  "cantsendmore",
  "cantrecvmore",
] as const;

const words = (text: string): readonly string[] => (text === "" ? [] : text.split("|").map((word) => word.trim()));

/**
 * ksock_callbacks and ksocket_setcallbacks (facts 8.1): a socket has one set of callbacks, which either of the two replaces; the
 * second changes only the slots that it names, if its own were there before. Nothing that was so already is told.
 *
 * @returns EFAULT: ksocket_setcallbacks with an argument, and NULL for the struct.
 */
export function ksockCallbacks(
  kernel: Kernel,
  socket: KernelSocket,
  args: PointArgs["ksock_callbacks"],
  context: Context,
): Outcome<"ksock_callbacks"> {
  const binding: Binding = args.binding === "ksocket" ? "ksocket" : "ksock";
  if (args.off && args.arg && binding === "ksocket") return fail("EFAULT");
  socket.slots = args.off ? new Set() : slotsOf(socket, binding, args);
  socket.binding = binding;
  watch(kernel, context, { ks: socket.ks, stream: args.stream, slots: socket.slots });
  return ok({});
}

function slotsOf(
  socket: KernelSocket,
  binding: Binding,
  { slots, update }: PointArgs["ksock_callbacks"],
): ReadonlySet<string> {
  const given = new Set(words(slots));
  if (binding === "ksock") return new Set(EVENTS.filter((event) => given.has(event)));
  const changed = new Set(words(update));
  const before = socket.binding === "ksocket" ? socket.slots : new Set<string>();
  return new Set(SLOTS.filter((slot) => (changed.has(slot) ? given.has(slot) : before.has(slot))));
}
