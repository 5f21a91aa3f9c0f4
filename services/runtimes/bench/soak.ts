import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert } from "../../abi/assert.ts";
import { simulatedRigs } from "./simulated-rig.ts";

/** What memory did over many calls. */
export interface Soak {
  readonly calls: number;
  readonly perSecond: number;
  /** Megabytes of live heap after a full collection, after each tenth of the calls. */
  readonly heapMb: readonly number[];
}

const IN_FLIGHT = 16;
const PARTS = 10;

/** The collector, which Node hides unless it is asked for: live memory can only be told right after it ran. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Makes so many hook calls in the simulated runtime, traced, and looks at the live heap after each tenth. */
export async function soak(calls: number, onProgress: (doing: string) => void, stop: AbortSignal): Promise<Soak> {
  const collect = collector();
  const { rigs, close } = await simulatedRigs();
  const [rig] = rigs;
  const traced = rig?.ways.find(({ tracing }) => tracing === "on");
  assert(rig !== undefined && traced !== undefined, "the simulated runtime has a way with tracing on");
  const heapMb: number[] = [];
  const startMs = performance.now();
  for (let part = 1; part <= PARTS; part++) {
    stop.throwIfAborted();
    let left = Math.ceil(calls / PARTS);
    await rig.drive(traced, () =>
      Promise.all(
        Array.from({ length: IN_FLIGHT }, async (_, slot) => {
          while (left-- > 0) await traced.call(slot);
        }),
      ),
    );
    collect();
    heapMb.push(process.memoryUsage().heapUsed / 1e6);
    onProgress(`soak: ${Math.round((100 * part) / PARTS)} % of ${calls} calls, ${heapMb.at(-1)?.toFixed(1)} MB live`);
  }
  const seconds = (performance.now() - startMs) / 1000;
  await close();
  return { calls, perSecond: Math.round(calls / seconds), heapMb };
}
