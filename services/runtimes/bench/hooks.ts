import { distributedRig } from "./distributed-rig.ts";
import { embeddedRig } from "./embedded-rig.ts";
import { figures, measure, unmeasured } from "./measure.ts";
import type { Rig } from "./rig.ts";
import { simulatedRig } from "./simulated-rig.ts";

/** One line of figures. */
interface HookRow {
  readonly bench: "hooks";
  readonly runtime: string;
  readonly what: string;
  readonly floor: boolean;
  readonly inFlight: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly perSecond: number;
}

const IN_FLIGHT = [1, 16, 256];
/** Hook and floor are measured in turns, so that a machine that changes its speed changes both. */
const ROUNDS = 4;
const WARM_UP_SECONDS = 0.3;

const RIGS: readonly (() => Promise<Rig>)[] = [simulatedRig, embeddedRig, distributedRig];

/**
 * Hook calls with tracing on, each runtime beside its floor: what the same road costs in the same run with nothing of
 * Tenon on it.
 *
 * @param seconds how long each of hook and floor is measured for each number of calls in flight.
 */
export async function benchHooks(
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
): Promise<HookRow[]> {
  const rows: HookRow[] = [];
  for (const makeRig of RIGS) {
    const rig = await makeRig();
    try {
      for (const inFlight of IN_FLIGHT) {
        stop.throwIfAborted();
        onProgress(`hooks, ${rig.runtime}, ${inFlight} in flight`);
        const hook = unmeasured();
        const floor = unmeasured();
        await rig.drive(() => measure(unmeasured(), rig.hook, inFlight, WARM_UP_SECONDS, stop));
        await measure(unmeasured(), rig.floor, inFlight, WARM_UP_SECONDS, stop);
        for (let round = 0; round < ROUNDS; round++) {
          await rig.drive(() => measure(hook, rig.hook, inFlight, seconds / ROUNDS, stop));
          await measure(floor, rig.floor, inFlight, seconds / ROUNDS, stop);
          stop.throwIfAborted();
        }
        const common = { bench: "hooks" as const, runtime: rig.runtime, inFlight };
        rows.push({ ...common, what: "hook, traced", floor: false, ...figures(hook) });
        rows.push({ ...common, what: `floor: ${rig.floorName}`, floor: true, ...figures(floor) });
      }
    } finally {
      await rig.close();
    }
  }
  return rows;
}
