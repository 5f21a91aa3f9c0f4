import type { Device } from "../device.ts";
import type { PacketType } from "../packet-socket.ts";

/** How a frame came in, as the protocols above the link see it. */
export interface Link {
  /** The device that it is for: a VLAN device, once the tag is off. */
  readonly device: Device;
  /** The device that it came in on: a real one, or loopback. */
  readonly arrivedOn: number;
  readonly type: PacketType;
  /** The number under which whoever brought the frame wants to be told what became of it. */
  readonly ticket: number | undefined;
}
