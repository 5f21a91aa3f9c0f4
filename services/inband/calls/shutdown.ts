import type { Context } from "../../abi/context.ts";
import type { PointArgs } from "../../abi/contract.generated.ts";
import { SHUT } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Outcome } from "../../boundary/hooks.ts";
import { followsCode, type Kernel } from "../kernel.ts";
import { shutdownUdp } from "../model/stack/udp-calls.ts";
import { shutdownStream } from "../sockets/stream-shutdown.ts";
import { extendShutdown } from "../sockets/extend.ts";
import type { Socket } from "../sockets/table.ts";
import { wakeSocket } from "../sockets/wait.ts";
import { protoOps } from "./proto-ops.ts";

/**
 * shutdown(2). PF_INET: the directions are shut under sk.sk_lock, then the hook, then those who wait are woken; its errno
 * becomes the call's, and nothing is taken back.
 *
 * A socket without a peer answers ENOTCONN, though its directions are shut all the same. The page says that the hook runs
 * after the regular actions, which did happen: so it runs, and the call still answers ENOTCONN, unless the core refuses.
 * The code runs it only where the in-band status is 0 (D5).
 *
 * @returns EINVAL for another `how`, ENOTCONN, EOPNOTSUPP (PF_PACKET), EDEADLK; the hook's errno, EIO when its
 * answer is lost; PF_OOB: what the core says.
 */
export async function sockShutdown(
  kernel: Kernel,
  socket: Socket,
  { how }: PointArgs["sock_shutdown"],
  context: Context,
): Promise<Outcome<"sock_shutdown">> {
  switch (socket.family) {
    case "PF_INET":
      return shutdownInet(kernel, context, socket, how);
    case "PF_PACKET":
      return fail("EOPNOTSUPP");
    case "PF_OOB": {
      const done = await protoOps(kernel, context, socket, "shutdown", { how });
      if (!done.ok) return done;
      socket.extended.shut |= how + 1;
      return ok({});
    }
  }
}

async function shutdownInet(
  kernel: Kernel,
  context: Context,
  socket: Socket,
  how: number,
): Promise<Outcome<"sock_shutdown">> {
  const { sk } = socket;
  const direction = DIRECTION.get(how);
  if (direction === undefined) return fail("EINVAL");
  const lock = await kernel.locks.acquire(context, "sk.sk_lock", sk);
  if (!lock.ok) return lock;
  const held = lock.value;
  const status = shut(kernel, held.context, socket, direction);
  kernel.events.fact(held.context, "inband_shutdown", { sk }, { how });
  let answer: Outcome<"sock_shutdown"> = status.ok ? ok({}) : status;
  if (status.ok || !followsCode(kernel, "D5")) {
    const extended = await extendShutdown(kernel, held.context, socket, how);
    if (!extended.ok) answer = extended;
  }
  wakeSocket(kernel, held.context, sk);
  held.release();
  return answer;
}

type Direction = Parameters<typeof shutdownUdp>[1];

const DIRECTION: ReadonlyMap<number, Direction> = new Map([
  [SHUT.SHUT_RD, "read"],
  [SHUT.SHUT_WR, "write"],
  [SHUT.SHUT_RDWR, "both"],
]);

/** Shuts the directions (`inet_shutdown`). ENOTCONN: there is no peer, but they are shut. */
function shut(kernel: Kernel, context: Context, { half }: Socket, direction: Direction): Result<undefined, "ENOTCONN"> {
  switch (half.t) {
    case "tcp":
      return shutdownStream(kernel, context, half.stream, direction);
    case "udp":
      return shutdownUdp(half.udp, direction);
    case "raw":
      if (direction !== "write") half.raw.rcvShutdown = true;
      if (direction !== "read") half.raw.sndShutdown = true;
      return half.raw.peer === undefined ? fail("ENOTCONN") : ok(undefined);
    case "packet":
    case "oob":
      return ok(undefined);
  }
}
