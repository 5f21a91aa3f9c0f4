import type { Context } from "../../abi/context.ts";
import { ETH_HLEN, type EthernetFrame } from "../../abi/packet/ethernet.ts";
import { VLAN_HLEN } from "../../abi/packet/vlan.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { runsOut } from "../../boundary/resources.ts";
import { mayFallAsleep, wakeAt, type Patience } from "../sockets/receive.ts";
import { chargeRoom, giveRoom } from "../sockets/send-room.ts";
import { SHUTDOWN, type OobSocket } from "../sockets/socket.ts";
import { fallAsleep } from "../sleep.ts";
import type { Core } from "../state.ts";
import type { BufferWaiter, OobPort, Transmitter } from "./state.ts";
import { putBuffer, queue } from "./transmit-thread.ts";

/** What a buffer costs its socket beside the bytes of the frame. */
const OVERHEAD = 256;

/** Whether a buffer of a port's device is free. */
export const hasBuffer = (core: Core, port: OobPort): boolean => core.net.transmitters.get(port.real)?.pool.free !== 0;

/** What transmitting may be refused with. EIDRM: the port has ended meanwhile. */
export type TransmitErrno = "ENOBUFS" | "EAGAIN" | "ETIMEDOUT" | "EPIPE" | "EINTR" | "EIDRM";

/** The longest frame that a port takes, its header apart: its MTU, or what fits into a buffer. */
export function portMtu(core: Core, port: OobPort): number {
  const room = core.net.transmitters.get(port.real)?.pool.sizes.bufferBytes;
  return room === undefined ? port.mtu : Math.min(port.mtu, room - ETH_HLEN - VLAN_HLEN);
}

/**
 * Out-of-band, may wait. Hands frames of a socket to a port, one after the other: each takes a buffer of the real device's pool,
 * is charged to the socket, and queued for the device (facts/dovetail 6.4, 6.5, 6.7). Who waits is inside no port: the end of the
 * last one wakes it.
 *
 * EAGAIN: there is not enough for all of them, and it must not wait; nothing was sent. ETIMEDOUT, EINTR, EIDRM, EPIPE (shut
 * down): of a datagram in pieces, some may be on their way. ENOBUFS: no memory.
 */
export async function transmit(
  core: Core,
  port: OobPort,
  frames: readonly EthernetFrame[],
  socket: OobSocket,
  patience: Patience,
  context: Context,
): Promise<Result<void, TransmitErrno>> {
  const { net, kit } = core;
  const device = net.transmitters.get(port.real);
  if (device === undefined) return fail("EIDRM");
  if (runsOut(kit, context, "wmem")) return fail("ENOBUFS");
  if (!patience.mayWait && device.pool.free < frames.length) return lacks(core, device, socket, frames.length, context);
  const handedNs = kit.clock.nowNs();
  for (const frame of frames) {
    const taken = await takeBuffer(core, device, socket, patience, context);
    if (!taken.ok) return taken;
    const charge = frame.payload.length + ETH_HLEN + OVERHEAD;
    const charged = await chargeRoom(core, socket, patience, charge, context);
    if (!charged.ok) {
      putBuffer(core, device, context);
      return charged;
    }
    // It slept: the port may be gone, or be another one of that name, and the socket shut down.
    const gone = net.ports.get(port.dev) !== port || device.stopped;
    if (gone || (socket.shutdown & SHUTDOWN.SEND_SHUTDOWN) !== 0) {
      giveRoom(socket, charge, context);
      putBuffer(core, device, context);
      return fail(gone ? "EIDRM" : "EPIPE");
    }
    queue(core, device, { frame, port, socket, charge, handedNs }, context);
  }
  return ok(undefined);
}

function lacks(
  core: Core,
  device: Transmitter,
  { sk }: OobSocket,
  wanted: number,
  context: Context,
): Result<never, "EAGAIN"> {
  const { real, pool } = device;
  const stats = core.net.diversions.get(real)?.stats;
  if (stats !== undefined) stats.tx_nomem += 1;
  core.net.counters.add(real, "tx_nomem");
  core.kit.events.fact(context, "pool_empty", { dev: real, sk }, { free: pool.free, wanted });
  return fail("EAGAIN");
}

/** Waits for a buffer, by priority (evl_net_dev_alloc_skb in EVL). */
async function takeBuffer(
  core: Core,
  device: Transmitter,
  socket: OobSocket,
  patience: Patience,
  context: Context,
): Promise<Result<void, "EAGAIN" | "EIDRM" | "ETIMEDOUT" | "EINTR">> {
  const { real, pool } = device;
  if (pool.take()) return ok(undefined);
  if (!patience.mayWait) return lacks(core, device, socket, 1, context);
  const asleep = mayFallAsleep(core, patience, context);
  if (!asleep.ok) return asleep;
  const priority = core.threads.priorityOf(context.task);
  const sleep: BufferWaiter = fallAsleep<undefined, "EIDRM" | "ETIMEDOUT">(core.kit.events, core.threads, {
    context,
    slice: { dev: real, sk: socket.sk, file: socket.efile.file },
    facts: ["pool_wait", "pool_wake"],
    always: { priority },
    awaits: {},
    tells: () => ({ granted: true }),
    leave: (thread) => {
      timer?.cancel();
      pool.leave(thread);
    },
  });
  pool.wait(sleep, priority);
  const timer = wakeAt(core, patience.timeoutNs, () => sleep.wake(context, fail("ETIMEDOUT")));
  return sleep.woken;
}
