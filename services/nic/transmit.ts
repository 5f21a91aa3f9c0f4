import type { Stage } from "../abi/contract.generated.ts";
import type { ArrivedFrame, FramePort } from "../abi/frame.ts";
import { frameArrives } from "../boundary/frames.ts";
import { drop, type Device } from "./device.ts";
import { driverNamed } from "./drivers/named.ts";
import type { Wire } from "./wires/wire.ts";

/**
 * Transmits what comes over a link from the node: from the in-band stack on the in-band stage (ndo_start_xmit below a
 * qdisc), or from the core on the out-of-band stage (the full path of facts/dovetail 5.6).
 *
 * Frames go to the wire as they come, so an out-of-band frame never waits behind in-band ones here. Where a wire is slow,
 * it is the wire's queue that lets it go ahead (faults/rate.ts). While the in-band stage stands still, what it is to transmit
 * waits in the link; the core's frames go on.
 */
export function transmitFrom(device: Device, port: FramePort, stage: Stage, wire: Wire): void {
  const { kit, dev, spec, counts, inband } = device;
  const accepts = stage === "inband" || driverNamed(spec.driver).transmits;
  function transmit(arrived: ArrivedFrame): void {
    const context = frameArrives(kit, dev, stage, arrived);
    const packet = { context, frame: arrived.frame, bytes: arrived.bytes, faults: [] };
    counts.add(stage === "inband" ? "tx" : "tx_oob");
    if (!accepts) drop(device, packet, "not_oob_capable");
    else if (!device.link) drop(device, packet, "no_link");
    else wire.send(packet);
  }
  async function transmitLater(arrived: ArrivedFrame): Promise<void> {
    await inband.runs();
    transmit(arrived);
  }
  port.receive(
    (arrived) => {
      if (stage === "oob" || !inband.isFrozen()) {
        transmit(arrived);
        return;
      }
      // The link keeps back those behind it meanwhile. It may end, so this one is copied.
      const { flags, frame, timeNs, trace, span, lamport } = arrived;
      return transmitLater({ flags, frame, timeNs, trace, span, lamport, bytes: arrived.bytes.slice() });
    },
    () => wire.flush(),
  );
}
