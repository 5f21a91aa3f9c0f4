import type { WireFault } from "../../abi/netem.ts";
import { corrupt, dropSome, duplicate, truncate } from "./at-once.ts";
import { delay } from "./delay.ts";
import { rate } from "./rate.ts";
import { reorder } from "./reorder.ts";
import type { Stage, StageParts } from "./stage.ts";

/** Makes the stage of a clause. */
export function createStage(fault: WireFault, parts: StageParts): Stage {
  switch (fault.t) {
    case "drop":
      return dropSome(parts, fault.share);
    case "duplicate":
      return duplicate(parts, fault.share);
    case "corrupt":
      return corrupt(parts, fault.share, fault.fromByte);
    case "truncate":
      return truncate(parts, fault.share, fault.bytes);
    case "reorder":
      return reorder(parts, fault.share, fault.distance);
    case "delay":
      return delay(parts, fault.delayNs, fault.jitterNs);
    case "rate":
      return rate(parts, fault.bitsPerSecond, fault.burstBytes);
  }
}
