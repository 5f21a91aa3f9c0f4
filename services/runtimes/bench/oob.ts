import { once } from "node:events";
import { loadavg } from "node:os";
import { Worker } from "node:worker_threads";
import { PAIR } from "../../abi/topology.ts";
import { createEmbeddedWorld, type EmbeddedWorld } from "../embedded/world.ts";
import { figures, measure, unmeasured, type Measured } from "./measure.ts";
import type { OobFigures, TasksData, TasksOrder, TasksWord } from "./oob-words.ts";
import { PAYLOAD_BYTES } from "./udp-pairs.ts";
import { switchPort } from "./udp-ends.ts";
import { udpFloor, type UdpFloor } from "./udp-floor.ts";

/** One line of figures; times are of a round trip, the rate is of datagrams, two for each of them. */
interface OobRow extends OobFigures {
  readonly bench: "oob";
  readonly runtime: "embedded";
  /** What the in-band side did meanwhile. */
  readonly road: string;
  readonly what: string;
  readonly floor: boolean;
  readonly bytes: number;
  readonly inFlight: number;
  /** The p99.9 as a multiple of what it is idle, of the same number in flight. */
  readonly p999BesideIdle?: number;
}

interface Measuring {
  readonly seconds: number;
  readonly onProgress: (doing: string) => void;
  readonly stop: AbortSignal;
}

const NODES = ["alpha", "beta"] as const;
const HOUSES = ["vfs", "inband", "companion", "nic"] as const;
const IN_FLIGHT = [1, 16];
/** Idle and loaded in turns, so that a machine that changes its speed changes both. */
const ROUNDS = 4;
const WARM_UP_SECONDS = 0.3;
/** How nice the in-band half is where it gives way, as in-band work does to out-of-band work: out of nice(2)'s 19. */
const NICE = 10;

/** A thread of tasks. */
interface Tasks {
  ask(order: TasksOrder): Promise<TasksWord>;
  end(): Promise<unknown>;
}

function startTasks(world: EmbeddedWorld, number: number, nice: number | undefined): Tasks {
  const ports = NODES.flatMap((node) =>
    HOUSES.map((house) => ({ node, house, port: world.portTo(`${node}/${house}`) })),
  );
  const data: TasksData = { facts: world.facts, number, ports, nice };
  const worker = new Worker(new URL("./oob-tasks-worker.js", import.meta.url), {
    workerData: data,
    transferList: ports.map(({ port }) => port),
    name: `tasks-${number}`,
  });
  return {
    async ask(order) {
      worker.postMessage(order);
      const [word] = (await once(worker, "message")) as [TasksWord];
      if (word.t === "failed") throw new Error(`the tasks of the benchmark: ${word.why}`);
      return word;
    },
    end: () => worker.terminate(),
  };
}

/** What was measured of one kind of world. */
interface Of {
  readonly oob: ReadonlyMap<string, OobFigures>;
  readonly floors: ReadonlyMap<string, Measured>;
  /** In-band calls a second while it was loaded. */
  readonly loadPerSecond: number;
}

const keyOf = (state: "idle" | "loaded", inFlight: number): string => `${state} ${inFlight}`;

async function measureWorld(
  bare: UdpFloor,
  what: string,
  inbandNice: number | undefined,
  { seconds, onProgress, stop }: Measuring,
): Promise<Of> {
  onProgress(`oob, ${what}, boots and learns the way`);
  const nice = inbandNice === undefined ? {} : { inbandNice };
  const world = await createEmbeddedWorld({ seed: 1n, profile: "documented", topology: PAIR, ...nice });
  const floors = new Map<string, Measured>();
  const tasks: Tasks[] = [];
  try {
    for (const { calls } of world.nodes.values()) await switchPort(calls, "eth0", true);
    const [rt, others] = [startTasks(world, 2, undefined), startTasks(world, 3, inbandNice)];
    tasks.push(rt, others);
    await rt.ask({ t: "open", pairs: Math.max(...IN_FLIGHT) });
    let made = 0;
    let loadedSeconds = 0;
    const states = ["idle", "loaded"] as const;
    for (const inFlight of IN_FLIGHT) {
      await rt.ask({ t: "measure", as: "warm-up", pairs: inFlight, seconds: Math.min(WARM_UP_SECONDS, seconds) });
      for (let round = 0; round < ROUNDS; round++) {
        for (const state of round % 2 === 0 ? states : states.toReversed()) {
          onProgress(`oob, ${what}, ${state}, ${inFlight} in flight, round ${round + 1} of ${ROUNDS}`);
          const key = keyOf(state, inFlight);
          const floor = floors.get(key) ?? unmeasured();
          floors.set(key, floor);
          const before = await others.ask({ t: state === "loaded" ? "load" : "stop" });
          const startMs = performance.now();
          await rt.ask({ t: "measure", as: key, pairs: inFlight, seconds: seconds / ROUNDS });
          await measure(floor, bare.roundTrip, inFlight, seconds / ROUNDS, stop);
          const after = await others.ask({ t: "stop" });
          if (state === "loaded" && before.t === "done" && after.t === "done") {
            made += after.calls - before.calls;
            loadedSeconds += (performance.now() - startMs) / 1000;
          }
          stop.throwIfAborted();
        }
      }
    }
    const oob = new Map<string, OobFigures>();
    for (const as of floors.keys()) {
      const word = await rt.ask({ t: "figures", as });
      if (word.t === "figures" && word.figures !== undefined) oob.set(as, word.figures);
    }
    return { oob, floors, loadPerSecond: loadedSeconds === 0 ? 0 : made / loadedSeconds };
  } finally {
    await Promise.all(tasks.map((one) => one.end()));
    await world.stop();
  }
}

