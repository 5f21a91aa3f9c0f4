import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { Effect } from "../model/stack/state.ts";
import type { KernelSocket } from "./table.ts";

/** An effect that is of a socket. */
export type SocketEffect = Extract<Effect, { readonly t: "deliver" | "errno" | "tcp" }>;

/** What the model says of a kernel socket, in the order in which it happened. Nothing in it may wait. */
export type KernelSocketTold = (kernel: Kernel, context: Context, socket: KernelSocket, effect: SocketEffect) => void;

/** Stands in until kernel sockets are built: nobody has one. */
export const kernelSocketTold: KernelSocketTold = () => undefined;
