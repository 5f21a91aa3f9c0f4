import type { Context } from "../../abi/context.ts";
import { CAP, O, openFlagsText } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import type { Current, Kernel } from "../kernel.ts";
import { knownToStack } from "../model/known-socket.ts";
import { OpenFile } from "../model/open-file.ts";
import { answerOf } from "../../boundary/answer.ts";
import type { Reply } from "../../boundary/invocation.ts";
import { openFile } from "./fput.ts";
import { reserveFd } from "./reserve-fd.ts";
import type { SocketType } from "./socket-type.ts";

/** What a task asks for: the type with its flags taken apart. */
interface Wanted extends SocketType {
  readonly family: number;
  readonly protocol: number;
}

/** Which family of sockets a caller may have depends on this capability. */
const NET_RAW = BigInt(CAP.CAP_NET_RAW);

/** A socket without a file, and the number of the file that it will have. */
interface Made {
  readonly sock: number;
  readonly file: number;
}

/**
 * Makes a socket without a file (`sock_create`). In-band, no lock held.
 *
 * @returns what the in-band stack says; EAFNOSUPPORT where there is none; EIO: the answer was lost. A socket that was made
 * all the same is closed by the number of the file that it was for.
 */
export async function sockCreate(
  kernel: Kernel,
  { task, context }: Current,
  { family, type, protocol }: Pick<Wanted, "family" | "type" | "protocol">,
): Promise<Result<Made>> {
  const { hooks, events } = kernel;
  const cap_net_raw = (task.capabilities & NET_RAW) !== 0n;
  const file = kernel.newFile();
  const reply = await hooks.sock_create(context, { family, type, protocol, kern: false, cap_net_raw, file });
  if (reply.kind === "lost" && reply.why !== "rejected") {
    events.fact(context, "compensate", { file }, { undoes: "sock_create", why: reply.why });
    await hooks.sock_close(context, { sock: 0, file });
  }
  const created = answerOf(reply);
  if (!created.ok) return created;
  // Nobody answered, and no socket has this number: a kernel without a network stack has no family.
  const { sock } = created.value;
  return sock === 0 ? fail("EAFNOSUPPORT") : ok({ sock, file });
}

/**
 * Builds the file of a socket (`sock_alloc_file`) and ties the two together; for an out-of-band socket the core attaches
 * here (sock_oob_attach). No descriptor refers to the file yet, and no lock is held.
 *
 * @returns what the core says; EIO: the answer was lost, or the stack does not know the socket. The caller closes the socket
 * then, which undoes an attachment that took place after all: so both sides agree again.
 */
export async function sockFile(
  kernel: Kernel,
  context: Context,
  { sock, file }: Made,
  { fileFlags, oob }: Pick<SocketType, "fileFlags" | "oob">,
): Promise<Result<OpenFile>> {
  let asked: number;
  let reply: Reply<"sock_map_file">;
  do {
    // A context that the stack got of a core which is gone by now is none; a socket may be mapped again for the one it has.
    asked = kernel.core.current;
    reply = await kernel.hooks.sock_map_file(context, { sock, file, flags: fileFlags, oob });
  } while (reply.kind === "returned" && kernel.core.current !== asked);
  if (reply.kind === "lost" && reply.why !== "rejected") {
    kernel.events.fact(context, "compensate", { file }, { undoes: "sock_map_file", why: reply.why });
  }
  const mapped = knownToStack(answerOf(reply));
  if (!mapped.ok) return mapped;
  const dev = `socket:[${sock}]`;
  const flags = O.O_RDWR | fileFlags;
  // Only an attachment gives a file its out-of-band context.
  const oob_data = oob ? mapped.value.oob_data : 0;
  kernel.events.fact(context, "file_create", { file, dev }, { flags: openFlagsText(flags), oob_data });
  return ok(openFile(kernel, new OpenFile(file, dev, flags, oob_data, sock)));
}

/**
 * Makes a socket, its file and the lowest free descriptor for it (`__sys_socket`). In-band, takes files->file_lock twice.
 *
 * The order is that of Linux and of facts 2.1: the in-band creation comes before the descriptor, and the core attaches when
 * the descriptor is reserved and not yet visible. What fails after the creation closes the socket.
 *
 * @returns what the in-band stack says of the creation, then EMFILE, then what the core says of the attachment; EIO: an
 * answer was lost; EDEADLK.
 */
export async function socketFd(
  kernel: Kernel,
  current: Current,
  wanted: Wanted,
): Promise<Result<{ readonly fd: number }>> {
  const { context } = current;
  const created = await sockCreate(kernel, current, wanted);
  if (!created.ok) return created;
  const reserved = await reserveFd(kernel, current, wanted.closeOnExec);
  if (!reserved.ok) {
    await kernel.hooks.sock_close(context, created.value);
    return fail(reserved.errno);
  }
  const { fd, publish, unreserve } = reserved.value;
  const file = runsOut(kernel, context, "memory")
    ? fail("ENOMEM")
    : await sockFile(kernel, context, created.value, wanted);
  if (!file.ok) {
    await unreserve(file.errno);
    await kernel.hooks.sock_close(context, created.value);
    return file;
  }
  await publish(file.value);
  return ok({ fd });
}