const floorFigures = (measured: Measured): OobFigures => ({
  ...figures(measured),
  p999Ns: measured.histogram.percentile(99.9),
  maxNs: measured.histogram.max,
  lost: measured.lost,
  missed: 0,
});

/** The rows of one kind of world: idle and loaded, out of band and the floor. */
function rowsOf({ oob, floors }: Of, note: string): OobRow[] {
  const row = (state: "idle" | "loaded", inFlight: number, floor: boolean): OobRow[] => {
    const of = (one: "idle" | "loaded"): OobFigures | undefined => {
      const measured = floors.get(keyOf(one, inFlight));
      return floor ? measured && floorFigures(measured) : oob.get(keyOf(one, inFlight));
    };
    const [found, idle] = [of(state), of("idle")];
    if (found === undefined) return [];
    const how = state === "idle" ? "idle" : `in-band saturated${note}`;
    return [
      {
        bench: "oob",
        runtime: "embedded",
        road: how,
        what: floor ? "floor: a bare socket and a process" : "full path",
        floor,
        bytes: PAYLOAD_BYTES,
        inFlight,
        ...found,
        perSecond: 2 * found.perSecond,
        ...(state === "loaded" && idle && { p999BesideIdle: found.p999Ns / idle.p999Ns }),
      },
    ];
  };
  return IN_FLIGHT.flatMap((inFlight) =>
    (["idle", "loaded"] as const).flatMap((state) => [...row(state, inFlight, false), ...row(state, inFlight, true)]),
  );
}

const ratios = (rows: readonly OobRow[]): string[] =>
  rows.flatMap(({ road, what, inFlight, p999BesideIdle }) =>
    p999BesideIdle === undefined
      ? []
      : [`${what}, ${road}, ${inFlight} in flight: p99.9 is ${p999BesideIdle.toFixed(2)}x that of idle`],
  );

/**
 * Round trips of 64 bytes between two nodes on the full path in the embedded runtime, idle and while tasks of one of the nodes
 * make in-band calls as fast as they can, beside the same round trips of two bare processes. The tasks that are measured and
 * those that are the load have a thread each. Measured twice: with all threads alike, and with those of the in-band stage (VFS,
 * in-band stack, and the tasks of the load) nice to the others, which is the nearest that an ordinary process comes to a stage
 * that pre-empts another one.
 */
export async function benchOob(
  measuring: Measuring,
): Promise<{ readonly rows: readonly OobRow[]; readonly notes: readonly string[] }> {
  const load = loadavg()[0] ?? 0;
  const bare = await udpFloor(Math.max(...IN_FLIGHT), new Uint8Array(PAYLOAD_BYTES));
  try {
    const plain = await measureWorld(bare, "all threads alike", undefined, measuring);
    const nice = await measureWorld(bare, `in-band nice ${NICE}`, NICE, measuring);
    const rows = [
      ...rowsOf(plain, ""),
      ...rowsOf(nice, `, nice ${NICE}`).filter(({ p999BesideIdle }) => p999BesideIdle !== undefined),
    ];
    return {
      rows,
      notes: [
        ...ratios(rows),
        `in-band calls a second beside it: ${Math.round(plain.loadPerSecond)}; nice ${NICE}: ${Math.round(nice.loadPerSecond)}`,
        `load of the machine before: ${load.toFixed(1)}`,
      ],
    };
  } finally {
    await bare.close();
  }
}
