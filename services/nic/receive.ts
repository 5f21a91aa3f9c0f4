import { outermost } from "../abi/context.ts";
import type { FramePort } from "../abi/frame.ts";
import type { Hooks } from "../boundary/hooks.ts";
import { drop, passOn, type Device } from "./device.ts";
import type { Upward } from "./drivers/driver.ts";
import { driverNamed } from "./drivers/named.ts";
import { kept, type Packet } from "./wires/wire.ts";

/** Frames that wait for the core's answer about the one before, at which the wire is asked to wait. */
const BACKLOG_HIGH = 64;

/** And at which frames are dropped that cannot wait elsewhere: netdev_max_backlog. */
const BACKLOG_MAX = 1000;

/** Frames handled in one poll (NAPI_POLL_WEIGHT); then what was gathered goes up, and the poll begins anew. */
const WEIGHT = 64;

/** A frame that waits to be offered, and when it came to the device. */
interface Came extends Packet {
  readonly cameNs: number;
}

/** The receive path of one device. */
export interface ReceivePath {
  /** Takes a frame from the wire; a promise asks the wire to wait. */
  take(packet: Packet): void | Promise<void>;
  /** The wire's burst is over. */
  done(): void;
  /** How many frames the core is being asked about: 0 or 1. */
  offered(): number;
  /** Resolves when the core's answer about the frame that it has been offered by now has come. */
  decided(): Promise<void>;
}

/**
 * What happens to a frame that arrives (netif_receive_oob; facts/dovetail 5.2):
 *
 *        diverting? -- no ----------------------------------------------> up
 *            | yes
 *        netif_deliver_oob -- true --> the core's
 *            | false, refused, or no answer
 *        on the oob stage -- yes --> deferred, in order, irq_work ------> up, on the in-band stage
 *            | no
 *            +----------------------------------------------------------> up
 *
 * One frame is offered at a time: the hook is a function that returns before the driver looks at the next frame, and a core
 * that gets two at once could see them in the wrong order. So a frame waits while the one before is being decided, and the
 * order of a device's frames is the same for the core and for the in-band stack. Devices do not wait for each other.
 *
 * While the in-band stage stands still, a device that is polled in-band is not polled: frames wait in the backlog, then on the
 * wire, and what finds no room there is dropped. A capable driver of a diverting device goes on offering.
 *
 * The deferred frames go up first come, first served, when the poll is complete, which is when the in-band stage gets to
 * run. The kernel's code, as read, hands each batch over in reverse order; that is left out, since nobody can want it.
 */
export function createReceivePath(device: Device, host: FramePort | undefined, hooks: Hooks<"nic">): ReceivePath {
  const { kit, dev, spec, counts, inband: stage } = device;
  const driver = driverNamed(spec.driver);
  const backlog: Came[] = [];
  const batch: Packet[] = [];
  let offering: Promise<void> | undefined;
  let running = false;
  let polled = 0;
  let roomWanted: (() => void) | undefined;
  let room: Promise<void> | undefined;

  const isInband = (): boolean => !device.diverting || driver.stage === "inband";
  const stageOf = (): "inband" | "oob" => (isInband() ? "inband" : "oob");
  const standsStill = (): boolean => stage.isFrozen() && isInband();

  const inband = (packet: Packet): Packet =>
    packet.context.stage === "inband" ? packet : { ...packet, context: { ...packet.context, stage: "inband" } };

  function sendUp(packet: Packet): void {
    if (host === undefined) drop(device, packet, "rx_ring_full");
    else passOn(device, host, packet, "inband");
  }

  const upward: Upward = {
    now(packet) {
      // Frames that came before and were deferred are still ahead of it.
      if (batch.length > 0) batch.push(inband(packet));
      else sendUp(inband(packet));
    },
    deferred(packet, why) {
      counts.add("oob_deferred");
      kit.events.fact(packet.context, "oob_deferred", { dev, frame: packet.frame }, { why });
      batch.push(inband(packet));
    },
  };

  /** The poll is over: irq_work lets the in-band stage have what was deferred, and the ring is flushed once for all. */
  function complete(): void {
    if (polled === 0) return;
    for (const packet of batch.splice(0)) sendUp(packet);
    host?.flush();
    const context = outermost("", 0, stageOf());
    kit.events.fact(context, "napi_complete", { dev }, { frames: polled });
    polled = 0;
  }

  async function offer(packet: Came): Promise<void> {
    const context = { ...packet.context, stage: driver.stage };
    const { frame, bytes } = packet;
    const reply = await hooks.netif_deliver_oob(context, { dev, frame, data: bytes, device_time_ns: packet.cameNs });
    // The softirq that asked may have been stopped meanwhile, wherever it was.
    if (driver.stage === "inband" && stage.isFrozen()) await stage.runs();
    if (reply.kind === "returned" && reply.value.taken) {
      counts.add("taken");
      kit.events.fact(context, "oob_taken", { dev, frame });
    } else {
      driver.refused(upward, { ...packet, context }, reply.kind === "lost" ? "lost" : "refused");
    }
  }

  /** The driver's work on one frame, where work costs time: on the stage on which it polls the device now. */
  const occupy = (): Promise<void> | undefined => kit.occupy?.(device.diverting ? driver.stage : "inband", "frame");

  /**
   * Handles what waits, one frame after the other.
   *
   * @param served resolves when the work on the first one is done, where it has begun.
   */
  async function poll(served: Promise<void> | undefined): Promise<void> {
    running = true;
    if (standsStill()) {
      await stage.runs();
      served = occupy();
    }
    for (let packet = backlog.shift(); packet !== undefined; packet = backlog.shift()) {
      if (served !== undefined) await served;
      polled++;
      // Asked here, not when the frame came: a device that stopped diverting meanwhile offers nothing any more.
      if (device.diverting) await (offering = offer(packet));
      else upward.now(packet);
      offering = undefined;
      if (polled >= WEIGHT) complete();
      if (backlog.length < BACKLOG_HIGH) {
        roomWanted?.();
        roomWanted = room = undefined;
      }
      if (standsStill()) await stage.runs();
      served = backlog.length > 0 ? occupy() : undefined;
    }
    running = false;
    complete();
  }

  return {
    take(packet) {
      const served = running || standsStill() ? undefined : occupy();
      if (!running && !device.diverting && served === undefined && !stage.isFrozen()) {
        polled++;
        upward.now(packet);
        return;
      }
      if (backlog.length >= BACKLOG_MAX) {
        drop(device, packet, "rx_backlog_full");
        return;
      }
      backlog.push({ ...kept(packet), cameNs: kit.clock.nowNs() });
      if (!running) void poll(served);
      if (backlog.length < BACKLOG_HIGH) return;
      room ??= new Promise((resolve) => (roomWanted = resolve));
      return room;
    },
    done() {
      if (!running) complete();
    },
    offered: () => (offering === undefined ? 0 : 1),
    decided: () => offering ?? Promise.resolve(),
  };
}
