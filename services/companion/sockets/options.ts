import type { Context } from "../../abi/context.ts";
import { EVL_SOCKOPT, nameIn, SOL } from "../../abi/flags.ts";
import { NO_BYTES } from "../../abi/packet/bytes.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { SOF_ALL } from "../model/timestamps.ts";
import type { Core } from "../state.ts";
import { limitRoom } from "./send-room.ts";
import type { OobSocket } from "./socket.ts";

/** Linux's `rmem_max` and `wmem_max`, and the least that a buffer is. */
const BUFFER_MAX = 212_992;
const RECV_MIN = 2304;
const SEND_MIN = 4608;

/** What is asked for is doubled, since what a core charges is more than the bytes; and never less than what one message takes. */
const roomFor = (value: number, least: number): number => Math.max(2 * Math.min(value, BUFFER_MAX), least);

/** The words of an argument, 32 bits each, little-endian; undefined for fewer, as a bad pointer would be. */
function wordsOf(arg: Uint8Array, count: number): readonly number[] | undefined {
  if (arg.length < 4 * count) return undefined;
  const view = new DataView(arg.buffer, arg.byteOffset, arg.byteLength);
  return Array.from({ length: count }, (_, at) => view.getInt32(4 * at, true));
}

/**
 * in-band, in EVL_SOCKIOC_SETOPT: level, option and value, of 32 bits each (EVL has a pointer to the value).
 *
 * EFAULT: the argument is shorter. EINVAL: another level than SOL_SOCKET, no such option, a value that it cannot have.
 */
export function setOption(
  core: Core,
  socket: OobSocket,
  arg: Uint8Array,
  context: Context,
): Result<{ arg: Uint8Array }, "EFAULT" | "EINVAL"> {
  const words = wordsOf(arg, 3);
  if (words === undefined) return fail("EFAULT");
  const [level, option = -1, value = 0] = words;
  if (level !== SOL.SOL_SOCKET || value < 0) return fail("EINVAL");
  switch (option) {
    case EVL_SOCKOPT.EVL_SOCKOPT_RECVSZ:
      socket.input.limit = roomFor(value, RECV_MIN);
      break;
    case EVL_SOCKOPT.EVL_SOCKOPT_SENDSZ:
      socket.sendSize = roomFor(value, SEND_MIN);
      limitRoom(socket, socket.sendSize, context);
      break;
    case EVL_SOCKOPT.EVL_SOCKOPT_TIMESTAMPING:
      if ((value & ~SOF_ALL) !== 0) return fail("EINVAL");
      for (const reader of socket.timestamps.readers()) reader.wake(context, fail("EIDRM"));
      socket.timestamps.set(value);
      if (socket.timestamps.ofInput) core.net.stampers.add(socket);
      else core.net.stampers.delete(socket);
      break;
    default:
      return fail("EINVAL");
  }
  const { sk } = socket;
  core.kit.events.fact(
    context,
    "sk_option",
    { sk },
    { option: nameIn(EVL_SOCKOPT, option), value: valueOf(socket, option) },
  );
  return ok({ arg: NO_BYTES });
}

/** in-band, in EVL_SOCKIOC_GETOPT: level and option; answers the value, of 32 bits. Errors as for SETOPT. */
export function getOption(socket: OobSocket, arg: Uint8Array): Result<{ arg: Uint8Array }, "EFAULT" | "EINVAL"> {
  const words = wordsOf(arg, 2);
  if (words === undefined) return fail("EFAULT");
  const [level, option = -1] = words;
  const known = Object.values<number>(EVL_SOCKOPT).includes(option);
  if (level !== SOL.SOL_SOCKET || !known) return fail("EINVAL");
  const value = new Uint8Array(4);
  new DataView(value.buffer).setInt32(0, valueOf(socket, option), true);
  return ok({ arg: value });
}

function valueOf({ input, sendSize, timestamps }: OobSocket, option: number): number {
  switch (option) {
    case EVL_SOCKOPT.EVL_SOCKOPT_RECVSZ:
      return input.limit;
    case EVL_SOCKOPT.EVL_SOCKOPT_SENDSZ:
      return sendSize;
    default:
      return timestamps.flags;
  }
}
