import type { Timer } from "../../abi/kit.ts";
import { drop } from "../device.ts";
import { TokenBucket } from "../model/token-bucket.ts";
import { kept, type Packet } from "../wires/wire.ts";
import { struck } from "./at-once.ts";
import { HELD_MAX } from "./held.ts";
import type { Stage, StageParts } from "./stage.ts";

/**
 * `rate RATE [BURST-BYTES]`: frames that come faster wait, in order. Those of the out-of-band stage go ahead of in-band ones
 * that wait, as in the two bands of EVL's queueing discipline (facts/dovetail 5.4): a slow wire, on which in-band traffic
 * piles up, is the place where that matters.
 */
export function rate(parts: StageParts, bitsPerSecond: number, burstBytes: number): Stage {
  const { device, emit, flush } = parts;
  const { clock } = device.kit;
  const bucket = new TokenBucket(bitsPerSecond, burstBytes, clock.nowNs());
  const bands: { readonly oob: Packet[]; readonly inband: Packet[] } = { oob: [], inband: [] };
  let timer: Timer | undefined;

  const waiting = (): number => bands.oob.length + bands.inband.length;
  const first = (): Packet[] => (bands.oob.length > 0 ? bands.oob : bands.inband);

  function arm(bytes: number): void {
    timer ??= clock.after(bucket.waitNs(bytes), () => {
      timer = undefined;
      pump();
      flush();
    });
  }

  function pump(): void {
    for (let next = first()[0]; next !== undefined; next = first()[0]) {
      if (!bucket.take(next.bytes.length, clock.nowNs())) {
        arm(next.bytes.length);
        return;
      }
      first().shift();
      emit(next);
    }
  }

  return {
    push(packet) {
      if (waiting() === 0 && bucket.take(packet.bytes.length, clock.nowNs())) {
        emit(packet);
        return;
      }
      const late = struck(parts, packet, "rate");
      if (waiting() >= HELD_MAX) {
        drop(device, late, "netem_drop");
        return;
      }
      (late.context.stage === "oob" ? bands.oob : bands.inband).push(kept(late));
      pump();
    },
    drain() {
      timer?.cancel();
      timer = undefined;
      for (const packet of [...bands.oob.splice(0), ...bands.inband.splice(0)]) emit(packet);
    },
  };
}
