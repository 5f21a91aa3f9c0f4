import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { LIMITS } from "../../abi/limits.ts";
import { ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import { closeStream } from "../sockets/stream-close.ts";
import { putSk } from "../sockets/destruct.ts";
import { oobCapable, type Socket } from "../sockets/table.ts";
import { endWaits } from "../sockets/wait.ts";

/**
 * The last reference to a socket's file is gone (`__sock_release`): calls that still run end; sock_oob_release, which waits
 * for out-of-band work to leave; the protocol's own release; then the BSD socket's reference to the INET socket. In-band, no
 * lock, may wait.
 *
 * A socket that is closed already, or never was, has nothing to close. Where the VFS never learnt its number, it goes by the
 * file that it was made for, and a creation that arrives later is refused. That an answer may be lost, after the boundary
 * tried twice, changes nothing here.
 */
export async function sockClose(
  kernel: Kernel,
  { sock, file: of }: PointArgs["sock_close"],
  context: Context,
): Promise<Outcome<"sock_close">> {
  const { sockets } = kernel;
  const socket = sock === 0 && of !== 0 ? sockets.ofFile(of) : sockets.at(sock);
  if (socket === undefined) {
    if (sock === 0) giveUp(sockets.givenUp, of);
    return ok({});
  }
  sockets.close(socket);
  if (socket.calls.size > 0) await Promise.all(socket.calls);
  const { sk, file, oob_data } = socket;
  if (oobCapable(socket)) {
    // The page warns that sock->sk may be stale: a core that follows it goes by the file. D10: the code has it still.
    const seen = followsCode(kernel, "D10") ? sk : 0;
    await kernel.hooks.sock_oob_release(context, { sock: socket.sock, sk: seen, file, oob_data });
  }
  endWaits(context, socket);
  await releaseProtocol(kernel, context, socket);
  kernel.events.fact(context, "inband_release", { sk });
  await putSk(kernel, context, socket);
  return ok({});
}

/** Remembers a file, within bounds: a late call is late by seconds, not by thousands of files. */
function giveUp(givenUp: Set<number>, file: number): void {
  givenUp.add(file);
  const [oldest] = givenUp;
  if (givenUp.size > LIMITS.rememberedAnswers && oldest !== undefined) givenUp.delete(oldest);
}

/** The protocol's release: no frame finds the socket any more, its port is free. PF_OOB has none (facts 2.10b). */
async function releaseProtocol(kernel: Kernel, context: Context, socket: Socket): Promise<void> {
  const { stack } = kernel;
  const { sk, half } = socket;
  switch (half.t) {
    case "tcp":
      return closeStream(kernel, context, socket, half.stream);
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
