import type { Clock } from "../../abi/kit.ts";

/** The in-band stage of the node, as far as drivers run on it: the NAPI poll of a stock driver, and what a qdisc transmits. */
export interface InbandStage {
  /** Whether it stands still. */
  isFrozen(): boolean;
  /** Resolves when it goes on; at once where it does. */
  runs(): Promise<void>;
  /** It stands still for so long, from now on. */
  freeze(forNs: number): void;
}

/** A stage that runs. It needs a timer only while somebody waits for it to go on. */
export function createInbandStage(clock: Clock): InbandStage {
  let untilNs = 0;
  const isFrozen = (): boolean => clock.nowNs() < untilNs;
  return {
    isFrozen,
    async runs() {
      // It may have been frozen once more meanwhile.
      while (isFrozen()) await clock.sleepNs(untilNs - clock.nowNs());
    },
    freeze(forNs) {
      untilNs = Math.max(untilNs, clock.nowNs() + forNs);
    },
  };
}
