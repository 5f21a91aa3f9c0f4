import type { Context } from "../../abi/context.ts";
import { POLL } from "../../abi/flags.ts";
import { fail } from "../../abi/result.ts";
import type { Core } from "../state.ts";
import { signalEvents } from "../watch.ts";
import { flushInput } from "./receive.ts";
import { SHUTDOWN, type OobSocket } from "./socket.ts";

/** The directions that `how` of shutdown(2) closes, as bits of SHUTDOWN; undefined: there is no such `how`. */
export function shutdownBits(how: number, incremented: boolean): number | undefined {
  const bits = incremented ? how : how + 1;
  return bits >= SHUTDOWN.RCV_SHUTDOWN && bits <= (SHUTDOWN.RCV_SHUTDOWN | SHUTDOWN.SEND_SHUTDOWN) ? bits : undefined;
}

/**
 * in-band, does not wait. Whichever direction is shut down, everybody who waits is woken, what is queued is purged, and nothing
 * arrives any more: also SHUT_WR stops reception, as read in EVL's UDP (facts/dovetail 2.7).
 */
export function shutDown(core: Core, socket: OobSocket, bits: number, context: Context): void {
  socket.shutdown |= bits;
  core.kit.events.fact(context, "sk_shutdown", { sk: socket.sk }, { how: bits - 1 });
  socket.protocol.leave(context);
  flushInput(socket, context);
  for (const writer of socket.room.waiting()) writer.wake(context, fail("EIDRM"));
  signalEvents(socket.efile, POLL.POLLIN | POLL.POLLRDNORM, context);
}
