import type { Context } from "../../abi/context.ts";
import { AF, IPPROTO } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import type { Socket } from "./table.ts";

/** Linux's numbers. */
const FAMILY = { PF_INET: AF.AF_INET, PF_PACKET: AF.AF_PACKET, PF_OOB: AF.PF_OOB } as const;

/**
 * Asks the core to attach to a socket that is tied to its file. In-band, no lock, may wait. A core that gives no context
 * leaves a plain socket.
 *
 * @returns what the core says, EIO when its answer is lost: the core is told then that it has nothing.
 */
export async function attach(kernel: Kernel, context: Context, socket: Socket): Promise<Result<{ oob_data: number }>> {
  const { sock, sk, file, flags, type, half } = socket;
  const family = FAMILY[socket.family];
  // What the kernel hands over is sk_protocol, which is UDP's or TCP's number where the task said 0.
  const protocol = half.t === "udp" ? IPPROTO.IPPROTO_UDP : half.t === "tcp" ? IPPROTO.IPPROTO_TCP : socket.protocol;
  const asked = kernel.core.current;
  const reply = await kernel.hooks.sock_oob_attach(context, { sock, sk, file, family, type, protocol, flags });
  switch (reply.kind) {
    case "returned":
      // A core that came up meanwhile knows nothing of what the one before it has given.
      if (kernel.core.current === asked) {
        socket.oob_data = reply.value.oob_data;
        socket.oobWanted = socket.oob_data !== 0;
      }
      return ok({ oob_data: socket.oob_data });
    case "refused":
      return fail(reply.errno);
    case "lost":
      // The core may have made contexts that nobody will ever name to it again. To release and destroy a context 0 tells
      // it to drop what it has for this file and this sk, and to refuse an attach that arrives later. A call that was
      // rejected on the road reached no core, and a core that is gone has no contexts.
      if (reply.why !== "rejected" && kernel.core.current === asked) {
        kernel.events.fact(context, "compensate", { sk, file }, { undoes: "sock_oob_attach", why: reply.why });
        await detach(kernel, context, socket, 0);
      }
      return fail("EIO");
  }
}

/** Tells the core that a socket which goes on has no context any more. In-band, no lock; waits for both hooks. */
export async function detach(
  { hooks }: Kernel,
  context: Context,
  { sock, sk, file }: Socket,
  oob_data: number,
): Promise<void> {
  await hooks.sock_oob_release(context, { sock, sk, file, oob_data });
  await hooks.sock_oob_destroy(context, { sk, oob_data });
}
