import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import { abortTcp, shutdownTcp } from "../model/stack/tcp-calls.ts";
import { stateOf, type Stream } from "./stream.ts";

/**
 * Shuts directions of a stream socket (`inet_shutdown`, `tcp_shutdown`). Whoever shuts the receiving half of a listening
 * socket, or anything of one that connects, ends that: all that waits there is reset.
 *
 * ENOTCONN: there is no connection, though the directions are marked all the same.
 */
export function shutdownStream(
  kernel: Kernel,
  context: Context,
  stream: Stream,
  direction: "read" | "write" | "both",
): Result<undefined, "ENOTCONN"> {
  const { stack } = kernel;
  const { tcp } = stream;
  const state = stateOf(tcp);
  // Who was still connecting is connected by now, or never will be: another attempt needs connect(AF_UNSPEC) first.
  if (stream.phase === "connecting") {
    const never = state === "SYN-SENT" || state === "SYN-RECEIVED" || state === "CLOSED";
    stream.phase = never ? "disconnecting" : "connected";
  }
  if (state === "SYN-SENT" || (state === "LISTEN" && direction !== "write")) {
    kernel.run(context, (nowNs) => abortTcp(stack, tcp, nowNs));
    stream.phase = "unconnected";
    return ok(undefined);
  }
  if (state === "LISTEN") return ok(undefined);
  if (direction !== "write") {
    tcp.rcvShutdown = true;
    // With both directions shut nobody can be told of data that comes: it resets (`tcp_rcv_state_process`).
    if (tcp.connection !== undefined) tcp.connection.deaf = true;
  }
  if (direction !== "read") {
    tcp.sndShutdown = true;
    if (state !== "CLOSED") kernel.run(context, (nowNs) => shutdownTcp(stack, tcp, nowNs));
  }
  return state === "CLOSED" ? fail("ENOTCONN") : ok(undefined);
}
