import type { Context } from "../abi/context.ts";
import type { FramePort } from "../abi/frame.ts";
import type { Kit } from "../abi/kit.ts";
import type { NicSpec } from "../abi/topology.ts";
import { frameEnds, sendFrame } from "../boundary/frames.ts";
import { Counters } from "./model/counters.ts";
import type { InbandStage } from "./model/inband-stage.ts";
import type { Packet } from "./wires/wire.ts";

/** What the parts of one NIC share. */
export interface Device {
  readonly kit: Kit;
  readonly spec: NicSpec;
  readonly dev: string;
  /** The in-band stage, which all devices of the node have in common. */
  readonly inband: InbandStage;
  /**
   * What happened to how many frames. `rx`, `tx` and `tx_oob` came in; each of them, and each copy that a fault made
   * (`fault_duplicate`), ends in exactly one of `taken`, `up`, `out`, and the reasons of `drop`.
   */
  readonly counts: Counters;
  /** Whether the cable is plugged in, and leads somewhere. */
  link: boolean;
  /** Whether every frame is offered to the core. Set and cleared while traffic runs. */
  diverting: boolean;
}

/** A NIC as it is when its node boots. */
export const createDevice = (kit: Kit, spec: NicSpec, inband: InbandStage): Device => ({
  kit,
  spec,
  dev: spec.name,
  inband,
  counts: new Counters(),
  link: false,
  diverting: false,
});

/** Why a frame ends in this house. */
export type DropReason =
  | "no_link"
  | "no_cable"
  | "netem_drop"
  | "not_oob_capable"
  | "rx_backlog_full"
  | "rx_ring_full"
  | "wire_full"
  | "too_long";

/** The frame ends here: told once, counted once. */
export function drop({ kit, dev, counts }: Device, { context, frame }: Packet, reason: DropReason): void {
  counts.add(reason);
  frameEnds(kit, context, dev, frame, reason);
}

/** Puts a frame into a link, counted as `as`; what finds no room is dropped. */
export function passOn(
  device: Device,
  port: FramePort,
  packet: Packet,
  to: "inband" | "wire",
  context: Context = packet.context,
): void {
  const { kit, dev, counts } = device;
  const { frame, bytes } = packet;
  const tooLong = port.counts.too_long;
  if (sendFrame(kit, port, context, to, { dev, bytes, frame }) !== undefined) {
    counts.add(to === "wire" ? "out" : "up");
  } else if (port.counts.too_long > tooLong) {
    drop(device, packet, "too_long");
  } else {
    drop(device, packet, to === "wire" ? "wire_full" : "rx_ring_full");
  }
}

/** A fault struck: told and counted, whether the frame survives it or not. */
export function faultStrikes({ kit, dev, counts }: Device, context: Context, frame: number, kind: string): void {
  counts.add(`fault_${kind}`);
  kit.events.fact(context, "frame_fault", { dev, frame }, { kind });
}
