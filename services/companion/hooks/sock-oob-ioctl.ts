import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { EVL_SOCKIOC, MSG } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { mayWait } from "../efile.ts";
import { leave } from "../gate.ts";
import { decodeReceive, decodeSend, encodeCount, encodeReceived, type Received } from "../model/message.ts";
import { askedTimes, IOTIMES_BYTES } from "../model/timestamps.ts";
import { receive } from "../sockets/receive.ts";
import type { OobSocket } from "../sockets/socket.ts";
import { collectTimes, NO_TIMES } from "../sockets/times.ts";
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
  const { flags, timeoutNs, count, controllen, namelen, noName } = request;
  // MSG_PEEK is in the pages, and refused by the code.
  if ((flags & ~(MSG.MSG_DONTWAIT | MSG.MSG_TIMESTAMP)) !== 0) return fail("EINVAL");
  const { sk, efile, protocol, timestamps } = socket;
  const patience = {
    mayWait: mayWait(efile) && (flags & MSG.MSG_DONTWAIT) === 0,
    timeoutNs,
    slice: { sk, file: efile.file },
  };
  if ((flags & MSG.MSG_TIMESTAMP) !== 0) {
    const collected = await collectTimes(core, socket, patience, count, context);
    if (!collected.ok) return collected;
    const { data, first, flags: lost } = collected.value;
    return ok(encodeReceived({ flags: lost, length: data.length, addr: NO_BYTES, data, controllen: 0, times: first }));
  }
  // Asked before anything is taken, so that nothing is lost by a header that cannot hold it.
  const tooSmall = namelen !== 0 && namelen < protocol.nameBytes;
  if ((noName && namelen !== 0) || tooSmall) return fail("EINVAL");
  if (timestamps.ofInput && controllen !== 0 && controllen < IOTIMES_BYTES) return fail("EINVAL");
  const got = await receive(core, socket, patience, count, context);
  if (!got.ok) return got;
  if (got.value.t === "end") return ok(encodeReceived(END));
  const { data, addr, times } = got.value.message;
  const wanted = timestamps.ofInput && controllen !== 0 ? times : undefined;
  const room = namelen === 0 ? addr.length : Math.min(namelen, addr.length);
  return ok(
    encodeReceived({
      flags: data.length > count ? MSG.MSG_TRUNC : 0,
      length: data.length,
      addr: noName ? NO_BYTES : addr.subarray(0, room),
      data: data.subarray(0, count),
      controllen: wanted === undefined ? 0 : IOTIMES_BYTES,
      times: wanted === undefined ? NO_TIMES : askedTimes(timestamps.flags, wanted),
    }),
  );
}

/** The end of the input. */
const END: Received = { flags: 0, length: 0, addr: NO_BYTES, data: NO_BYTES, controllen: 0, times: NO_TIMES };
