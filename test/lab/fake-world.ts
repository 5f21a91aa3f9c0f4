import type { Context } from "../../services/abi/context.ts";
import { CONTRACT, type FaultReport, type FaultRule, type PointName } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import { zeroValue } from "../../services/abi/values.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { SINGLE, type Topology } from "../../services/abi/topology.ts";
import type { Reply } from "../../services/boundary/invocation.ts";
import { Stuck, type Runtime, type World } from "../../services/lab/world.ts";
import { eventPen, type EventSketch } from "./events.ts";

/** What a fake world answers to a call; undefined: nothing, for ever. */
type Answer = (args: Readonly<Record<string, unknown>>, context: Context) => Reply | undefined;

/** What a test may say of a fake world. */
export interface FakeOptions {
  readonly profile?: Profile;
  readonly runtime?: Runtime;
  /** By point; others return zero in every field that a lab looks at. */
  readonly answers?: Readonly<Partial<Record<PointName, Answer>>>;
  /** What `arm` says of a rule. */
  readonly refuses?: (rule: FaultRule) => string | undefined;
  /** How often each rule has fired, by id. */
  readonly fired?: Readonly<Record<string, number>>;
  readonly dropped?: number;
  readonly topology?: Topology;
}

/** A world without a kernel: it records the calls of tasks, and answers what it is told to. */
export interface FakeWorld extends World {
  /** The calls that were made, such as `app: sys_open in 7`, with the table the lab believed current. */
  readonly made: readonly string[];
  readonly log: readonly string[];
  /** Records an event of a house. */
  record(name: string, sketch?: EventSketch): TraceEvent;
  /** Lets time pass at once, waking nobody. */
  passNs(ns: number): void;
}

export const returned = (value: object): Reply => ({ kind: "returned", value }) as Reply;
export const refused = (errno: "EBADF" | "ENOMEM" | "EINVAL"): Reply => ({ kind: "refused", errno });
export const lost = (): Reply => ({ kind: "lost", why: "timeout" });

/** A world whose first node answers calls in another way. */
export const withCalls = (world: World, calls: World["calls"]): World => ({
  ...world,
  calls,
  nodes: new Map([...world.nodes, [world.node, { name: world.node, calls }]]),
});

/** Zero in every field that the point answers, but a table that there is. */
function zero(point: PointName): Reply {
  const value: Record<string, unknown> = { ...zeroValue(CONTRACT[point]) };
  return returned("files" in value ? { ...value, files: 1 } : value);
}

/** Makes one. */
export function fakeWorld(options: FakeOptions = {}): FakeWorld {
  const pen = eventPen();
  const made: string[] = [];
  const log: string[] = [];
  const listeners = new Set<(events: readonly TraceEvent[]) => void>();
  const armed = new Map<string, FaultRule>();
  let nowNs = 0;
  let spans = 0;

  const record: FakeWorld["record"] = (name, sketch) => {
    const event = pen(name, sketch);
    for (const listener of listeners) listener([event]);
    return event;
  };

  const call =
    (node: string, point: PointName) =>
    async (context: Context, args: object): Promise<Reply> => {
      made.push(`${node === "alpha" ? "" : `${node}/`}${context.task}: ${point} in ${context.files} ${context.stage}`);
      const span = ++spans;
      const slice = { task: context.task };
      record(`${point}.enter`, { node, service: "task", span, slice });
      const answer = options.answers?.[point];
      const reply = answer === undefined ? zero(point) : answer(args as Readonly<Record<string, unknown>>, context);
      if (reply === undefined) return new Promise(() => undefined);
      record(`${point}.exit`, { node, service: "task", span, slice, ret: 0 });
      return reply;
    };
  const points = Object.values(CONTRACT).filter(({ from }) => from === "task");

  const callsOf = (node: string): World["calls"] =>
    Object.fromEntries(points.map(({ name }) => [name, call(node, name)])) as unknown as World["calls"];
  const topology = options.topology ?? SINGLE;
  const nodes = new Map(topology.nodes.map(({ name }) => [name, { name, calls: callsOf(name) }]));

  return {
    runtime: options.runtime ?? "simulated",
    profile: options.profile ?? "documented",
    seed: 7n,
    origin: 1,
    topology,
    nodes,
    node: "alpha",
    clock: {
      nowNs: () => nowNs,
      sleepNs: (ns) => {
        nowNs += ns;
        return Promise.resolve();
      },
      after: () => ({ cancel: () => undefined }),
    },
    calls: callsOf("alpha"),
    // Nothing here takes time, so what has not ended after some turns of the loop never will.
    async drive<T>(program: () => Promise<T>): Promise<T> {
      const turns = async (): Promise<never> => {
        for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
        throw new Stuck("nothing is left that could happen");
      };
      return Promise.race([program(), turns()]);
    },
    arm: (rule) => {
      const reason = options.refuses?.(rule);
      if (reason === undefined) armed.set(rule.id, rule);
      log.push(`arm ${rule.id}`);
      return Promise.resolve(reason);
    },
    disarm: (id) => {
      log.push(`disarm ${id}`);
      return Promise.resolve(armed.delete(id));
    },
    freeze: (node, forNs) => {
      log.push(`freeze ${node} ${forNs}`);
      return Promise.resolve(undefined);
    },
    strike: ({ kind, blow }) => {
      log.push(`strike ${kind} ${blow?.place ?? ""}`);
      return Promise.resolve(undefined);
    },
    faults: () =>
      Promise.resolve(
        [...armed.values()].map((rule): FaultReport => {
          const fired = options.fired?.[rule.id] ?? 0;
          return { rule, crossings: fired, matched: fired, fired };
        }),
      ),
    listFiles: () => Promise.resolve([]),
    listTasks: async () => [],
    network: () => Promise.resolve([]),
    refused: () => undefined,
    ended: ({ quiet, waiting }) => void record("run_end", { service: "lab", args: { quiet, waiting } }),
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settle: () => Promise.resolve(),
    dropped: () => Promise.resolve(made.length === 0 ? 0 : (options.dropped ?? 0)),
    stop: () => Promise.resolve(),
    made,
    log,
    record,
    passNs: (ns) => {
      nowNs += ns;
    },
  };
}
