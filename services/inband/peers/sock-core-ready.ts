import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { attach, detach } from "../sockets/attach.ts";
import { extendAgain } from "../sockets/extend.ts";
import { inCall } from "../sockets/in-call.ts";
import type { Socket } from "../sockets/table.ts";
import { renewPorts } from "./renew-ports.ts";

/**
 * Another core took the place of the one that knew the ports and the sockets. In-band, no lock held on entry; takes rtnl, then
 * sk.sk_lock of one socket at a time, and waits for the core.
 *
 * At once all contexts are gone, so nobody names one that this core did not give: a call that comes before its socket's turn
 * happens in-band only, and is told with the rest. Ports come first, since a packet socket is bound to one; then the sockets,
 * in the order of their numbers. PF_OOB has to be registered again by the next socket of that family.
 *
 * It ends early when a third core came up. One that was there before the second says so too late, and is not heard.
 */
export async function sockCoreReady(
  kernel: Kernel,
  { incarnation }: PointArgs["sock_core_ready"],
  context: Context,
): Promise<Outcome<"sock_core_ready">> {
  const lasts = kernel.core.begin(incarnation);
  if (lasts === undefined) return ok({});
  const { sockets } = kernel;
  sockets.oobFamily.registered = false;
  // Those that are closed, and not destroyed yet, are nobody's business any more.
  for (const socket of sockets.all()) socket.oob_data = 0;
  const wanted = sockets.all().filter(({ sock, oobWanted }) => oobWanted && sockets.at(sock) !== undefined);
  await renewPorts(kernel, context, lasts);
  for (const socket of wanted) {
    // What was begun with the core that is gone ends within its deadline, and undoes what it did.
    await Promise.all(socket.calls);
    // As a call on the socket, so that its close waits for the end of it.
    if (lasts()) await inCall(kernel, renewSocket)({ sock: socket.sock, lasts }, context);
  }
  return ok({});
}

interface Renewal {
  readonly sock: number;
  readonly lasts: () => boolean;
}

/**
 * Attaches the core to a socket, and asks it to extend what was extended. A core that refuses any of it has nothing of the
 * socket afterwards, and the socket is a plain one, whatever core comes; where an answer was lost, until another core comes.
 */
async function renewSocket(
  kernel: Kernel,
  socket: Socket,
  { lasts }: Renewal,
  context: Context,
): Promise<Result<undefined>> {
  const { sk } = socket;
  const attached = await attach(kernel, context, socket);
  const { oob_data } = socket;
  const done = attached.ok && oob_data !== 0 ? await extendAgain(kernel, context, socket) : attached;
  if (!lasts()) return ok(undefined);
  if (done.ok && oob_data !== 0) {
    kernel.events.fact(context, "oob_renew", { sk }, { oob_data });
    return ok(undefined);
  }
  socket.oob_data = 0;
  // EIO is what a lost answer is made of; no core refuses with it.
  if (!done.ok) socket.oobWanted = done.errno === "EIO";
  if (oob_data !== 0) await detach(kernel, context, socket, oob_data);
  kernel.events.fact(context, "oob_lapse", { sk }, { why: done.ok ? "no context" : done.errno });
  return ok(undefined);
}
