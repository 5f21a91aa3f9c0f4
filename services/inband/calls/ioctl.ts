import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { SIOC } from "../../abi/flags.ts";
import { fail, ok } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import type { Kernel } from "../kernel.ts";
import { interfaceConfiguration, interfaceIoctl } from "../sockets/interface-ioctl.ts";
import { firstLength } from "../sockets/readiness.ts";
import { streamIoctl } from "../sockets/stream-ioctl.ts";
import { oobCapable, type Socket } from "../sockets/table.ts";
import { protoOps } from "./proto-ops.ts";

/** Bytes of an int. */
const INT = 4;
const NO_DATA = new Uint8Array(0);

type Served = Outcome<"sock_ioctl">;

/**
 * ioctl(2) on a socket (`sock_ioctl`): what the socket layer serves itself; then, for a socket that the core manages, the
 * core's say, of which anything but ENOIOCTLCMD is final; then the protocol's handler, and the devices'. In-band, no lock,
 * may wait for the core.
 *
 * @returns what the core says, EIO when its answer is lost; what the handlers say; ENOTTY: nobody knows the command.
 * ENOIOCTLCMD never reaches a task.
 */
export async function sockIoctl(
  kernel: Kernel,
  socket: Socket,
  { cmd, data }: PointArgs["sock_ioctl"],
  context: Context,
): Promise<Served> {
  const own = socketLayer(kernel, socket, cmd, data);
  if (own !== undefined) return own;
  if (oobCapable(socket)) {
    const final = await redirect(kernel, context, socket, cmd, data);
    if (final !== undefined) return final;
  }
  kernel.events.fact(context, "inband_ioctl", { sk: socket.sk }, { cmd });
  if (socket.family === "PF_OOB") {
    const done = await protoOps(kernel, context, socket, "ioctl", { cmd, arg: data });
    if (done.ok) return ok({ value: 0, data: done.value.arg });
    if (done.errno !== "ENOIOCTLCMD") return done;
  } else if (socket.half.t === "tcp") {
    const answer = streamIoctl(socket.half.stream, cmd);
    if (answer !== undefined) return answer.ok ? ok({ value: answer.value, data: intBytes(answer.value) }) : answer;
  } else if (cmd === SIOC.FIONREAD) {
    const length = firstLength(socket);
    return ok({ value: length, data: intBytes(length) });
  } else if (cmd === SIOC.SIOCOUTQ && socket.family === "PF_INET") {
    // There are no send buffers: what was sent is gone.
    return ok({ value: 0, data: intBytes(0) });
  }
  return interfaceIoctl(kernel.stack, cmd, data);
}

/** sock_inband_ioctl_redirect. Undefined: ENOIOCTLCMD, the regular handlers go on. */
async function redirect(
  kernel: Kernel,
  context: Context,
  { sk, oob_data }: Socket,
  cmd: number,
  arg: Uint8Array,
): Promise<Served | undefined> {
  const reply = await kernel.hooks.sock_inband_ioctl_redirect(context, { sk, oob_data, cmd, arg });
  switch (reply.kind) {
    case "returned":
      return ok({ value: 0, data: reply.value.arg });
    case "refused":
      return reply.errno === "ENOIOCTLCMD" ? undefined : fail(reply.errno);
    case "lost":
      return fail("EIO");
  }
}

/**
 * What never reaches the core (facts 2.8); undefined for every other command. That a process owns a socket is remembered,
 * but no signal is ever sent.
 */
function socketLayer({ stack }: Kernel, socket: Socket, cmd: number, data: Uint8Array): Served | undefined {
  switch (cmd) {
    case SIOC.FIOSETOWN:
    case SIOC.SIOCSPGRP:
      if (data.length < INT) return fail("EFAULT");
      socket.owner = new DataView(data.buffer, data.byteOffset).getInt32(0, true);
      return ok({ value: 0, data: NO_DATA });
    case SIOC.FIOGETOWN:
    case SIOC.SIOCGPGRP:
      return ok({ value: 0, data: intBytes(socket.owner) });
    case SIOC.SIOCGIFCONF:
      return ok({ value: 0, data: interfaceConfiguration(stack) });
    default:
      return UNBUILT.has(cmd) || isPrivate(cmd) || isWireless(cmd) ? fail("ENOTTY") : undefined;
  }
}

/** Bridges, VLANs by ioctl, network namespaces, time stamps (old and new): served before the core is asked, by nobody here. */
const UNBUILT: ReadonlySet<number> = new Set([
  0x8940, 0x8941, 0x89a0, 0x89a1, 0x8982, 0x8983, 0x894c, 0x8906, 0x8907, 0x8010_8906, 0x8010_8907,
]);

/** SIOCDEVPRIVATE to SIOCDEVPRIVATE + 15. */
const isPrivate = (cmd: number): boolean => cmd >= 0x89f0 && cmd <= 0x89ff;
/** SIOCIWFIRST to SIOCIWLAST. */
const isWireless = (cmd: number): boolean => cmd >= 0x8b00 && cmd <= 0x8bff;

function intBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(INT);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
