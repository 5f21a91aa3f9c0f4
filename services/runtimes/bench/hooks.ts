import { distributedRigs } from "./distributed-rig.ts";
import { embeddedRigs } from "./embedded-rig.ts";
import { figures } from "./measure.ts";
import type { Losses, Rig, Rigs, TracingMode } from "./rig.ts";
import { cpuOf, measureRig, ratioOf, spreadOf, type Rounds, type Spread } from "./rounds.ts";
import { simulatedRigs } from "./simulated-rig.ts";

/** One line of figures. */
interface HookRow {
  readonly bench: "hooks";
  readonly runtime: string;
  readonly road?: string;
  readonly what: string;
  readonly floor: boolean;
  readonly tracing?: TracingMode;
  readonly inFlight: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly perSecond: number;
  /** CPU time of one call, in the process that calls and in the one that answers; the median of the rounds. */
  readonly cpu: { readonly callerNs: number; readonly calleeNs?: number };
  /** Time and CPU time of a call, as multiples of what they are with tracing off in the same round. */
  readonly besideOff?: { readonly time: Spread; readonly cpu: Spread };
  /** What was not exported. */
  readonly losses?: Losses;
}

const IN_FLIGHT = [1, 16, 256];

const RIGS: readonly (() => Promise<Rigs>)[] = [simulatedRigs, embeddedRigs, distributedRigs];

function rowOf({ runtime, road }: Rig, inFlight: number, measured: Rounds, off: Rounds | undefined): HookRow {
  const { tracing } = measured.way;
  const callee = measured.costs.flatMap(({ calleeCpuNs }) => calleeCpuNs ?? []);
  const isBeside = tracing === "on" || tracing === "exporting";
  return {
    bench: "hooks",
    runtime,
    ...(road !== undefined && { road }),
    what: tracing === undefined ? "floor" : tracing === "exporting" ? "exporting" : `tracing ${tracing}`,
    floor: tracing === undefined,
    ...(tracing !== undefined && { tracing }),
    inFlight,
    ...figures(measured.all),
    cpu: {
      callerNs: Math.round(spreadOf(measured.costs.map(({ callerCpuNs }) => callerCpuNs)).median),
      ...(callee.length > 0 && { calleeNs: Math.round(spreadOf(callee).median) }),
    },
    ...(isBeside &&
      off !== undefined && {
        besideOff: { time: ratioOf(measured, off, ({ ns }) => ns), cpu: ratioOf(measured, off, cpuOf) },
      }),
    ...(measured.lost !== undefined && { losses: measured.lost }),
  };
}

/** What the floors are, and what was not exported. */
function notesOf(floors: ReadonlyMap<string, string>, rows: readonly HookRow[]): string[] {
  const names = [...floors].map(([runtime, floor]) => `${floor} (${runtime})`);
  const losses = rows.flatMap(({ road, runtime, inFlight, losses: { events = 0, spans = 0 } = {} }) =>
    events + spans === 0
      ? []
      : [`${road ?? runtime}, ${inFlight} in flight, exporting: ${events} events and ${spans} spans were too many`],
  );
  return [`floor: ${names.join(", ")}`, ...losses];
}

/**
 * Hook calls with tracing off, on and exporting, on each road of each runtime, beside its floor: what the same road costs in
 * the same run with nothing of Tenon on it.
 *
 * @param seconds how long each way is measured for each number of calls in flight.
 */
export async function benchHooks(
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
  makers = RIGS,
): Promise<{ readonly rows: readonly HookRow[]; readonly notes: readonly string[] }> {
  const rows: HookRow[] = [];
  const floors = new Map<string, string>();
  for (const makeRigs of makers) {
    stop.throwIfAborted();
    const { rigs, close } = await makeRigs();
    try {
      for (const rig of rigs) {
        floors.set(rig.runtime, rig.floorName);
        for (const inFlight of IN_FLIGHT) {
          onProgress(`hooks, ${rig.runtime}${rig.road === undefined ? "" : ` (${rig.road})`}, ${inFlight} in flight`);
          const measured = await measureRig(rig, inFlight, seconds, stop);
          const off = measured.find(({ way }) => way.tracing === "off");
          rows.push(...measured.map((one) => rowOf(rig, inFlight, one, off)));
        }
      }
    } finally {
      await close();
    }
  }
  return { rows, notes: notesOf(floors, rows) };
}
