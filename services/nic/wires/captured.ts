import type { Device } from "../device.ts";
import type { Wire } from "./wire.ts";

/** Where the frames of a captured device go. */
export type Capture = (
  bytes: Uint8Array,
  direction: "rx" | "tx",
  timeNs: number,
  frame: number,
  comment?: string,
) => void;

/**
 * A wire whose frames are shown as they are on the cable: those that are sent after the faults of netem have struck, which
 * the comment names, and those that arrive before. A frame that no cable carries is not shown.
 */
export function createCapturedWire(device: Device, wire: Wire, capture: Capture): Wire {
  const { clock } = device.kit;
  return {
    send(packet) {
      const { bytes, frame, faults } = packet;
      if (device.link) {
        if (faults.length === 0) capture(bytes, "tx", clock.nowNs(), frame);
        else capture(bytes, "tx", clock.nowNs(), frame, `netem: ${faults.join(", ")}`);
      }
      wire.send(packet);
    },
    flush: () => wire.flush(),
    receive(take, done) {
      wire.receive((packet) => {
        capture(packet.bytes, "rx", clock.nowNs(), packet.frame);
        return take(packet);
      }, done);
    },
  };
}
