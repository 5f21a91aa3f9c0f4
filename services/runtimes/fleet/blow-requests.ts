import type { Blows } from "../../boundary/blows.ts";
import type { FaultEffect } from "../../abi/contract.generated.ts";

/** The blows that the rules of one place have asked for. */
export interface BlowRequests extends Blows {
  /** The blow of this number was struck: the call that waits for it goes on. */
  struck(blow: number): void;
}

/** @param ask asks whoever knows the places; its answer is `struck`. */
export function createBlowRequests(ask: (blow: number, effect: FaultEffect, lamport: number) => void): BlowRequests {
  const waiting = new Map<number, () => void>();
  let count = 0;
  return {
    strike: (effect, _crossing, lamport) =>
      new Promise((resolve) => {
        count += 1;
        waiting.set(count, resolve);
        ask(count, effect, lamport);
      }),
    struck(blow) {
      waiting.get(blow)?.();
      waiting.delete(blow);
    },
  };
}
