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
