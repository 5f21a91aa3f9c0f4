import { figures, measure, unmeasured, type Measured } from "./measure.ts";
import { switchPort, type UdpPath } from "./udp-ends.ts";
import {
  ADDRESSES,
  callsOf,
  measurePairs,
  missedBy,
  openPairs,
  PAYLOAD_BYTES,
  warmCaches,
  type UdpWorld,
} from "./udp-pairs.ts";
import { udpFloor, type UdpFloor } from "./udp-floor.ts";

/** One line of figures; times are of a round trip, the rate is of datagrams, two for each of them. */
interface UdpRow {
  readonly bench: "udp";
  /** The name of the world that it was measured in. */
  readonly runtime: string;
  readonly what: string;
  readonly floor: boolean;
  readonly bytes: number;
  readonly inFlight: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  readonly perSecond: number;
  /** Round trips that did not come to their end. */
  readonly lost: number;
  /** Datagrams that the core handed to the in-band stack: its caches did not know the way. */
  readonly missed: number;
}

/** A world that is not booted yet. */
export interface UdpWorldSpec {
  /** What its rows are called by: the runtime, and what is special about it. */
  readonly name: string;
  boot(): Promise<UdpWorld>;
}

/** So many pairs of tasks, each with one datagram on its way. */
const IN_FLIGHT = [1, 16];
const PAIRS = Math.max(...IN_FLIGHT);
/** A path and the floor are measured in turns, so that a machine that changes its speed changes both. */
const ROUNDS = 4;
const WARM_UP_SECONDS = 0.3;
const DEVICE = "eth0";
const FLOOR = "floor: a bare socket and a process";

/** A row of what was measured. */
function rowOf(
  runtime: string,
  inFlight: number,
  what: string,
  floor: boolean,
  measured: Measured,
  missed: number,
): UdpRow {
  if (measured.calls === 0) throw new Error(`${runtime}, ${what}: of ${measured.lost} datagrams none came back`);
  const { perSecond, ...times } = figures(measured);
  const { lost } = measured;
  const { max: maxNs } = measured.histogram;
  const load = { bench: "udp", runtime, bytes: PAYLOAD_BYTES, inFlight } as const;
  return { ...load, what, floor, ...times, maxNs, perSecond: 2 * perSecond, lost, missed };
}

/** What the rows say about the two paths: each round trip beside the other path's. */
const comparisons = (rows: readonly UdpRow[]): string[] =>
  rows.flatMap((row) => {
    const beside = rows.find(
      ({ what, runtime, inFlight }) =>
        what === "out-of-band path" && runtime === row.runtime && inFlight === row.inFlight,
    );
    if (row.what !== "in-band path" || beside === undefined) return [];
    const ratio = (beside.p50Ns / row.p50Ns).toFixed(2);
    return [`${row.runtime}, ${row.inFlight} in flight: a round trip out of band takes ${ratio}x one in band`];
  });

/** What the rows say about datagrams that got lost; nothing, where none did. */
const losses = (rows: readonly UdpRow[]): string[] =>
  rows
    .filter(({ lost }) => lost > 0)
    .map(({ runtime, what, inFlight, lost }) => `${runtime}, ${what}, ${inFlight} in flight: ${lost} round trips lost`);

/** And about those that did not go the way that was measured. */
const misses = (rows: readonly UdpRow[]): string[] =>
  rows
    .filter(({ missed }) => missed > 0)
    .map(
      ({ runtime, what, inFlight, missed }) =>
        `${runtime}, ${what}, ${inFlight} in flight: ${missed} datagrams were handed to the in-band stack`,
    );

/** What a measurement needs beside what it measures. */
interface Measuring {
  readonly seconds: number;
  readonly onProgress: (doing: string) => void;
  readonly stop: AbortSignal;
}

/** The rows of one path, and what the floor took meanwhile. */
async function measurePath(
  world: UdpWorld,
  runtime: string,
  path: UdpPath,
  bare: UdpFloor,
  floors: ReadonlyMap<number, Measured>,
  { seconds, onProgress, stop }: Measuring,
): Promise<UdpRow[]> {
  const rows: UdpRow[] = [];
  const pairs = await world.drive(() => openPairs(world, path, PAIRS));
  const warmUp = Math.min(WARM_UP_SECONDS, seconds);
  for (const [inFlight, floor] of floors) {
    onProgress(`udp, ${runtime}, ${path}, ${inFlight} in flight`);
    const some = pairs.slice(0, inFlight);
    const measured = unmeasured();
    await world.drive(() => warmCaches(world, some));
    await measurePairs(world, some, unmeasured(), warmUp, stop);
    await measure(unmeasured(), bare.roundTrip, inFlight, warmUp, stop);
    const missed = missedBy(some);
    for (let round = 0; round < ROUNDS; round++) {
      await measurePairs(world, some, measured, seconds / ROUNDS, stop);
      await measure(floor, bare.roundTrip, inFlight, seconds / ROUNDS, stop);
      stop.throwIfAborted();
    }
    rows.push(rowOf(runtime, inFlight, `${path} path`, false, measured, missedBy(some) - missed));
  }
  return rows;
}

/** All rows of a runtime. */
async function measureRuntime(
  world: UdpWorld,
  runtime: string,
  bare: UdpFloor,
  measuring: Measuring,
): Promise<UdpRow[]> {
  const floors = new Map(IN_FLIGHT.map((inFlight) => [inFlight, unmeasured()]));
  const inband = await measurePath(world, runtime, "in-band", bare, floors, measuring);
  // A port takes every datagram of its device, so the in-band path is measured before there is one.
  const nodes = Object.keys(ADDRESSES);
  await world.drive(() => Promise.all(nodes.map((name) => switchPort(callsOf(world, name), DEVICE, true))));
  const outOfBand = await measurePath(world, runtime, "out-of-band", bare, floors, measuring);
  const floor = [...floors].map(([inFlight, measured]) => rowOf(runtime, inFlight, FLOOR, true, measured, 0));
  return [...inband, ...outOfBand, ...floor];
}

/**
 * Datagrams of 64 bytes between two nodes in each runtime, through the in-band stack and out of band, beside the same round
 * trips between two processes over the loopback address.
 *
 * @param specs worlds of two nodes, one after the other.
 * @param measuring `seconds`: how long each path is measured for each number of datagrams in flight.
 */
export async function benchUdp(
  specs: readonly UdpWorldSpec[],
  measuring: Measuring,
): Promise<{ readonly rows: readonly UdpRow[]; readonly notes: readonly string[] }> {
  const rows: UdpRow[] = [];
  const bare = await udpFloor(PAIRS, new Uint8Array(PAYLOAD_BYTES));
  try {
    for (const { name, boot } of specs) {
      measuring.stop.throwIfAborted();
      measuring.onProgress(`udp, ${name}, boots`);
      const world = await boot();
      try {
        rows.push(...(await measureRuntime(world, name, bare, measuring)));
      } finally {
        await world.stop();
      }
    }
  } finally {
    await bare.close();
  }
  return { rows, notes: [...comparisons(rows), ...losses(rows), ...misses(rows)] };
}
