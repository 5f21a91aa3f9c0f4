import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { closeTcp, shutdownTcp } from "../../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import { endEvents, settled } from "../events.ts";
import { ANSWER_MAX_NS, sleep, wake } from "../sleep.ts";
import { flushStream, queuedBytes } from "../stream.ts";
import type { KernelSocket } from "../table.ts";

/** A close waits as long as it takes, on behalf of nobody: who called it is told to ask again. */
const ENDLESS = { untilNs: Infinity, answerNs: Infinity } as const;

/**
 * ksock_close (facts 3.9, 9): from its first moment no call finds the socket and no event comes; who waits in it gets EINTR; it
 * waits, as long as it takes, for calls that run and for who holds it; then the protocol closes. What that says is ignored.
 * Facts: ksock_closing, ksock_close_done.
 *
 * @returns ENOTSOCK: it is closed, or being closed.
 */
export async function ksockClose(
  kernel: Kernel,
  { ks, waiting }: PointArgs["ksock_close"],
  context: Context,
): Promise<Outcome<"ksock_close">> {
  const socket = kernel.ksocks.at(ks);
  // Asked again, of a close that is done by now.
  if (socket === undefined) return waiting ? ok({ again: false }) : fail("ENOTSOCK");
  if (socket.closing && !waiting) return fail("ENOTSOCK");
  socket.closed ??= close(kernel, context, socket);
  return ok({ again: !(await isDoneInTime(kernel, socket.closed)) });
}

function isDoneInTime({ kit }: Kernel, closed: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = kit.clock.after(ANSWER_MAX_NS, () => resolve(false));
    void closed.then(() => {
      timer.cancel();
      resolve(true);
    });
  });
}

/** Waits on behalf of nobody: who called it is told to ask again. */
async function close(kernel: Kernel, context: Context, socket: KernelSocket): Promise<void> {
  const { ks, sk, half } = socket;
  socket.closing = true;
  kernel.events.fact(context, "ksock_closing", { ks });
  endEvents(kernel, context, ks);
  wake(socket);
  // A callback that runs has the lock that a close takes.
  await settled(kernel, ks);
  const isFree = (): boolean => socket.holds === 0 && socket.calls === 0;
  while (!isFree()) await sleep(kernel, context, socket, { ready: isFree, patience: ENDLESS, what: "close" });
  if (half.t === "udp") kernel.stack.udp.close(sk);
  else await closeStream(kernel, context, socket, half.tcp);
  for (const child of socket.children.values()) kernel.ksocks.forget(child);
  kernel.ksocks.forget(socket);
  kernel.events.fact(context, "ksock_closed", { ks });
}

/**
 * What the peer sees (`so_close`, `tcp_close_output`): what is queued, then FIN, also where something was not read, for that is
 * thrown away first; RST at once with SO_LINGER {1, 0}, or where TCP holds data beyond a gap. A listener resets what nobody has accepted.
 */
async function closeStream(kernel: Kernel, context: Context, socket: KernelSocket, tcp: TcpSocket): Promise<void> {
  const { stack } = kernel;
  const { linger } = socket.options;
  const unread = queuedBytes(socket, tcp) > 0;
  // What TCP holds beyond a gap nobody can throw away first.
  const gap = (tcp.connection?.incoming.held ?? 0) > 0;
  const asLinux = unread && kernel.node.ksock?.linuxCloseRst === true;
  const reset = (linger.on && linger.seconds === 0) || gap || asLinux;
  if (!reset) {
    flushStream(kernel, context, socket, tcp);
    if (linger.on && !socket.nonblocking) await waitForFin(kernel, context, socket, tcp);
  }
  // Nobody hears of it any more.
  kernel.run(context, (nowNs) => closeTcp(stack, tcp, { abort: reset }, nowNs));
}

/** SO_LINGER {1, n}: until our FIN is acknowledged, or so many seconds have passed. */
async function waitForFin(kernel: Kernel, context: Context, socket: KernelSocket, tcp: TcpSocket): Promise<void> {
  const { connection } = tcp;
  if (!socket.connected || connection === undefined) return;
  const isAcknowledged = (): boolean => !UNACKNOWLEDGED.has(tcp.connection?.state.t ?? "CLOSED");
  kernel.run(context, (nowNs) => shutdownTcp(kernel.stack, tcp, nowNs));
  const untilNs = kernel.kit.clock.nowNs() + socket.options.linger.seconds * 1_000_000_000;
  socket.lingering = true;
  while (!isAcknowledged() && kernel.kit.clock.nowNs() < untilNs)
    await sleep(kernel, context, socket, { ready: isAcknowledged, patience: { ...ENDLESS, untilNs }, what: "linger" });
}

/** States in which our FIN is under way. */
const UNACKNOWLEDGED: ReadonlySet<string> = new Set(["ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT-1", "CLOSING", "LAST-ACK"]);
