import { assert } from "../../../abi/assert.ts";
import type { Context } from "../../../abi/context.ts";
import type { PointArgs, PointValues } from "../../../abi/contract.generated.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import type { Kernel } from "../../kernel.ts";
import { acceptTcp, closeTcp } from "../../model/stack/tcp-calls.ts";
import type { TcpSocket } from "../../model/tcp/socket.ts";
import { UNBOUND } from "../../model/udp/socket.ts";
import { addressFor, sockaddrBytes } from "../address.ts";
import { setNodelay } from "../fuse.ts";
import { patienceOf, sleep } from "../sleep.ts";
import type { KernelSocket } from "../table.ts";

type Accepted = Result<PointValues["ksock_accept"], "ECONNABORTED" | "EINVAL">;

/**
 * ksock_accept (facts 3.4): takes the connection that was completed first, or waits for one. In-band, no lock. Fact: ksock_accept_done.
 *
 * @returns EFAULT: `addr` without `addrlen`. EOPNOTSUPP: a datagram socket. EINVAL: it does not listen. EAGAIN: none, and it does
 * not wait. EINTR: closed meanwhile. ECONNABORTED: the connection was reset. EINVAL: no room for the address; the connection
 * is lost.
 */
export async function ksockAccept(
  kernel: Kernel,
  socket: KernelSocket,
  args: PointArgs["ksock_accept"],
  context: Context,
): Promise<Outcome<"ksock_accept">> {
  const { half } = socket;
  if (args.want_addr && args.addrlen === undefined) return fail("EFAULT");
  if (half.t === "udp") return fail("EOPNOTSUPP");
  const { tcp } = half;
  // FIONBIO that comes while it waits is for the next call.
  const nonblocking = socket.nonblocking && !args.waiting;
  if (tcp.t !== "listen") return fail("EINVAL");
  const patience = patienceOf(kernel);
  for (;;) {
    const taken = take(kernel, context, socket, tcp, args);
    if (taken !== undefined) return taken;
    if (nonblocking) return fail("EAGAIN");
    const ready = (): boolean => tcp.listener?.first() !== undefined;
    const woken = await sleep(kernel, context, socket, { ready, patience, what: "accept" });
    if (woken === "EINTR") return fail("EINTR");
    if (woken === "again") return ok({ newks: 0, addr: NO_BYTES, again: true });
  }
}

/** Takes what waits first; undefined: nothing does. */
function take(
  kernel: Kernel,
  context: Context,
  listener: KernelSocket,
  tcp: TcpSocket,
  { want_addr, addrlen = 0 }: PointArgs["ksock_accept"],
): Accepted | undefined {
  const { ksocks, stack } = kernel;
  const accepted = acceptTcp(stack, tcp);
  if (accepted === undefined) return undefined;
  const child = listener.children.get(accepted.sk);
  assert(child !== undefined, "a kernel socket is born with each connection that completes");
  listener.children.delete(accepted.sk);
  const lost = !child.connected ? "ECONNABORTED" : want_addr && addrlen < sockaddrBytes(child.domain) ? "EINVAL" : "";
  if (lost !== "") {
    ksocks.forget(child);
    kernel.run(context, (nowNs) => closeTcp(stack, accepted, { abort: false }, nowNs));
    return fail(lost);
  }
  ksocks.publish(child);
  setNodelay(kernel, context, child, accepted);
  kernel.events.fact(context, "ksock_accepted", { ks: child.ks }, { sk: child.sk, listener: listener.ks });
  const addr = want_addr ? addressFor(child, child.peer ?? UNBOUND) : NO_BYTES;
  return ok({ newks: child.ks, addr, again: false });
}
