import { outermost, type Context } from "../../abi/context.ts";
import type { FramePort } from "../../abi/frame.ts";
import { buildEthernet, ETH_HLEN, ETH_P, type EthernetFrame } from "../../abi/packet/ethernet.ts";
import { pushTag } from "../../abi/packet/vlan.ts";
import { fail, ok } from "../../abi/result.ts";
import { sendFrame } from "../../boundary/frames.ts";
import { BufferPool, type PoolSizes } from "../model/buffer-pool.ts";
import { giveRoom } from "../sockets/send-room.ts";
import { stampOutput } from "../sockets/times.ts";
import type { Core } from "../state.ts";
import { wakeReady } from "../watch.ts";
import { loopBack } from "./loopback.ts";
import { LOOPBACK, type Queued, type Transmitter } from "./state.ts";

/** A link without room is tried again so soon, and twice as late each time, up to the second number. */
const RETRY_NS = { first: 50_000, most: 1_000_000 };
/** A device that takes nothing for so long loses what waits for it (Linux's `watchdog_timeo`). */
const WATCHDOG_NS = 5_000_000_000;

/** in-band. The transmit side of a real device whose first port begins: a pool, and a thread if its driver is capable. */
export function startTransmitter(
  core: Core,
  real: string,
  thread: boolean,
  sizes: PoolSizes,
  context: Context,
): Transmitter {
  const device: Transmitter = {
    real,
    pool: new BufferPool(sizes),
    thread,
    queue: [],
    busy: Promise.resolve(),
    running: false,
    stopped: false,
    tryAgain: undefined,
  };
  core.net.transmitters.set(real, device);
  core.kit.events.fact(
    context,
    "tx_start",
    { dev: real },
    { buffers: sizes.buffers, buffer_bytes: sizes.bufferBytes, thread },
  );
  return device;
}

/**
 * in-band. The last port has ended: who waits for a buffer is sent away, what waits for the device is dropped, and nothing is
 * transmitted any more when it ends (facts/dovetail 6.1).
 */
export async function stopTransmitter(core: Core, device: Transmitter, context: Context): Promise<void> {
  device.stopped = true;
  for (const thread of device.pool.waiting()) thread.wake(context, fail("EIDRM"));
  const left = device.queue.splice(0);
  for (const queued of left) finish(core, device, queued, "port_disabled");
  device.tryAgain?.();
  await device.busy;
  core.kit.events.fact(context, "tx_stop", { dev: device.real }, { dropped: left.length });
}

/** in-band, when the diversion is off. The pool goes; no buffer of it is anywhere. */
export function purgePool(core: Core, { real, pool }: Transmitter, context: Context): void {
  core.net.transmitters.delete(real);
  core.kit.events.fact(context, "pool_purge", { dev: real }, { buffers: pool.sizes.buffers, taken: pool.taken });
}

/** Out-of-band, never waits. Queues a frame that has its buffer and is charged; the device's thread goes on with it. */
export function queue(
  core: Core,
  device: Transmitter,
  of: Pick<Queued, "frame" | "port" | "socket" | "charge" | "handedNs">,
  context: Context,
): void {
  const { events } = core.kit;
  const number = events.newSpan();
  const onwards: Context = {
    ...outermost("", 0, "oob"),
    trace: context.trace,
    span: events.newSpan(),
    parent: context.span,
  };
  device.queue.push({ ...of, number, queuedNs: core.kit.clock.nowNs(), context: onwards });
  const slice = { sk: of.socket.sk, dev: of.port.dev, frame: number };
  events.fact(context, "tx_queue", slice, { charge: of.charge, waiting: device.queue.length });
  if (device.running) return;
  device.running = true;
  device.busy = device.busy.then(() => transmitAll(core, device));
}

