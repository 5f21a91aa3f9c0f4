import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import { putSk } from "../sockets/destruct.ts";
import { oobCapable, type Socket } from "../sockets/table.ts";
import { endWaits } from "../sockets/wait.ts";

/**
 * The last reference to a socket's file is gone (`__sock_release`): calls that still run end; sock_oob_release, which waits
 * for out-of-band work to leave; the protocol's own release; then the BSD socket's reference to the INET socket. In-band, no
 * lock, may wait.
 *
 * A socket that is closed already, or never was, has nothing to close. That an answer may be lost, after the boundary
 * tried twice, changes nothing here.
 */
export async function sockClose(
  kernel: Kernel,
  { sock }: PointArgs["sock_close"],
  context: Context,
): Promise<Outcome<"sock_close">> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return ok({});
  kernel.sockets.close(socket);
  if (socket.calls.size > 0) await Promise.all(socket.calls);
  const { sk, file, oob_data } = socket;
  if (oobCapable(socket)) {
    // The page warns that sock->sk may be stale: a core that follows it goes by the file. D10: the code has it still.
    const seen = followsCode(kernel, "D10") ? sk : 0;
    await kernel.hooks.sock_oob_release(context, { sock, sk: seen, file, oob_data });
  }
  endWaits(context, socket);
  releaseProtocol(kernel, socket);
  kernel.events.fact(context, "inband_release", { sk });
  await putSk(kernel, context, socket);
  return ok({});
}

/** The protocol's release: no frame finds the socket any more, its port is free. PF_OOB has none (facts 2.10b). */
function releaseProtocol({ stack }: Kernel, { sk, half }: Socket): void {
  switch (half.t) {
    case "udp":
      stack.udp.close(sk);
      return;
    case "raw":
      stack.raw.close(sk);
      return;
    case "packet":
      stack.packets.close(sk);
      return;
    case "oob":
      return;
  }
}
