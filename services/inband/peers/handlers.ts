import type { Handlers } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { sockCoreReady } from "./sock-core-ready.ts";
import { sockVfsReady } from "./sock-vfs-ready.ts";

/** What other houses say that came back without a memory. */
export const peerHandlers = (kernel: Kernel): Handlers<"inband"> => ({
  sock_core_ready: (args, context) => sockCoreReady(kernel, args, context),
  sock_vfs_ready: (args, context) => sockVfsReady(kernel, args, context),
});
