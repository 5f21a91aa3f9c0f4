import type { PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { listenTcp } from "../model/stack/tcp-calls.ts";

/** Linux's `net.core.somaxconn` and `net.ipv4.tcp_max_syn_backlog`. */
const SOMAXCONN = 4096;
const SYN_BACKLOG_MAX = 1024;

/**
 * listen(2) (`inet_listen`). In-band, no lock. One more connection may wait than `backlog` says, and more than 4096 never; a
 * socket without a port gets one. Again on a listening socket it changes the backlog.
 *
 * @returns EBADF; EOPNOTSUPP: no stream socket; EINVAL: connected, or connecting; EADDRINUSE: another socket listens there by
 * now, or no port is left.
 */
export function sockListen(
  { sockets, stack }: Kernel,
  { sock, backlog }: PointArgs["sock_listen"],
): Outcome<"sock_listen"> {
  const half = sockets.at(sock)?.half;
  if (half?.t !== "tcp") return fail(half === undefined ? "EBADF" : "EOPNOTSUPP");
  const { tcp, phase } = half.stream;
  if (phase !== "unconnected") return fail("EINVAL");
  const queueMax = Math.min(backlog, SOMAXCONN) + 1;
  const made = listenTcp(stack, tcp, { queueMax, synQueueMax: SYN_BACKLOG_MAX });
  return made.ok ? ok({}) : made;
}
