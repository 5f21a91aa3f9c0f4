import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { SO } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { extendOptions } from "../sockets/extend.ts";
import { inetOf, optionOf, PMTUDISC_WORDS, rcvbufOf, sndbufOf, TTL_DEFAULT } from "../sockets/options.ts";
import { setStreamOption } from "../sockets/stream-options.ts";
import type { Socket } from "../sockets/table.ts";

/**
 * setsockopt(2). SO_RCVTIMEO takes nanoseconds. A core that manages the socket is told what it reads of it.
 *
 * @returns EBADF; ENOPROTOOPT: no such option, or one that can only be asked for; EINVAL; ENODEV: no such device;
 * EOPNOTSUPP: an option of a protocol for a PF_OOB socket.
 */
export async function sockSetsockopt(
  kernel: Kernel,
  socket: Socket,
  args: PointArgs["sock_setsockopt"],
  context: Context,
): Promise<Outcome<"sock_setsockopt">> {
  const set = setOption(kernel, context, socket, args);
  if (set.ok) await extendOptions(kernel, context, socket);
  return set;
}

function setOption(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  { level, optname, value, data }: PointArgs["sock_setsockopt"],
): Outcome<"sock_setsockopt"> {
  const option = optionOf(socket, level, optname);
  if (option === undefined) return fail(socket.family === "PF_OOB" ? "EOPNOTSUPP" : "ENOPROTOOPT");
  const { half } = socket;
  if (half.t === "tcp") {
    const set = setStreamOption(kernel, context, socket, half.stream, option, { value, data });
    if (set !== undefined) return set;
  }
  const inet = inetOf(half);
  switch (option) {
    case "SO_REUSEADDR":
    case "SO_REUSEPORT":
      socket.remembered.set(optname, Number(value !== 0));
      if (half.t === "udp") half.udp[option === "SO_REUSEADDR" ? "reuseAddress" : "reusePort"] = value !== 0;
      if (half.t === "tcp") half.stream.tcp[option === "SO_REUSEADDR" ? "reuseAddress" : "reusePort"] = value !== 0;
      return ok({});
    case "SO_KEEPALIVE":
    case "SO_OOBINLINE":
      socket.remembered.set(optname, Number(value !== 0));
      return ok({});
    case "SO_LINGER":
    case "SO_RCVLOWAT":
    case "SO_SNDTIMEO":
      // Of a socket whose sends never wait, and whose messages come whole.
      return ok({});
    case "SO_BROADCAST":
      socket.remembered.set(optname, Number(value !== 0));
      if (inet !== undefined && "broadcast" in inet) inet.broadcast = value !== 0;
      return ok({});
    case "SO_SNDBUF":
      socket.remembered.set(optname, sndbufOf(value));
      return ok({});
    case "SO_RCVBUF":
      setRcvbuf(socket, rcvbufOf(value));
      return ok({});
    case "SO_RCVTIMEO":
      if (value < 0) return fail("EINVAL");
      socket.rcvtimeoNs = value;
      return ok({});
    case "SO_BINDTOIFINDEX":
      if (value < 0) return fail("EINVAL");
      if (value !== 0 && kernel.stack.devices.at(value) === undefined) return fail("ENODEV");
      socket.remembered.set(optname, value);
      if (inet !== undefined) inet.ifindex = value;
      return ok({});
    case "IP_TOS":
      if (inet !== undefined) inet.tos = value & 0xff;
      return ok({});
    case "IP_TTL":
      if (value !== -1 && (value < 1 || value > 255)) return fail("EINVAL");
      if (inet !== undefined) inet.ttl = value === -1 ? TTL_DEFAULT : value;
      return ok({});
    case "IP_MTU_DISCOVER": {
      const word = PMTUDISC_WORDS.get(value);
      if (word === undefined) return fail("EINVAL");
      if (half.t === "udp") half.udp.pmtudisc = word;
      if (half.t === "tcp") half.stream.tcp.pmtudisc = word;
      return ok({});
    }
    default:
      // What can only be asked for, and what another protocol has.
      return fail("ENOPROTOOPT");
  }
}

function setRcvbuf({ half, remembered }: Socket, bytes: number): void {
  remembered.set(SO.SO_RCVBUF, bytes);
  if (half.t === "udp") half.udp.queue.rcvbuf = bytes;
  if (half.t === "raw") half.raw.queue.rcvbuf = bytes;
  if (half.t === "packet") half.packet.queue.rcvbuf = bytes;
}
