import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { AF, IPPROTO } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import type { Socket } from "../sockets/table.ts";

/** Linux's numbers. */
const FAMILY = { PF_INET: AF.AF_INET, PF_PACKET: AF.AF_PACKET, PF_OOB: AF.PF_OOB } as const;

/**
 * Ties a socket to its file, and asks the core to attach if SOCK_OOB was given (`sock_map_fd`). In-band, no lock, may
 * wait. Without CONFIG_NET_OOB the flag means nothing; a core that gives no context leaves a plain socket.
 *
 * @returns what the core says, EIO when its answer is lost. The VFS closes the socket then: no other hook fires for
 * it, since it has no context.
 */
export async function sockMapFile(
  kernel: Kernel,
  socket: Socket,
  { sock, file, flags, oob }: PointArgs["sock_map_file"],
  context: Context,
): Promise<Outcome<"sock_map_file">> {
  socket.file = file;
  if (!oob || !kernel.node.netOob) return ok({ oob_data: 0 });

  const { sk, type, protocol, half } = socket;
  const family = FAMILY[socket.family];
  // What the kernel hands over is sk_protocol, which is UDP's number where the task said 0.
  const sk_protocol = half.t === "udp" ? IPPROTO.IPPROTO_UDP : protocol;
  const reply = await kernel.hooks.sock_oob_attach(context, {
    sock,
    sk,
    file,
    family,
    type,
    protocol: sk_protocol,
    flags,
  });
  switch (reply.kind) {
    case "returned":
      socket.oob_data = reply.value.oob_data;
      return ok({ oob_data: socket.oob_data });
    case "refused":
      return fail(reply.errno);
    case "lost":
      // The core may have made contexts that nobody will ever name to it again. To release and destroy a context 0 tells
      // it to drop what it has for this file and this sk, and to refuse an attach that arrives later. A call that was
      // rejected on the road reached no core.
      if (reply.why !== "rejected") {
        kernel.events.fact(context, "compensate", { sk, file }, { undoes: "sock_oob_attach", why: reply.why });
        await kernel.hooks.sock_oob_release(context, { sock, sk, file, oob_data: 0 });
        await kernel.hooks.sock_oob_destroy(context, { sk, oob_data: 0 });
      }
      return fail("EIO");
  }
}
