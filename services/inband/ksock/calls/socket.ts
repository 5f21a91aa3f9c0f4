import type { Context } from "../../../abi/context.ts";
import type { PointArgs } from "../../../abi/contract.generated.ts";
import { ILLUMOS_AF, ILLUMOS_SOCK, illumosNumber } from "../../../abi/illumos.ts";
import { fail, ok, type Result } from "../../../abi/result.ts";
import type { Outcome } from "../../../boundary/hooks.ts";
import { runsOut } from "../../../boundary/resources.ts";
import type { Kernel } from "../../kernel.ts";
import { createTcp, setTcp } from "../../model/stack/tcp-calls.ts";
import { newIllumosUdpSocket } from "../../model/udp/socket.ts";
import { tcpSndbuf } from "../flow.ts";
import { defaultOptions } from "../options/defaults.ts";
import { newKernelSocket, type Domain, type KsockHalf } from "../table.ts";

/** The protocols that have an entry in the table of sockets (`sock2path`), and their types; 0 is the type's own. */
const ENTRIES = [
  { type: ILLUMOS_SOCK.SOCK_STREAM, protocol: 6, half: "tcp" },
  { type: ILLUMOS_SOCK.SOCK_DGRAM, protocol: 17, half: "udp" },
] as const;

/**
 * ksock_socket: blocking, without callbacks, with the base reference. In-band, no lock, never waits. Fact: ksock_create.
 *
 * @returns EAFNOSUPPORT; by the best partial match (`solookup`) EPROTOTYPE, a protocol of the family with another type, or
 * EPROTONOSUPPORT; ENOMEM.
 */
export function ksockSocket(
  kernel: Kernel,
  args: PointArgs["ksock_socket"],
  context: Context,
): Outcome<"ksock_socket"> {
  const domain = domainOf(args.domain);
  if (domain === undefined) return fail("EAFNOSUPPORT");
  const protocol = protocolOf(illumosNumber(ILLUMOS_SOCK, args.type), args.protocol);
  if (!protocol.ok) return protocol;
  if (runsOut(kernel, context, "memory")) return fail("ENOMEM");
  const { ksocks, stack } = kernel;
  const [ks, sk] = [stack.numbers.next(), stack.numbers.next()];
  const half = halfOf(kernel, context, protocol.value, sk, domain === "AF_INET6");
  const socket = newKernelSocket(ks, sk, domain, half, defaultOptions(protocol.value));
  ksocks.hearFor(socket);
  ksocks.publish(socket);
  kernel.events.fact(context, "ksock_create", { ks }, { sk, domain, protocol: protocol.value });
  return ok({ ks });
}

function domainOf(name: string): Domain | undefined {
  switch (illumosNumber(ILLUMOS_AF, name)) {
    case ILLUMOS_AF.AF_INET:
      return "AF_INET";
    case ILLUMOS_AF.AF_INET6:
      return "AF_INET6";
    default:
      return undefined;
  }
}

function protocolOf(
  type: number | undefined,
  protocol: number,
): Result<"tcp" | "udp", "EPROTOTYPE" | "EPROTONOSUPPORT"> {
  const entry = ENTRIES.find((one) => one.type === type && (protocol === 0 || protocol === one.protocol));
  if (entry !== undefined) return ok(entry.half);
  const known = protocol === 0 || ENTRIES.some((one) => one.protocol === protocol);
  return fail(known ? "EPROTOTYPE" : "EPROTONOSUPPORT");
}

function halfOf(kernel: Kernel, context: Context, protocol: "tcp" | "udp", sk: number, inet6: boolean): KsockHalf {
  const { node, stack } = kernel;
  const { sndbuf, rcvbuf } = defaultOptions(protocol);
  if (protocol === "udp") return { t: "udp", udp: stack.udp.add({ ...newIllumosUdpSocket(sk, rcvbuf), inet6 }) };
  const tcp = createTcp(stack, sk, "illumos");
  tcp.inet6 = inet6;
  const closeUnread = node.ksock?.linuxCloseRst === true ? "reset" : "finish";
  kernel.run(context, (nowNs) => setTcp(stack, tcp, { sndbuf: tcpSndbuf(sndbuf), rcvbuf, closeUnread }, nowNs));
  return { t: "tcp", tcp };
}
