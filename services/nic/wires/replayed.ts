import { frameArrives } from "../../boundary/frames.ts";
import { outermost } from "../../abi/context.ts";
import { drop, type Device } from "../device.ts";
import type { Take, Wire } from "./wire.ts";

/** A frame of a file, and when it was captured. */
export interface ReplayedFrame {
  readonly bytes: Uint8Array;
  readonly timeNs: number;
}

/** A wire on which a recording is played. */
export interface ReplayedWire extends Wire {
  /** Plays it from the first frame on; only the first call does. */
  begin(): void;
}

/**
 * A wire on which the frames of a recording arrive besides what comes over the cable, with the gaps that they were captured
 * with. A frame that comes while the cable is out is lost like any other; one whose predecessor is still being taken waits,
 * and those after it keep their places in time.
 */
export function createReplayedWire(device: Device, wire: Wire, frames: readonly ReplayedFrame[]): ReplayedWire {
  const { kit, dev, spec, counts } = device;
  const firstNs = frames[0]?.timeNs ?? 0;
  let take: Take = () => undefined;
  let done: () => void = () => undefined;
  let begun = false;

  function arrive({ bytes }: ReplayedFrame): void | Promise<void> {
    const number = kit.events.newSpan();
    const stage = device.diverting && spec.driver === "oob-capable" ? "oob" : "inband";
    const arrived = {
      bytes,
      flags: 0,
      frame: number,
      timeNs: kit.clock.nowNs(),
      trace: number,
      span: number,
      lamport: 0,
    };
    // The frame's arrival follows from this, as from a frame that was sent.
    const origin = { ...outermost("", 0, stage), trace: number, span: number };
    kit.events.fact(origin, "frame_replay", { dev, frame: number });
    const packet = { context: frameArrives(kit, dev, stage, arrived), frame: number, bytes, faults: [] };
    counts.add("rx");
    if (device.link) return take(packet);
    drop(device, packet, "no_link");
  }

  async function play(): Promise<void> {
    const beganNs = kit.clock.nowNs();
    for (const frame of frames) {
      const waitNs = beganNs + Math.max(0, frame.timeNs - firstNs) - kit.clock.nowNs();
      if (waitNs > 0) await new Promise<void>((resolve) => kit.clock.after(waitNs, resolve));
      await arrive(frame);
      done();
    }
  }

  return {
    send: (packet) => wire.send(packet),
    flush: () => wire.flush(),
    receive(taker, whenDone) {
      take = taker;
      done = whenDone;
      wire.receive(taker, whenDone);
    },
    begin() {
      if (begun) return;
      begun = true;
      void play();
    },
  };
}
