import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { IN6ADDR_LOOPBACK } from "../../../abi/packet/ipv4-address.ts";
import { fail, ok } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { bindTcp, listenTcp } from "../../model/stack/tcp-calls.ts";
import type { KernelSocket } from "../table.ts";
import { tellState } from "../tell-state.ts";

/** `_conn_req_min`, `_conn_req_max_q` and `_conn_req_max_q0`. */
const QUEUE = { min: 1, max: 128, halfOpenMax: 1024 } as const;

/** How many completed connections may wait: half as much again as is asked for, and one (P13). */
const queueMaxOf = (backlog: number): number =>
  Math.min(Math.max(Math.floor((Math.max(0, backlog) * 3) / 2) + 1, QUEUE.min), QUEUE.max);

/**
 * ksock_listen (facts 3.3). Once more it changes the limit, and connections that wait stay. In-band, no lock, never waits.
 *
 * @returns EOPNOTSUPP: a datagram socket. EINVAL: connecting, connected, or closing. EADDRNOTAVAIL, EADDRINUSE: it had no port.
 */
export function ksockListen(
  kernel: Kernel,
  socket: KernelSocket,
  { backlog }: PointArgs["ksock_listen"],
  context: Context,
): Outcome<"ksock_listen"> {
  const { half, domain, options, connected, connecting } = socket;
  if (half.t === "udp") return fail("EOPNOTSUPP");
  if (connected || connecting) return fail("EINVAL");
  if (domain === "AF_INET6" && options.v6only && half.tcp.t === "closed" && half.tcp.local.port === 0) {
    const any = bindTcp(kernel.stack, half.tcp, { address: IN6ADDR_LOOPBACK, port: 0 });
    if (!any.ok) return fail("EADDRNOTAVAIL");
    socket.bound = "any6";
  }
  const listening = listenTcp(kernel.stack, half.tcp, {
    queueMax: queueMaxOf(backlog),
    synQueueMax: QUEUE.halfOpenMax,
  });
  if (!listening.ok) return listening;
  tellState(kernel, context, socket, "listening");
  return ok({});
}