/** The transmit thread, or the relay of what the list holds: until nothing waits, or it is stopped. */
async function transmitAll(core: Core, device: Transmitter): Promise<void> {
  let retryNs = RETRY_NS.first;
  let stuckSinceNs: number | undefined;
  for (let next = device.queue.shift(); next !== undefined; next = device.queue.shift()) {
    const sent = device.real === LOOPBACK ? await loopBack(core, next) : handOver(core, device, next);
    if (sent) {
      retryNs = RETRY_NS.first;
      stuckSinceNs = undefined;
      count(core, next);
      finish(core, device, next, "sent");
      continue;
    }
    const nowNs = core.kit.clock.nowNs();
    stuckSinceNs ??= nowNs;
    if (nowNs - stuckSinceNs >= WATCHDOG_NS) {
      core.net.counters.add(device.real, "tx_timeout");
      finish(core, device, next, "tx_timeout");
      continue;
    }
    linkOf(core, device)?.flush();
    device.queue.unshift(next);
    await patience(core, device, retryNs);
    retryNs = Math.min(2 * retryNs, RETRY_NS.most);
  }
  linkOf(core, device)?.flush();
  device.running = false;
}

/** A device has a frame: it is counted, and whoever wants to know the times is told them. */
function count(core: Core, { frame, port, socket, handedNs, queuedNs, context }: Queued): void {
  const stats = core.net.diversions.get(port.real)?.stats;
  if (stats !== undefined) {
    stats.tx_packets += 1;
    stats.tx_bytes += frame.payload.length + ETH_HLEN;
  }
  stampOutput(core, socket, { handedNs, queuedNs, deviceNs: core.kit.clock.nowNs() }, context);
}

/** Waits for a while, or until the transmitter is stopped. */
async function patience(core: Core, device: Transmitter, ns: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = core.kit.clock.after(ns, resolve);
    device.tryAgain = () => {
      timer.cancel();
      resolve();
    };
  });
  device.tryAgain = undefined;
}

/** The NIC of a capable driver; for a stock one, the in-band stack, which transmits in its place. */
const linkOf = ({ ports }: Core, { real, thread }: Transmitter): FramePort | undefined =>
  thread ? ports.nics.get(real) : ports.relay;

/**
 * Hands a frame to its device. A capable driver gets it on this stage: the full path. A stock driver does not know this stage,
 * so the in-band stack sends it on the very device, tag and all: the partial path (facts/dovetail 5.6). False: no room.
 */
function handOver(core: Core, device: Transmitter, { frame, number, port, socket, context }: Queued): boolean {
  const { kit, net, ports } = core;
  const [link, to, path] = device.thread
    ? [ports.nics.get(port.real), "nic", "full"]
    : [ports.relay, "inband", "partial"];
  const departing = device.thread
    ? { dev: port.real, bytes: buildEthernet(tagged(frame, port.vlan)), frame: number }
    : { dev: port.dev, bytes: buildEthernet(frame), frame: number, flags: port.ifindex };
  if (link === undefined || sendFrame(kit, link, context, to, departing) === undefined) {
    net.counters.add(port.dev, "tx_no_room");
    return false;
  }
  net.counters.add(port.dev, `tx_${path}`);
  const slice = { sk: socket.sk, dev: port.dev, frame: number };
  kit.events.fact(context, "oob_xmit", slice, { path, bytes: departing.bytes.length });
  return true;
}

/** The frame as it leaves a VLAN device. */
const tagged = (frame: EthernetFrame, vid: number): EthernetFrame =>
  vid === 0 ? frame : pushTag(frame, { protocol: ETH_P.ETH_P_8021Q, priority: 0, dropEligible: false, vid });

/** A frame has left its buffer, because the device has it or because it is dropped: its socket is charged no longer. */
function finish(
  core: Core,
  device: Transmitter,
  { number, port, socket, charge, context }: Queued,
  fate: string,
): void {
  core.kit.events.fact(context, "tx_done", { sk: socket.sk, dev: port.dev, frame: number }, { fate });
  giveRoom(socket, charge, context);
  putBuffer(core, device, context);
}

/** Gives a buffer back: to the first thread that waits for one, or to the pool, and then whoever polls for it hears. */
export function putBuffer(core: Core, device: Transmitter, context: Context): void {
  const thread = device.pool.release();
  if (thread !== undefined) thread.wake(context, ok(undefined));
  else if (device.pool.free === 1) {
    for (const { efile } of core.sockets.values()) if (efile.watchers.size > 0) wakeReady(efile, context);
  }
}
