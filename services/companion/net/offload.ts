import { outermost, type Context } from "../../abi/context.ts";
import { leave } from "../gate.ts";
import { giveRoom } from "../sockets/send-room.ts";
import type { OobSocket } from "../sockets/socket.ts";
import type { Core } from "../state.ts";

/** What one datagram costs while it waits: a little more than its bytes. */
export const offloadCharge = (data: Uint8Array): number => data.length + 256;

/**
 * Out-of-band, never waits: hands a copy of the payload to an in-band worker, which sends it through the in-band half of the
 * socket, and thereby makes the in-band stack learn the way (kernel_sendmsg in EVL; facts/dovetail 6.4).
 *
 * The copy is charged to the socket already. The worker holds a reference to the file until it is done, so the last close waits
 * for it. Datagrams of one socket keep their order. What goes wrong in-band nobody is told any more: it is recorded and counted.
 */
export function offload(core: Core, socket: OobSocket, data: Uint8Array, addr: Uint8Array, context: Context): void {
  const { events } = core.kit;
  const { sk, efile } = socket;
  const charge = offloadCharge(data);
  efile.crossing.down();
  const worker: Context = {
    ...outermost("", 0, "inband"),
    trace: context.trace,
    span: events.newSpan(),
    parent: context.span,
  };
  const copy = { sk, data: data.slice(), addr: addr.slice() };
  // Where the worker's own work begins: what it does is in a span of its own.
  events.fact(worker, "oob_offload", { sk }, { bytes: data.length });
  socket.offloads = socket.offloads.then(async () => {
    const answer = await core.hooks.inband_offload_sendmsg(worker, copy);
    switch (answer.kind) {
      case "returned":
        // An unbound socket was given a port, which the core may now send from.
        socket.protocol.rename(answer.value.bound);
        events.fact(worker, "oob_offload_end", { sk }, { bytes: answer.value.count });
        break;
      case "refused":
        core.net.counters.add("", "offload_refused");
        events.fact(worker, "oob_offload_end", { sk }, { errno: answer.errno });
        break;
      case "lost":
        core.net.counters.add("", "offload_lost");
        events.fact(worker, "oob_offload_end", { sk }, { errno: "EIO" });
    }
    giveRoom(socket, charge, worker);
    leave(efile);
  });
}
