import type { Context } from "../../abi/context.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";
import { mayFallAsleep, wakeAt, type Patience } from "./receive.ts";
import type { OobSocket, SocketParts, Writer } from "./socket.ts";

/**
 * Out-of-band, waits until what the socket has handed over leaves room for more.
 *
 * EAGAIN: no room, and it must not wait. ETIMEDOUT: the date has come. EPIPE: the socket was shut down. EINTR: the thread was
 * detached.
 */
export async function awaitRoom(
  core: Core,
  { room }: SocketParts,
  patience: Patience,
  count: number,
  context: Context,
): Promise<Result<void, "EAGAIN" | "ETIMEDOUT" | "EPIPE" | "EINTR">> {
  // Nobody would ever give that room back, so it is not waited for.
  if (runsOut(core.kit, context, "wmem")) return fail("EAGAIN");
  while (!room.hasRoom) {
    const asleep = mayFallAsleep(core, patience, context);
    if (!asleep.ok) return asleep;
    const sleep: Writer = fallAsleep<undefined, "EIDRM" | "ETIMEDOUT">(core.kit.events, core.threads, {
      context,
      slice: patience.slice,
      facts: ["oob_wait", "oob_wake"],
      awaits: { count },
      tells: () => ({}),
      leave: (writer) => {
        timer?.cancel();
        room.leave(writer);
      },
    });
    room.wait(sleep);
    const timer = wakeAt(core, patience.timeoutNs, () => sleep.wake(context, fail("ETIMEDOUT")));
    const woken = await sleep.woken;
    if (!woken.ok) return woken.errno === "EIDRM" ? fail("EPIPE") : fail(woken.errno);
  }
  return ok(undefined);
}

/** Either stage. Something that was charged to the socket is gone. */
export function giveRoom({ room, efile }: OobSocket, bytes: number, context: Context): void {
  for (const writer of room.uncharge(bytes)) writer.wake(context, ok(undefined));
  wakeReady(efile, context);
}
