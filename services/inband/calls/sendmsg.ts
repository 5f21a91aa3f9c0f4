import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { MSG } from "../../abi/flags.ts";
import { MAC_ZERO } from "../../abi/packet/mac.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseSockaddr } from "../../abi/sockaddr.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Kernel } from "../kernel.ts";
import type { Outcome as Step } from "../model/stack/step.ts";
import { sendPacket, type LinkAddress } from "../model/stack/packet-calls.ts";
import { sendRaw } from "../model/stack/raw-calls.ts";
import { sendUdp } from "../model/stack/udp-calls.ts";
import { endpointOf } from "../sockets/address.ts";
import { sendStream } from "../sockets/stream-send.ts";
import type { Protocol } from "../sockets/table.ts";

/**
 * send(2) and its like. In-band, no lock. A stream waits for room (`sendStream`); a datagram never waits, since there are no
 * send buffers: MSG_DONTWAIT changes nothing there. MSG_DONTROUTE is not modelled.
 *
 * @returns EBADF, EINVAL and EAFNOSUPPORT for the address, EOPNOTSUPP (PF_OOB), ENOBUFS, what the protocol says.
 */
export async function sockSendmsg(
  kernel: Kernel,
  { sock, data, flags, addr }: PointArgs["sock_sendmsg"],
  context: Context,
): Promise<Outcome<"sock_sendmsg">> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  if (runsOut(kernel, context, "wmem")) return fail("ENOBUFS");
  const { half } = socket;
  // A port comes first, whatever else is wrong with the call (`inet_send_prepare`).
  const bound = half.t === "udp" ? kernel.stack.udp.autobind(half.udp) : ok(undefined);
  if (!bound.ok) return bound;
  if (half.t !== "tcp" && (flags & MSG.MSG_OOB) !== 0) return fail("EOPNOTSUPP");
  const sent =
    half.t === "tcp"
      ? await sendStream(kernel, context, socket, half.stream, { data, flags })
      : sendFrom(kernel, context, half, data, addr);
  return sent.ok ? ok({ count: sent.value }) : sent;
}

/** Sends through a socket's protocol; an empty address is the peer's. Answers how many bytes went. */
function sendFrom(
  kernel: Kernel,
  context: Context,
  half: Exclude<Protocol, { readonly t: "tcp" }>,
  data: Uint8Array,
  addr: Uint8Array,
): Result<number> {
  const { stack } = kernel;
  const run = (work: (nowNs: number) => Step<Result<number>>): Result<number> => kernel.run(context, work);
  switch (half.t) {
    case "udp":
    case "raw": {
      const to = addr.length === 0 ? ok(undefined) : endpointOf(addr);
      if (!to.ok) return to;
      const { value } = to;
      return half.t === "udp"
        ? run((nowNs) => sendUdp(stack, half.udp, data, value, nowNs))
        : run((nowNs) => sendRaw(stack, half.raw, data, value?.address, nowNs));
    }
    case "packet": {
      const to = addr.length === 0 ? ok(undefined) : linkAddressOf(addr);
      return to.ok ? run((nowNs) => sendPacket(stack, half.packet, data, to.value, nowNs)) : to;
    }
    case "oob":
      return fail("EOPNOTSUPP");
  }
}

function linkAddressOf(addr: Uint8Array): Result<LinkAddress, "EINVAL"> {
  const parsed = parseSockaddr(addr);
  if (parsed?.family !== "AF_PACKET") return fail("EINVAL");
  const { ifindex, protocol, mac } = parsed;
  return ok({ ifindex, protocol, destination: mac ?? MAC_ZERO });
}
