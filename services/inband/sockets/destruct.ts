import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Kernel } from "../kernel.ts";
import { oobCapable, type Socket } from "./table.ts";

/** Takes a reference to an INET socket (`sock_hold`), for work that goes on behind its BSD socket. */
export function holdSk(socket: Socket): void {
  assert(socket.references > 0, "only a socket that is referred to can be referred to once more");
  socket.references++;
}

/**
 * Gives a reference back (`sock_put`). With the last one the socket is destroyed, unless packets that it sent still wait
 * for a neighbour: they are charged to it, and the last of them destroys it (`sk_free`, `sk_wmem_alloc`).
 *
 * In-band, waits for sock_oob_destroy.
 */
export async function putSk(kernel: Kernel, context: Context, socket: Socket): Promise<void> {
  assert(socket.references > 0, "a reference is given back once");
  socket.references--;
  await destructIfLast(kernel, context, socket);
}

/** No packet is charged to a socket any more (`sock_wfree`). In softirq: the packet's way does not wait for the core. */
export function skUncharged(kernel: Kernel, context: Context, sk: number): void {
  const socket = kernel.sockets.ofSk(sk);
  if (socket !== undefined) void destructIfLast(kernel, context, socket);
}

/**
 * `__sk_destruct`: once, when nobody refers to the socket. The hook comes only for a socket that the core manages; that
 * its answer may be lost, after the boundary tried twice, changes nothing here.
 */
async function destructIfLast(kernel: Kernel, context: Context, socket: Socket): Promise<void> {
  const { sk, oob_data } = socket;
  if (socket.references > 0 || kernel.stack.charges.of(sk) > 0) return;
  kernel.sockets.forget(socket);
  kernel.events.fact(context, "sk_destruct", { sk }, { oob_data, charged: kernel.stack.charges.of(sk) });
  if (oobCapable(socket)) await kernel.hooks.sock_oob_destroy(context, { sk, oob_data });
}
