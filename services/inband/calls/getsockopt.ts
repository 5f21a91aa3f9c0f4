import { ERRNO, type PointArgs } from "../../abi/contract.generated.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { RCVBUF_DEFAULT } from "../model/receive-queue.ts";
import { routeOutput } from "../model/stack/route-output.ts";
import { takeError } from "../model/stack/udp-calls.ts";
import { optionOf, PMTUDISC_WORDS, SNDBUF_DEFAULT, TTL_DEFAULT } from "../sockets/options.ts";

/**
 * getsockopt(2). SO_ERROR takes the pending error.
 *
 * @returns EBADF; ENOPROTOOPT: no such option; ENOTCONN: IP_MTU without a peer, or without a way to it; EOPNOTSUPP: an
 * option of a protocol for a PF_OOB socket.
 */
export function sockGetsockopt(
  { sockets, stack, kit }: Kernel,
  { sock, level, optname }: PointArgs["sock_getsockopt"],
): Outcome<"sock_getsockopt"> {
  const socket = sockets.at(sock);
  if (socket === undefined) return fail("EBADF");
  const option = optionOf(socket, level, optname);
  if (option === undefined) return fail(socket.family === "PF_OOB" ? "EOPNOTSUPP" : "ENOPROTOOPT");
  const { half, remembered } = socket;
  const inet = half.t === "udp" ? half.udp : half.t === "raw" ? half.raw : undefined;
  const flag = (otherwise: number): Outcome<"sock_getsockopt"> => ok({ value: remembered.get(optname) ?? otherwise });
  switch (option) {
    case "SO_TYPE":
      return ok({ value: socket.type });
    case "SO_ERROR": {
      const error = inet === undefined ? undefined : takeError(inet);
      return ok({ value: error === undefined ? 0 : ERRNO[error] });
    }
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
      const word = half.t === "udp" ? half.udp.pmtudisc : "want";
      return ok({ value: [...PMTUDISC_WORDS].find(([, name]) => name === word)?.[0] ?? 0 });
    }
    case "IP_MTU": {
      const peer = half.t === "udp" ? half.udp.peer?.address : half.t === "raw" ? half.raw.peer : undefined;
      const local = half.t === "udp" ? half.udp.local.address : half.t === "raw" ? half.raw.local : undefined;
      if (inet === undefined || peer === undefined || local === undefined) return fail("ENOTCONN");
      const path = routeOutput(stack, peer, { source: local, ifindex: inet.ifindex });
      if (!path.ok) return fail("ENOTCONN");
      return ok({ value: stack.pathMtus.of(peer, path.value.device.mtu, kit.clock.nowNs()) });
    }
  }
}
