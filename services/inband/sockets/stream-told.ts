import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { TcpEffect } from "./tcp-facts.ts";
import { wakeSocket } from "./wait.ts";

/** Something happened to a task's stream socket: whoever waits for it looks again. */
export function streamTold(kernel: Kernel, context: Context, { sk }: TcpEffect): void {
  wakeSocket(kernel, context, sk);
}
