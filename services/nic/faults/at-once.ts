import type { Share } from "../../abi/netem.ts";
import { drop, faultStrikes } from "../device.ts";
import type { Packet } from "../wires/wire.ts";
import type { Stage, StageParts } from "./stage.ts";

const nothingHeld = (): void => undefined;

/** Tells that a fault struck a frame, and marks it. */
export function struck({ device }: StageParts, packet: Packet, kind: string): Packet {
  faultStrikes(device, packet.context, packet.frame, kind);
  return { ...packet, faults: [...packet.faults, kind] };
}

/** `drop SHARE`: the frame ends here. */
export const dropSome = (parts: StageParts, share: Share): Stage => ({
  push(packet) {
    if (parts.chance.next().strikes(share)) drop(parts.device, struck(parts, packet, "drop"), "netem_drop");
    else parts.emit(packet);
  },
  drain: nothingHeld,
});

/** `duplicate SHARE`: the frame goes on twice. Both have its number, since it was sent once. */
export const duplicate = (parts: StageParts, share: Share): Stage => ({
  push(packet) {
    const twice = parts.chance.next().strikes(share);
    parts.emit(packet);
    if (twice) parts.emit(struck(parts, packet, "duplicate"));
  },
  drain: nothingHeld,
});

/** `corrupt SHARE [FROM-BYTE]`: one bit of the frame, anywhere from that byte on, is turned over. */
export const corrupt = (parts: StageParts, share: Share, fromByte: number): Stage => ({
  push(packet) {
    const draw = parts.chance.next();
    if (packet.bytes.length <= fromByte || !draw.strikes(share)) {
      parts.emit(packet);
      return;
    }
    const bytes = packet.bytes.slice();
    const bit = fromByte * 8 + Math.floor(draw.fraction("bit") * (bytes.length - fromByte) * 8);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    parts.emit({ ...struck(parts, packet, "corrupt"), bytes });
  },
  drain: nothingHeld,
});

/** `truncate SHARE BYTES`: of a frame that is longer, the first bytes go on. */
export const truncate = (parts: StageParts, share: Share, bytes: number): Stage => ({
  push(packet) {
    const strikes = parts.chance.next().strikes(share);
    if (!strikes || packet.bytes.length <= bytes) {
      parts.emit(packet);
      return;
    }
    parts.emit({ ...struck(parts, packet, "truncate"), bytes: packet.bytes.subarray(0, bytes) });
  },
  drain: nothingHeld,
});
