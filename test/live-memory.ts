import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The collector, which Node hides unless it is asked for: live memory can only be told right after it ran. */
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Megabytes that are in use, once all that is garbage is gone. */
export function liveMb(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Live memory at the first of two moments of a run, and how much more there was at the second one. */
export interface Growth {
  readonly look: (moment: number) => void;
  grownMb(): number;
}

/** Measures between two moments, while what is looked at lives. */
export function growthBetween(first: number, second: number): Growth {
  let [before, after] = [NaN, NaN];
  return {
    look(moment) {
      if (moment === first) before = liveMb();
      if (moment === second) after = liveMb();
    },
    grownMb: () => after - before,
  };
}
