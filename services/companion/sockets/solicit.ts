import type { Context } from "../../abi/context.ts";
import { EVL_NEIGH } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { ipv4AddressText } from "../../abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { parseSockaddr } from "../../abi/sockaddr.ts";
import type { Core } from "../state.ts";
import type { OobSocket } from "./socket.ts";

/** EVL's `struct evl_net_solicit` without its pointer: the flags, 32 bits little-endian, then the sockaddr. */
const FLAGS_BYTES = 4;

/**
 * in-band, in ioctl(2) with EVL_SOCKIOC_SOLICIT; waits for the in-band stack, and this for the neighbour. When it ends well the
 * front caches know the way to the peer, so that the next datagram to it leaves out-of-band. A socket that is bound to a device
 * reaches the peer by that one or not at all.
 *
 * EFAULT: no argument. EAFNOSUPPORT: not an IPv4 address, or no socket of IPv4. EINVAL: unknown flags. Routing errors, ENODEV,
 * ENOENT, ETIMEDOUT: those of inband_solicit, whose answer may also be lost: ETIMEDOUT (facts/dovetail 6.8).
 */
export async function solicit(
  core: Core,
  { sk, protocol, options }: OobSocket,
  arg: Uint8Array,
  context: Context,
): Promise<Result<{ arg: Uint8Array }>> {
  if (arg.length <= FLAGS_BYTES) return fail("EFAULT");
  const flags = new DataView(arg.buffer, arg.byteOffset).getUint32(0, true);
  const peer = parseSockaddr(arg.subarray(FLAGS_BYTES));
  if (protocol.kind !== "udp" || peer?.family !== "AF_INET") return fail("EAFNOSUPPORT");
  if ((flags & ~(EVL_NEIGH.EVL_NEIGH_PERMANENT | EVL_NEIGH.EVL_NEIGH_MAYROUTE)) !== 0) return fail("EINVAL");
  const answer = await core.hooks.inband_solicit(context, {
    sk,
    address: ipv4AddressText(peer.address),
    ifindex: options.boundIfindex,
    permanent: (flags & EVL_NEIGH.EVL_NEIGH_PERMANENT) !== 0,
    may_route: (flags & EVL_NEIGH.EVL_NEIGH_MAYROUTE) !== 0,
  });
  switch (answer.kind) {
    case "returned":
      return ok({ arg: NO_BYTES });
    case "refused":
      return fail(answer.errno);
    case "lost":
      return fail("ETIMEDOUT");
  }
}
