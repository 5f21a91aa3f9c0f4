import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { formatRing, geometryFor, ringBytes, type Geometry } from "../../nic/ring/layout.ts";
import { loadLibc } from "../../transports/memory/libc.ts";
import { mapSharedFile } from "../../transports/memory/mapped.shared.ts";
import { createSharedFile, removeSharedFile } from "../../transports/memory/shared-file.ts";
import { bootEpochMs, createRealClock } from "../real-clock.ts";
import type { CommonMemory, RingJob, RingJobDone } from "./ring-job.ts";

/** One line of figures. */
interface RingRow {
  readonly bench: "ring";
  readonly runtime: "two worker threads" | "two processes";
  readonly what: string;
  /** Whether it is what the same copies cost with nothing of Tenon around them. */
  readonly floor: boolean;
  readonly bytes: number;
  readonly burst: number;
  /** Frames that came out, by the slower of the two ends. */
  readonly perSecond: number;
}

/** What was measured, and what could not be, with the reason. */
interface RingBench {
  readonly rows: readonly RingRow[];
  readonly notes: readonly string[];
}

const FRAME_BYTES = [64, 1500];
const BURSTS = [1, 32];
/** What a large network card has. A sleep costs as much as some thousand frames, so the ring should hold as many. */
const SLOTS = 4096;
/** The roads are measured in turns, so that a machine that changes its speed changes all of them. */
const ROUNDS = 5;
const WARM_UP_SECONDS = 0.2;

type Road = RingJob["road"];
const NAMES: Readonly<Record<Road, string>> = {
  ring: "ring",
  bare: "floor: a bare copy loop",
  indexed: "a bare loop with an index",
  port: "a message port",
};

/** A thread or a process that does jobs. */
interface Peer {
  work(job: RingJob): Promise<RingJobDone>;
  close(): Promise<unknown>;
}

/** Two of them, and the memory that they have in common. */
interface Pair {
  readonly runtime: RingRow["runtime"];
  readonly roads: readonly Road[];
  readonly peers: readonly [Peer, Peer];
  /** An empty ring. */
  memory(geometry: Geometry): CommonMemory;
  /** Takes the name of memory away, where it has one. */
  forget(memory: CommonMemory): void;
}

function threadPeer(): Peer {
  const worker = new Worker(new URL("./ring-peer.js", import.meta.url));
  return {
    work: (job) =>
      new Promise((done, failed) => {
        worker.removeAllListeners().once("message", done).once("error", failed);
        worker.postMessage(job, job.port === undefined ? [] : [job.port]);
      }),
    close: () => worker.terminate(),
  };
}

