import type { Timer } from "../../abi/kit.ts";
import { drop } from "../device.ts";
import { kept, type Packet } from "../wires/wire.ts";
import { struck } from "./at-once.ts";
import { HELD_MAX } from "./held.ts";
import type { Stage, StageParts } from "./stage.ts";

/**
 * `delay DURATION [JITTER]`: every frame goes on that much later, by the clock. Without a jitter all wait equally long, so
 * their order is kept; with one, each gets up to so much more or less, and may overtake others.
 */
export function delay(parts: StageParts, delayNs: number, jitterNs: number): Stage {
  const { device, chance, emit, flush } = parts;
  const { clock } = device.kit;
  /** By the time when they go, and in the order of their coming where that is the same. */
  const held: { readonly dueNs: number; readonly packet: Packet }[] = [];
  let timer: Timer | undefined;

  function release(nowNs: number): void {
    for (let next = held[0]; next !== undefined && next.dueNs <= nowNs; next = held[0]) {
      held.shift();
      emit(next.packet);
    }
  }

  function arm(): void {
    timer?.cancel();
    const next = held[0];
    timer = next && clock.after(Math.max(0, next.dueNs - clock.nowNs()), wake);
  }

  function wake(): void {
    timer = undefined;
    release(clock.nowNs());
    flush();
    arm();
  }

  return {
    push(packet) {
      const offNs = jitterNs === 0 ? 0 : Math.round((2 * chance.next().fraction("jitter") - 1) * jitterNs);
      const dueNs = clock.nowNs() + Math.max(0, delayNs + offNs);
      const late = struck(parts, packet, "delay");
      if (held.length >= HELD_MAX) {
        drop(device, late, "netem_drop");
        return;
      }
      let at = held.length;
      while (at > 0 && (held[at - 1]?.dueNs ?? 0) > dueNs) at--;
      held.splice(at, 0, { dueNs, packet: kept(late) });
      if (at === 0) arm();
    },
    drain() {
      timer?.cancel();
      release(Infinity);
    },
  };
}
