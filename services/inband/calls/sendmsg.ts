import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
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
import type { Socket } from "../sockets/table.ts";

/**
 * send(2) and its like. In-band, never waits, since there are no send buffers: MSG_DONTWAIT changes nothing, and
 * MSG_DONTROUTE is not modelled.
 *
 * @returns EBADF, EINVAL and EAFNOSUPPORT for the address, EOPNOTSUPP (PF_OOB), ENOBUFS, what the protocol says.
 */
export function sockSendmsg(
  kernel: Kernel,
  { sock, data, addr }: PointArgs["sock_sendmsg"],
  context: Context,
): Outcome<"sock_sendmsg"> {
  const socket = kernel.sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  if (runsOut(kernel, context, "wmem")) return fail("ENOBUFS");
  const sent = sendFrom(kernel, context, socket, data, addr);
  return sent.ok ? ok({ count: sent.value }) : sent;
}

/** Sends through a socket's protocol; an empty address is the peer's. Answers how many bytes went. */
function sendFrom(
  kernel: Kernel,
  context: Context,
  { half }: Socket,
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
    case "tcp":
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
