import type { BenchReport, BenchRow } from "../../cli/bench-report.ts";
import type { World } from "../../lab/world.ts";
import { connectPair, type StreamKind } from "./ksock-streams.ts";
import { figures, measure, unmeasured, type Measured } from "./measure.ts";
import { netFloor } from "./net-floor.ts";
import { ECHO_BYTES, PIECE_BYTES, SAID_BYTES, streamWork, type StreamWork } from "./stream-work.ts";
import { takeTurns, wayOf, type Way } from "./turns.ts";

/** A world of two nodes that is not booted yet. */
export interface StreamWorldSpec {
  readonly name: string;
  boot(): Promise<World>;
}

const FLOOR = "floor: bare sockets and a process";
const KINDS: readonly StreamKind[] = ["tasks", "kernel sockets", "kernel sockets, by callbacks"];
const WHAT: Readonly<Record<StreamKind, string>> = {
  tasks: "tasks' stream sockets",
  "kernel sockets": "kernel sockets",
  "kernel sockets, by callbacks": "kernel sockets, by callbacks",
};
const FIRST_PORT = 7000;
/** All ways are measured in turns, so that a machine that changes its speed changes it for all. */
const ROUNDS = 4;
const WARM_UP_SECONDS = 0.3;
/** What one round of a transfer moves. */
const ROUND_BYTES = 8 * SAID_BYTES;

/** A kind of connection that is measured. */
interface Measurable {
  readonly what: string;
  readonly floor: boolean;
  readonly work: StreamWork;
  readonly echoes: Measured;
}

interface Measuring {
  readonly seconds: number;
  readonly onProgress: (doing: string) => void;
  readonly stop: AbortSignal;
  /** What one round of a transfer moves, a multiple of 256 KiB; absent: 2 MiB. */
  readonly roundBytes?: number;
}

async function measureEchoes(
  world: World,
  measurables: readonly Measurable[],
  { seconds, stop }: Measuring,
): Promise<void> {
  const round = (work: StreamWork, into: Measured, forSeconds: number): Promise<void> =>
    world.drive(() => measure(into, () => work.roundTrip(), 1, forSeconds, stop));
  for (const { work } of measurables) await round(work, unmeasured(), Math.min(WARM_UP_SECONDS, seconds));
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const { work, echoes } of turn % 2 === 0 ? measurables : measurables.toReversed()) {
      await round(work, echoes, seconds / ROUNDS);
      stop.throwIfAborted();
    }
  }
}

function echoRow(runtime: string, { what, floor, echoes }: Measurable): BenchRow {
  if (echoes.calls === 0) throw new Error(`${runtime}, ${what}: no round trip came to its end`);
  return { bench: "ksock", runtime, what, floor, inFlight: 1, bytes: ECHO_BYTES, ...figures(echoes) };
}

function bulkRow(runtime: string, { what, floor, rounds }: Way): BenchRow {
  const rates = rounds.map(({ done, seconds }) => done / seconds).toSorted((a, b) => a - b);
  const perSecond = Math.round(rates[rates.length >> 1] ?? 0);
  return { bench: "ksock", runtime, what, floor, bytes: PIECE_BYTES, burst: 1, perSecond, unit: "bytes" };
}

/** What the rows of kernel sockets say beside those of tasks. */
const comparisons = (rows: readonly BenchRow[]): string[] =>
  rows.flatMap((row) => {
    const tasks = rows.find(
      (other) => other.what === WHAT.tasks && other.runtime === row.runtime && other.unit === row.unit,
    );
    if (row.floor || tasks === undefined || tasks === row) return [];
    const ratio = (row.perSecond / tasks.perSecond).toFixed(2);
    const measured = row.unit === "bytes" ? "bytes a second" : "round trips a second";
    return [`${row.runtime}: ${row.what}: ${measured} are ${ratio} times those of tasks' stream sockets`];
  });

async function measureWorld(
  world: World,
  runtime: string,
  floor: StreamWork,
  measuring: Measuring,
): Promise<BenchRow[]> {
  const { roundBytes = ROUND_BYTES } = measuring;
  const measurables: Measurable[] = [];
  for (const [i, kind] of KINDS.entries()) {
    const port = FIRST_PORT + 2 * i;
    const work = await world.drive(async () =>
      streamWork(await connectPair(world, kind, port), await connectPair(world, kind, port + 1)),
    );
    measurables.push({ what: WHAT[kind], floor: false, work, echoes: unmeasured() });
  }
  measurables.push({ what: FLOOR, floor: true, work: floor, echoes: unmeasured() });
  measuring.onProgress(`ksock, ${runtime}, round trips`);
  await measureEchoes(world, measurables, measuring);
  measuring.onProgress(`ksock, ${runtime}, bytes a second`);
  const ways = measurables.map(({ what, floor: isFloor, work }) =>
    wayOf(what, isFloor, async () => {
      await world.drive(() => work.transfer(roundBytes));
      return roundBytes;
    }),
  );
  await takeTurns(ways, measuring.seconds, measuring.stop, () => undefined);
  for (const { work, floor: isFloor } of measurables) if (!isFloor) await world.drive(() => work.close());
  return [...measurables.map((one) => echoRow(runtime, one)), ...ways.map((way) => bulkRow(runtime, way))];
}

/**
 * Connections between two nodes in each runtime: round trips of 64 bytes and bytes a second, through tasks' stream sockets, through
 * kernel sockets whose calls wait, and through such as are told by callbacks; beside the same over Node's own sockets between two
 * processes.
 *
 * @param specs worlds of two nodes, one after the other.
 * @param measuring `seconds`: how long each of these is measured.
 */
export async function benchKsock(
  specs: readonly StreamWorldSpec[],
  measuring: Measuring,
): Promise<Pick<BenchReport, "rows" | "notes">> {
  const rows: BenchRow[] = [];
  const floor = await netFloor();
  try {
    for (const { name, boot } of specs) {
      measuring.stop.throwIfAborted();
      measuring.onProgress(`ksock, ${name}, boots`);
      const world = await boot();
      try {
        rows.push(...(await measureWorld(world, name, floor, measuring)));
      } finally {
        await world.stop();
      }
    }
  } finally {
    await floor.close();
  }
  return { rows, notes: comparisons(rows) };
}
