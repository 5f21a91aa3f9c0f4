import type { Context } from "../../abi/context.ts";
import { assert } from "../../abi/assert.ts";
import type { Core } from "../state.ts";
import type { OobSocket } from "./socket.ts";

/** Either stage, never waits. Drops one of the references that attach took; with the last one the context is freed. */
export function dropReference(core: Core, socket: OobSocket, context: Context): void {
  assert(socket.refs > 0 || core.temper.freesAtRelease, "a reference is dropped once");
  socket.refs -= 1;
  if (socket.refs <= 0) core.kit.events.fact(context, "sk_free", { sk: socket.sk }, { refs: socket.refs });
}
