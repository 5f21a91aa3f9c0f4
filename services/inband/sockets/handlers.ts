import type { Handlers } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";

/** The points about sockets. */
export const socketHandlers = (_kernel: Kernel): Handlers<"inband"> => ({});
