import type { FramePort } from "../../abi/frame.ts";
import { frameArrives } from "../../boundary/frames.ts";
import { drop, passOn, type Device } from "../device.ts";
import type { Wire } from "./wire.ts";

/**
 * The cable between a NIC and what it is plugged into; without a port it leads nowhere. While it is pulled out, nothing
 * goes through, in either direction, and what was on its way is lost.
 *
 * A frame is received on the out-of-band stage where the device diverts and its driver can poll there, and in-band
 * otherwise (facts/dovetail 5.6).
 */
export function createCable(device: Device, port: FramePort | undefined): Wire {
  const { kit, dev, spec, counts } = device;
  return {
    send(packet) {
      if (!device.link) drop(device, packet, "no_link");
      else if (port === undefined) drop(device, packet, "no_cable");
      else passOn(device, port, packet, "wire");
    },
    flush: () => port?.flush(),
    receive(take, done) {
      port?.receive((arrived) => {
        const stage = device.diverting && spec.driver === "oob-capable" ? "oob" : "inband";
        const context = frameArrives(kit, dev, stage, arrived);
        const packet = { context, frame: arrived.frame, bytes: arrived.bytes, faults: [] };
        counts.add("rx");
        if (device.link) return take(packet);
        drop(device, packet, "no_link");
      }, done);
    },
  };
}
