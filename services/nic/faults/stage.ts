import type { WireFault } from "../../abi/netem.ts";
import type { Device } from "../device.ts";
import type { Chance } from "../model/chance.ts";
import type { Packet } from "../wires/wire.ts";
import { corrupt, dropSome, duplicate, truncate } from "./at-once.ts";
import { delay } from "./delay.ts";
import { rate } from "./rate.ts";
import { reorder } from "./reorder.ts";

/** What a stage works with. */
export interface StageParts {
  readonly device: Device;
  readonly chance: Chance;
  /** Where frames go that are through with this stage. */
  readonly emit: (packet: Packet) => void;
  /** After frames went on outside of a push: later, by the clock. */
  readonly flush: () => void;
}

/** One clause at work in one direction: a frame goes in, and none, one or several come out, at once or later. */
export interface Stage {
  push(packet: Packet): void;
  /** Lets go of everything that is held, in order: the clause is taken back. */
  drain(): void;
}

/** Makes the stage of a clause. */
export function createStage(fault: WireFault, parts: StageParts): Stage {
  switch (fault.t) {
    case "drop":
      return dropSome(parts, fault.share);
    case "duplicate":
      return duplicate(parts, fault.share);
    case "corrupt":
      return corrupt(parts, fault.share);
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
