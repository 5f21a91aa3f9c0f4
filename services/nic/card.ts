import type { Context } from "../abi/context.ts";
import type { FramePort } from "../abi/frame.ts";
import type { Kit } from "../abi/kit.ts";
import type { NicSpec } from "../abi/topology.ts";
import type { Hooks } from "../boundary/hooks.ts";
import { createDevice, type Device } from "./device.ts";
import { createNetemWire } from "./faults/netem-wire.ts";
import { createFaultyRing, type FaultyRing } from "./faults/ring-faults.ts";
import { createReceivePath } from "./receive.ts";
import type { InbandStage } from "./model/inband-stage.ts";
import type { Card } from "./state.ts";
import { transmitFrom } from "./transmit.ts";
import { createCable } from "./wires/cable.ts";
import { createCapturedWire, type Capture } from "./wires/captured.ts";
import { createPlug } from "./wires/plug.ts";
import { createReplayedWire, type ReplayedFrame } from "./wires/replayed.ts";

/** What the runtime joins the NICs of a node to, by device. */
export interface NicPorts {
  /** The links to the in-band stack. */
  readonly host: ReadonlyMap<string, FramePort>;
  /** The links from the core; a device with a stock driver needs none. */
  readonly oob: ReadonlyMap<string, FramePort>;
  /** The links to a switch; none for a loopback plug, or without a cable. */
  readonly wires: ReadonlyMap<string, FramePort>;
  /** Where the frames of captured devices go. */
  readonly captures: ReadonlyMap<string, Capture>;
  /** The recordings that are played, in order of time. */
  readonly replays: ReadonlyMap<string, readonly ReplayedFrame[]>;
}

/** Carrier changes go out one after the other, so that the last one that is heard is how it is. */
function createCarrier(device: Device, hooks: Hooks<"nic">): (context: Context) => Promise<void> {
  let last = Promise.resolve();
  return (context) => {
    const on = device.link;
    // It answers nothing; that nobody heard it was tried twice and is in the trace.
    last = last.then(async () => {
      await hooks.netif_carrier(context, { dev: device.dev, on });
    });
    return last;
  };
}

/** Builds a NIC: cable, recording, capture, netem on one side, the links to the node on the other. Nothing moves yet. */
export function createCard(
  kit: Kit,
  hooks: Hooks<"nic">,
  spec: NicSpec,
  ports: NicPorts,
  inband: InbandStage,
): Card & { start(): void } {
  const { name: dev } = spec;
  const device = createDevice(kit, spec, inband);
  const end = spec.wire === "loopback" ? createPlug(kit.clock) : ports.wires.get(dev);
  const recording = ports.replays.get(dev);
  const replayed = createReplayedWire(device, createCable(device, end), recording ?? []);
  const capture = ports.captures.get(dev);
  const wire = createNetemWire(
    device,
    capture === undefined ? replayed : createCapturedWire(device, replayed, capture),
  );

  const rings = new Map<string, FaultyRing>();
  for (const [name, port] of [
    ["host", ports.host.get(dev)],
    ["oob", ports.oob.get(dev)],
  ] as const) {
    if (port !== undefined) rings.set(name, createFaultyRing(device, name, port));
  }
  const receive = createReceivePath(device, rings.get("host"), hooks);
  // A recording alone is a peer too: who only plays one needs no switch.
  const cabled = end !== undefined || recording !== undefined;
  device.link = cabled;

  return {
    device,
    wire,
    receive,
    rings,
    cabled,
    tellCarrier: createCarrier(device, hooks),
    linked: () => replayed.begin(),
    start() {
      wire.receive(receive.take, receive.done);
      for (const [name, ring] of rings) transmitFrom(device, ring, name === "oob" ? "oob" : "inband", wire);
    },
  };
}