function processPeer(): Peer {
  const child = fork(fileURLToPath(new URL("./ring-peer.js", import.meta.url)), {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return {
    work: (job) =>
      new Promise((done, failed) => {
        child.removeAllListeners();
        child.once("message", (message) => done(message as RingJobDone));
        child.once("exit", (code) => failed(new Error(`a peer of the benchmark ended with ${code ?? "a signal"}`)));
        child.send(job);
      }),
    close: async () => {
      child.removeAllListeners();
      child.disconnect();
    },
  };
}

const threads = (): Pair => ({
  runtime: "two worker threads",
  roads: ["ring", "bare", "indexed", "port"],
  peers: [threadPeer(), threadPeer()],
  memory(geometry) {
    const buffer = new SharedArrayBuffer(ringBytes(geometry));
    formatRing(buffer, geometry);
    return { kind: "shared", buffer };
  },
  forget: () => undefined,
});

/** Why not, in one line, where processes cannot share memory. */
async function processes(): Promise<Pair | string> {
  const libc = await loadLibc();
  if (!libc.ok) return libc.why;
  return {
    runtime: "two processes",
    roads: ["ring", "bare", "indexed"],
    peers: [processPeer(), processPeer()],
    memory(geometry) {
      const path = createSharedFile(ringBytes(geometry));
      if (!path.ok) throw new Error(path.why);
      const mapped = mapSharedFile(libc.value, path.value, createRealClock(bootEpochMs()));
      if (!mapped.ok) throw new Error(mapped.why);
      formatRing(mapped.value.buffer, geometry);
      return { kind: "mapped", path: path.value };
    },
    forget: (memory) => memory.kind === "mapped" && removeSharedFile(memory.path),
  };
}

/** One road for a while: how many frames came out a second. */
async function measure(pair: Pair, road: Road, bytes: number, burst: number, seconds: number): Promise<number> {
  const memory = pair.memory(geometryFor(SLOTS, bytes));
  const channel = road === "port" ? new MessageChannel() : undefined;
  const job = { road, bytes, burst, seconds, memory };
  try {
    const [sender, receiver] = pair.peers;
    const received = receiver.work({ ...job, role: "consumer", port: channel?.port2 });
    const sent = sender.work({ ...job, role: "producer", port: channel?.port1 });
    const done = await Promise.all([sent, received]);
    return Math.min(...done.map((end) => end.frames / end.seconds));
  } finally {
    pair.forget(memory);
  }
}

const medianOf = (rates: readonly number[]): number => [...rates].sort((a, b) => a - b)[rates.length >> 1] ?? 0;

/** The rows of a pair for one size and one length of burst. */
async function rowsOf(
  pair: Pair,
  bytes: number,
  burst: number,
  seconds: number,
  stop: AbortSignal,
): Promise<RingRow[]> {
  const rates = new Map<Road, number[]>(pair.roads.map((road) => [road, []]));
  for (const road of pair.roads) await measure(pair, road, bytes, burst, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [road, rounds] of rates) {
      stop.throwIfAborted();
      rounds.push(await measure(pair, road, bytes, burst, seconds / ROUNDS));
    }
  }
  const { runtime } = pair;
  return [...rates].map(([road, rounds]) => ({
    bench: "ring",
    runtime,
    what: NAMES[road],
    floor: road === "bare",
    bytes,
    burst,
    perSecond: Math.round(medianOf(rounds)),
  }));
}

/** What the rows say about the aims: 0.70 of the bare loop, 20 times the port. */
function comparisons(rows: readonly RingRow[]): string[] {
  const beside = (ring: RingRow, what: string): number | undefined =>
    rows.find(
      (row) =>
        row.what === what && row.runtime === ring.runtime && row.bytes === ring.bytes && row.burst === ring.burst,
    )?.perSecond;
  return rows
    .filter(({ what }) => what === NAMES.ring)
    .map((ring) => {
      const bare = beside(ring, NAMES.bare);
      const indexed = beside(ring, NAMES.indexed);
      const port = beside(ring, NAMES.port);
      const ratios = [
        ...(bare === undefined ? [] : [`${(ring.perSecond / bare).toFixed(2)}x of the bare loop`]),
        ...(indexed === undefined ? [] : [`${(ring.perSecond / indexed).toFixed(2)}x of one with an index a burst`]),
        ...(port === undefined ? [] : [`${(ring.perSecond / port).toFixed(0)}x of the port`]),
      ];
      return `${ring.runtime}, ${ring.bytes} bytes, bursts of ${ring.burst}: ${ratios.join(", ")}`;
    });
}

/**
 * The ring between two threads and between two processes, beside the same copies without a protocol, and beside a message
 * port, in the same run.
 *
 * @param seconds how long each of them is measured for each size and each length of burst.
 */
export async function benchRing(
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
): Promise<RingBench> {
  const rows: RingRow[] = [];
  const notes: string[] = [];
  for (const makePair of [async () => threads(), processes]) {
    const pair = await makePair();
    if (typeof pair === "string") {
      notes.push(`between two processes nothing was measured: ${pair}`);
      continue;
    }
    try {
      for (const bytes of FRAME_BYTES) {
        for (const burst of BURSTS) {
          onProgress(`ring, ${pair.runtime}, ${bytes} bytes, bursts of ${burst}`);
          rows.push(...(await rowsOf(pair, bytes, burst, seconds, stop)));
        }
      }
    } finally {
      await Promise.all(pair.peers.map((peer) => peer.close()));
    }
  }
  return { rows, notes: [...comparisons(rows), ...notes] };
}
