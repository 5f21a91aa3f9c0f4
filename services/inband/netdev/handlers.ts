import type { Handlers } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";

/** The points about devices, addresses and routes. */
export const netdevHandlers = (_kernel: Kernel): Handlers<"inband"> => ({});

/** Lets frames in: from now on the stack receives what the ports bring. */
export function receiveFrames(_kernel: Kernel): void {
  return;
}
