import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { EVL_SOCKIOC, MSG } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { mayWait } from "../efile.ts";
import { leave } from "../gate.ts";
import { decodeReceive, decodeSend, encodeCount, encodeReceived } from "../model/message.ts";
import { receive } from "../sockets/receive.ts";
import type { OobSocket } from "../sockets/socket.ts";
import { knownEfile, type Core } from "../state.ts";

/**
 * Out-of-band, in a call of an attached thread; may wait.
 *
 * The file operation behind oob_sendmsg and oob_recvmsg. It takes a share of its own in the file, since a caller to whom this
 * crossing was lost has let go of the file while this still works.
 *
 * EBADFD: no context behind the file, or one that is being released. ENOTTY: neither SENDMSG nor RECVMSG. EFAULT: the argument
 * is no message header. Else what the protocol says (seed 000; facts/dovetail 2.9, 6.4-6.6).
 */
export async function sockOobIoctl(
  core: Core,
  { file, oob_data, cmd, arg }: PointArgs["sock_oob_ioctl"],
  context: Context,
): Promise<Result<{ arg: Uint8Array }>> {
  const efile = knownEfile(core, file, oob_data);
  const socket = core.socketOfFile.get(file);
  if (efile === undefined || socket === undefined) return fail("EBADFD");
  efile.crossing.down();
  const answer = await serve(core, socket, cmd, arg, context);
  leave(efile);
  return answer.ok ? ok({ arg: answer.value }) : answer;
}

async function serve(
  core: Core,
  socket: OobSocket,
  cmd: number,
  arg: Uint8Array,
  context: Context,
): Promise<Result<Uint8Array>> {
  switch (cmd) {
    case EVL_SOCKIOC.EVL_SOCKIOC_SENDMSG:
      return sendMessage(socket, arg, context);
    case EVL_SOCKIOC.EVL_SOCKIOC_RECVMSG:
      return receiveMessage(core, socket, arg, context);
    default:
      return fail("ENOTTY");
  }
}

async function sendMessage(socket: OobSocket, arg: Uint8Array, context: Context): Promise<Result<Uint8Array>> {
  const request = decodeSend(arg);
  if (request === undefined) return fail("EFAULT");
  const patient = mayWait(socket.efile) && (request.flags & MSG.MSG_DONTWAIT) === 0;
  const sent = await socket.protocol.send({ ...request, mayWait: patient }, context);
  return sent.ok ? ok(encodeCount(sent.value)) : sent;
}

async function receiveMessage(
  core: Core,
  socket: OobSocket,
  arg: Uint8Array,
  context: Context,
): Promise<Result<Uint8Array>> {
  const request = decodeReceive(arg);
  if (request === undefined) return fail("EFAULT");
  const { flags, timeoutNs, count } = request;
  // MSG_PEEK is in the pages, and refused by the code; timestamps are off.
  if ((flags & ~MSG.MSG_DONTWAIT) !== 0) return fail("EINVAL");
  const { sk, efile } = socket;
  const patience = {
    mayWait: mayWait(efile) && (flags & MSG.MSG_DONTWAIT) === 0,
    timeoutNs,
    slice: { sk, file: efile.file },
  };
  const got = await receive(core, socket, patience, count, context);
  if (!got.ok) return got;
  if (got.value.t === "end") return ok(encodeReceived({ flags: 0, length: 0, addr: NO_BYTES, data: NO_BYTES }));
  const { data, addr } = got.value.message;
  const truncated = data.length > count ? MSG.MSG_TRUNC : 0;
  return ok(encodeReceived({ flags: truncated, length: data.length, addr, data: data.subarray(0, count) }));
}
