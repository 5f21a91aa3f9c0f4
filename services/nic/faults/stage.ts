import type { Device } from "../device.ts";
import type { Chance } from "../model/chance.ts";
import type { Packet } from "../wires/wire.ts";

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
