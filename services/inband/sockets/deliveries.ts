import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { newestMessage, type Message } from "./readiness.ts";
import type { Socket } from "./table.ts";

/** A message was queued for a socket: whoever takes it will want to know where it came from. */
export function noteDelivery(kernel: Kernel, { trace, span }: Context, sk: number): void {
  const socket = kernel.sockets.ofSk(sk);
  const message = socket === undefined ? undefined : newestMessage(socket);
  if (message !== undefined) kernel.deliveries.set(message, { trace, span });
}

/** Records that a message is taken which was there before anybody asked for it: its way led through another trace. */
export function tellTaken(kernel: Kernel, context: Context, { sk }: Socket, { item }: Message): void {
  const by = item === undefined ? undefined : kernel.deliveries.get(item);
  if (by !== undefined)
    kernel.events.fact(context, "sock_take", { sk, task: context.task }, { by_trace: by.trace, by_span: by.span });
}
