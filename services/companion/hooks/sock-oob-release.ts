import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { giveUp, releaseEfile } from "../core/release-file.ts";
import { dropReference } from "../sockets/free.ts";
import { awaitDrained } from "../sockets/send-room.ts";
import type { Core } from "../state.ts";

/**
 * in-band, in the last close of the socket's file; waits until nobody is inside, and until what was handed to an in-band
 * worker is sent; then until no buffer is charged to the socket.
 *
 * Goes by the file: `sk` might be stale (D10). Threads that wait for input in UDP or PACKET are not woken, so one that waits
 * for ever keeps the close waiting, as in EVL. Nothing that destroy needs goes here (seed 000; facts/dovetail 2.3).
 * A call that arrives again while this waits, waits for the same end.
 */
export async function sockOobRelease(
  core: Core,
  { sk, file, oob_data }: PointArgs["sock_oob_release"],
  context: Context,
): Promise<void> {
  const socket = core.socketOfFile.get(file);
  if (socket === undefined) {
    core.kit.events.fact(context, "sk_unknown", { sk, file }, { hook: "sock_oob_release", oob_data });
    giveUp(core.givenUp, file);
    return;
  }
  const { efile } = socket;
  if (efile.releasing !== undefined) return efile.releasing;
  efile.releasing = releaseEfile(core, efile, context).then(() => awaitDrained(core, socket, context));
  await efile.releasing;
  core.socketOfFile.delete(file);
  core.kit.events.fact(context, "sk_release", { sk: socket.sk, file });
  if (socket.protocol.kind !== "oob") dropReference(core, socket, context);
  if (core.temper.freesAtRelease) dropReference(core, socket, context);
}
