import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { AF, IPPROTO, SOCK } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Kernel } from "../kernel.ts";
import { createTcp } from "../model/stack/tcp-calls.ts";
import { newUdpSocket } from "../model/udp/socket.ts";
import { newStream } from "../sockets/stream.ts";
import type { Family, Protocol } from "../sockets/table.ts";

/** SOCK_MAX: types from here on are none. */
const SOCK_TYPES = 11;
/** Protocols of IPv4 have eight bits. */
const INET_PROTOCOL_MAX = 255;

type CreateErrno = "EINVAL" | "EAFNOSUPPORT" | "EPROTONOSUPPORT" | "ESOCKTNOSUPPORT" | "EOPNOTSUPP" | "EPERM";

/**
 * Makes a socket without a file (`__sock_create`). In-band, no lock; waits for the core when PF_OOB is not registered yet.
 *
 * @returns EAFNOSUPPORT, EINVAL for a type or protocol that is none, then what the family says: PF_INET ESOCKTNOSUPPORT,
 * EPROTONOSUPPORT, EPERM; PF_PACKET EPERM, ESOCKTNOSUPPORT; PF_OOB EOPNOTSUPP for a socket of the kernel's own. ENOMEM: the
 * VFS has given this creation up before it arrived, or there is no memory.
 */
export async function sockCreate(
  kernel: Kernel,
  args: PointArgs["sock_create"],
  context: Context,
): Promise<Outcome<"sock_create">> {
  const { type, protocol, file } = args;
  const family = await familyNamed(kernel, args.family, context);
  if (family === undefined) return fail("EAFNOSUPPORT");
  if (type >= SOCK_TYPES) return fail("EINVAL");
  const half = halfOf(kernel, family, args);
  if (!half.ok) return half;
  if (kernel.sockets.givenUp.delete(file)) return fail("ENOMEM");
  if (runsOut(kernel, context, "memory")) return fail("ENOMEM");
  const socket = kernel.sockets.create({ family, type, protocol, file }, half.value);
  const { sock, sk } = socket;
  kernel.events.fact(context, "inband_create", { sk }, { family, type, protocol });
  return ok({ sock, sk });
}

/**
 * The family with this number. PF_OOB is none of the kernel's own: a core that has it is asked to register it, as the
 * module `net-pf-46` would be loaded; once registered it stays.
 */
async function familyNamed(kernel: Kernel, family: number, context: Context): Promise<Family | undefined> {
  switch (family) {
    case AF.AF_INET:
      return "PF_INET";
    case AF.AF_PACKET:
      return "PF_PACKET";
    case AF.PF_OOB:
      if (kernel.sockets.oobFamily.registered) return "PF_OOB";
      // Without CONFIG_NET_OOB no core was built in either.
      if (!kernel.node.netOob) return undefined;
      if ((await kernel.hooks.oob_load_family(context, { family })).kind !== "returned") return undefined;
      kernel.sockets.oobFamily.registered = true;
      return "PF_OOB";
    default:
      return undefined;
  }
}

function halfOf(
  kernel: Kernel,
  family: Family,
  args: PointArgs["sock_create"],
): Result<(sk: number) => Protocol, CreateErrno> {
  switch (family) {
    case "PF_INET":
      return inetHalf(kernel, args);
    case "PF_PACKET": {
      const { type, protocol, cap_net_raw } = args;
      if (!cap_net_raw) return fail("EPERM");
      const name = type === SOCK.SOCK_RAW ? "SOCK_RAW" : type === SOCK.SOCK_DGRAM ? "SOCK_DGRAM" : undefined;
      if (name === undefined) return fail("ESOCKTNOSUPPORT");
      return ok((sk) => ({ t: "packet", packet: kernel.stack.packets.create(sk, name, protocol) }));
    }
    case "PF_OOB":
      return args.kern ? fail("EOPNOTSUPP") : ok(() => ({ t: "oob" }));
  }
}

/** PF_INET (`inet_create`). IPPROTO_RAW, with which senders write the header themselves, is not modelled. */
function inetHalf(
  { stack }: Kernel,
  { type, protocol, cap_net_raw }: PointArgs["sock_create"],
): Result<(sk: number) => Protocol, CreateErrno> {
  if (protocol > INET_PROTOCOL_MAX) return fail("EINVAL");
  switch (type) {
    case SOCK.SOCK_STREAM:
      if (protocol !== IPPROTO.IPPROTO_IP && protocol !== IPPROTO.IPPROTO_TCP) return fail("EPROTONOSUPPORT");
      return ok((sk) => ({ t: "tcp", stream: newStream(createTcp(stack, sk, "linux")) }));
    case SOCK.SOCK_DGRAM:
      if (protocol !== IPPROTO.IPPROTO_IP && protocol !== IPPROTO.IPPROTO_UDP) return fail("EPROTONOSUPPORT");
      return ok((sk) => ({ t: "udp", udp: stack.udp.add(newUdpSocket(sk)) }));
    case SOCK.SOCK_RAW:
      if (protocol === IPPROTO.IPPROTO_IP || protocol === IPPROTO.IPPROTO_RAW) return fail("EPROTONOSUPPORT");
      if (!cap_net_raw) return fail("EPERM");
      return ok((sk) => ({ t: "raw", raw: stack.raw.create(sk, protocol) }));
    default:
      return fail("ESOCKTNOSUPPORT");
  }
}
