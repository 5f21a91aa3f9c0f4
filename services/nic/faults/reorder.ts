import type { Timer } from "../../abi/kit.ts";
import type { Share } from "../../abi/netem.ts";
import { kept, type Packet } from "../wires/wire.ts";
import { struck } from "./at-once.ts";
import { HELD_MAX } from "./held.ts";
import type { Stage, StageParts } from "./stage.ts";

/** When nobody comes that could overtake a frame, it goes on after that long: the last frame of all must not be lost. */
const PATIENCE_NS = 10e6;

interface Held {
  readonly packet: Packet;
  toPass: number;
  timer: Timer | undefined;
}

/** `reorder SHARE [DISTANCE]`: the frame is held back until so many others have passed it. */
export function reorder(parts: StageParts, share: Share, distance: number): Stage {
  const { device, chance, emit, flush } = parts;
  /** In the order in which they were held back. */
  const held = new Set<Held>();

  function letGo(one: Held): void {
    held.delete(one);
    one.timer?.cancel();
    emit(one.packet);
  }

  return {
    push(packet) {
      if (chance.next().strikes(share) && held.size < HELD_MAX) {
        const one: Held = { packet: kept(struck(parts, packet, "reorder")), toPass: distance, timer: undefined };
        held.add(one);
        one.timer = device.kit.clock.after(PATIENCE_NS, () => {
          letGo(one);
          flush();
        });
        return;
      }
      emit(packet);
      for (const one of [...held]) if (--one.toPass === 0) letGo(one);
    },
    drain() {
      for (const one of [...held]) letGo(one);
    },
  };
}
