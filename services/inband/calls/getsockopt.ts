import { ERRNO, type PointArgs } from "../../abi/contract.generated.ts";
import { AF, IPPROTO, SOL } from "../../abi/flags.ts";
import { IPV4_TOTAL_MAX } from "../../abi/packet/ipv4.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { RCVBUF_DEFAULT } from "../model/receive-queue.ts";
import { routeOutput } from "../model/stack/route-output.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { inetOf, optionOf, PMTUDISC_WORDS, SNDBUF_DEFAULT, TTL_DEFAULT } from "../sockets/options.ts";
import type { Socket } from "../sockets/table.ts";
import { getStreamOption, lingerBytes } from "../sockets/stream-options.ts";

/** Linux's numbers. */
const AF_OF = { PF_INET: AF.AF_INET, PF_PACKET: AF.AF_PACKET, PF_OOB: AF.PF_OOB } as const;

/**
 * getsockopt(2). SO_ERROR takes the pending error.
 *
 * @returns EBADF; ENOPROTOOPT: no such option; ENOTCONN: IP_MTU without a peer, or without a way to it; EOPNOTSUPP: an
 * option of a protocol that the socket does not have.
 */
export function sockGetsockopt(
  { sockets, stack, kit }: Kernel,
  { sock, level, optname }: PointArgs["sock_getsockopt"],
): Outcome<"sock_getsockopt"> {
  const socket = sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  const option = optionOf(socket, level, optname);
  if (option === undefined) return fail(hasLevel(socket, level) ? "ENOPROTOOPT" : "EOPNOTSUPP");
  const { half, remembered } = socket;
  if (half.t === "tcp") {
    const told = getStreamOption(socket, half.stream, option);
    if (told !== undefined) return told;
  }
  const inet = inetOf(half);
  const flag = (otherwise: number): Outcome<"sock_getsockopt"> => ok({ value: remembered.get(optname) ?? otherwise });
  switch (option) {
    case "SO_TYPE":
      return ok({ value: socket.type });
    case "SO_ERROR": {
      const error = inet === undefined ? undefined : takeError(inet);
      return ok({ value: error === undefined ? 0 : ERRNO[error] });
    }
    case "SO_PROTOCOL":
      return ok({ value: half.t === "udp" ? IPPROTO.IPPROTO_UDP : socket.protocol });
    case "SO_DOMAIN":
      return ok({ value: AF_OF[socket.family] });
    case "SO_ACCEPTCONN":
    case "SO_SNDTIMEO":
      return ok({ value: 0 });
    case "SO_RCVLOWAT":
    case "SO_SNDLOWAT":
      return ok({ value: 1 });
    case "SO_LINGER":
      return ok({ value: 0, data: lingerBytes({ on: false, seconds: 0 }) });
    case "SO_KEEPALIVE":
    case "SO_OOBINLINE":
    case "SO_REUSEADDR":
    case "SO_REUSEPORT":
    case "SO_BROADCAST":
    case "SO_BINDTOIFINDEX":
      return flag(0);
    case "SO_SNDBUF":
      return flag(SNDBUF_DEFAULT);
    case "SO_RCVBUF":
      return flag(RCVBUF_DEFAULT);
    case "SO_RCVTIMEO":
      return ok({ value: socket.rcvtimeoNs });
    case "IP_TOS":
      return ok({ value: inet?.tos ?? 0 });
    case "IP_TTL":
      return ok({ value: inet?.ttl ?? TTL_DEFAULT });
    case "IP_MTU_DISCOVER": {
      const word = half.t === "udp" ? half.udp.pmtudisc : half.t === "tcp" ? half.stream.tcp.pmtudisc : "want";
      return ok({ value: [...PMTUDISC_WORDS].find(([, name]) => name === word)?.[0] ?? 0 });
    }
    case "IP_MTU": {
      if (inet?.peer === undefined) return fail("ENOTCONN");
      const peer = typeof inet.peer === "number" ? inet.peer : inet.peer.address;
      const local = typeof inet.local === "number" ? inet.local : inet.local.address;
      const path = routeOutput(stack, peer, { source: local, ifindex: inet.ifindex });
      if (!path.ok) return fail("ENOTCONN");
      return ok({ value: Math.min(stack.pathMtus.of(peer, path.value.device.mtu, kit.clock.nowNs()), IPV4_TOTAL_MAX) });
    }
    default:
      return fail("ENOPROTOOPT");
  }
}

/** Whether a socket has options of this level at all: what is not TCP's or UDP's own comes to IP (`do_ip_getsockopt`). */
function hasLevel({ family, half }: Socket, level: number): boolean {
  if (family === "PF_OOB") return false;
  if (family === "PF_PACKET" || level === SOL.SOL_SOCKET) return true;
  if (level === IPPROTO.IPPROTO_TCP) return half.t === "tcp";
  return level === IPPROTO.IPPROTO_IP || (level === IPPROTO.IPPROTO_UDP && half.t === "udp");
}
