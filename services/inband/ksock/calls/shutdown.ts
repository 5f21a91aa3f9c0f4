import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_SHUT } from "../../../abi/illumos.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { shutdownTcp } from "../../model/stack/tcp-calls.ts";
import { announce } from "../announce.ts";
import { settled } from "../events.ts";
import { tellEnd } from "../hear-tcp.ts";
import { wake } from "../sleep.ts";
import { flushStream } from "../stream.ts";
import type { KernelSocket } from "../table.ts";
import { tellState } from "../tell-state.ts";

/**
 * ksock_shutdown (facts 3.8): sending first, then receiving; who waits wakes, the callbacks are told before it answers, each time.
 * What waits to be received is thrown away, unless the node does as Linux (P9). Nothing tells the peer of SHUT_RD.
 *
 * @returns ENOTCONN; EINVAL: no such direction (P6).
 */
export async function ksockShutdown(
  kernel: Kernel,
  socket: KernelSocket,
  { how }: PointArgs["ksock_shutdown"],
  context: Context,
): Promise<Outcome<"ksock_shutdown">> {
  const { SHUT_RD, SHUT_WR, SHUT_RDWR } = ILLUMOS_SHUT;
  if (!socket.connected) return fail("ENOTCONN");
  if (how !== SHUT_RD && how !== SHUT_WR && how !== SHUT_RDWR) return fail("EINVAL");
  if (how !== SHUT_RD) shutSending(kernel, context, socket);
  if (how !== SHUT_WR) shutReceiving(kernel, context, socket);
  tellEnd(kernel, context, socket);
  wake(socket);
  await settled(kernel, socket.ks);
  return ok({});
}

/** What is queued is sent, then FIN. */
function shutSending(kernel: Kernel, context: Context, socket: KernelSocket): void {
  const { half } = socket;
  socket.cantSend = true;
  if (half.t === "udp") half.udp.sndShutdown = true;
  else if (half.tcp.connection !== undefined)
    kernel.run(context, (nowNs) => shutdownTcp(kernel.stack, half.tcp, nowNs));
  tellState(kernel, context, socket, "shut_send");
  announce(kernel, context, socket, { t: "cantsendmore" });
  // Only now: the normal end comes after it, though the FIN may have gone out already.
  socket.shutWrite = half.t === "tcp";
}

function shutReceiving(kernel: Kernel, context: Context, socket: KernelSocket): void {
  const { half } = socket;
  socket.cantReceive = true;
  socket.shutRead = true;
  tellState(kernel, context, socket, "shut_receive");
  announce(kernel, context, socket, { t: "cantrecvmore" });
  if (kernel.node.ksock?.linuxShutdownRead === true) return;
  if (half.t === "tcp") flushStream(kernel, context, socket, half.tcp);
  else {
    while (half.udp.queue.shift() !== undefined);
    socket.heard = 0;
  }
}
