import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { setTcp } from "../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../model/tcp/socket.ts";
import type { KernelSocket } from "./table.ts";

/**
 * Whether small segments are sent at once. Between two sockets of one host illumos does without TCP (`tcp_fuse`), so nothing
 * waits there for an acknowledgement, whatever TCP_NODELAY says. With us it is TCP all the same, without the algorithm of Nagle.
 */
export function setNodelay(kernel: Kernel, context: Context, { options, peer }: KernelSocket, tcp: TcpSocket): void {
  const { stack } = kernel;
  const fused = peer !== undefined && stack.routes.typeOf(peer.address) === "local";
  kernel.run(context, (nowNs) => setTcp(stack, tcp, { nodelay: options.nodelay || fused }, nowNs));
}
