import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import type { UdpSocket } from "../model/udp/socket.ts";
import { announce } from "./announce.ts";
import { bear } from "./child.ts";
import { hearTcp } from "./hear-tcp.ts";
import type { Heard, KernelSocket, SocketEffect } from "./table.ts";
import { wake } from "./sleep.ts";

/** Keeps what the model says of a kernel socket, until the whole step is known: then `hearKsocks`. */
export function kernelSocketTold(kernel: Kernel, context: Context, socket: KernelSocket, effect: SocketEffect): void {
  // What is said of the new connection next must find somebody.
  if (effect.t === "tcp" && effect.notice.t === "newconn") bear(kernel, socket, effect.notice.sk);
  kernel.ksocks.inbox.push({ context, effect });
}

/**
 * Lets kernel sockets hear what the model said, once all effects of a step are known. What follows from it may be another step:
 * its effects come in their turn, so that each socket hears everything in the order in which it happened.
 */
export function hearKsocks(kernel: Kernel): void {
  const { ksocks } = kernel;
  if (ksocks.hearing) return;
  ksocks.hearing = true;
  try {
    // A listener in this host hears of a connection before the one who called does (P18).
    for (let heard = nextOf(ksocks.inbox); heard !== undefined; heard = nextOf(ksocks.inbox)) hear(kernel, heard);
  } finally {
    ksocks.hearing = false;
  }
}

const isConnected = ({ effect }: Heard): boolean => effect.t === "tcp" && effect.notice.t === "connected";
const isNewconn = ({ effect }: Heard): boolean => effect.t === "tcp" && effect.notice.t === "newconn";

function nextOf(inbox: Heard[]): Heard | undefined {
  const [first] = inbox;
  if (first === undefined || !isConnected(first)) return inbox.shift();
  const at = inbox.findIndex(isNewconn);
  return at < 0 ? inbox.shift() : inbox.splice(at, 1)[0];
}

function hear(kernel: Kernel, { context, effect }: Heard): void {
  const socket = kernel.ksocks.ofSk(effect.sk);
  if (socket === undefined) return;
  const { half } = socket;
  if (half.t === "tcp" && effect.t === "tcp") hearTcp(kernel, context, socket, half.tcp, effect.notice);
  if (half.t === "udp" && effect.t === "deliver") datagramCame(kernel, context, socket, half.udp, effect.bytes ?? 0);
  // An error has no callback (Q11): it is in the model, and who waits finds it.
  wake(socket);
}

/** A datagram is queued; after SHUT_RD it is thrown away. */
function datagramCame(kernel: Kernel, context: Context, socket: KernelSocket, udp: UdpSocket, bytes: number): void {
  if (socket.shutRead && kernel.node.ksock?.linuxShutdownRead !== true) {
    while (udp.queue.shift() !== undefined);
    return;
  }
  socket.heard += bytes;
  announce(kernel, context, socket, { t: "newdata", arrived: bytes, total: socket.heard });
}
