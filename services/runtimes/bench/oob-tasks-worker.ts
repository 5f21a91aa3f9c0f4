import { parentPort, workerData } from "node:worker_threads";
import { outermost } from "../../abi/context.ts";
import { AF, SOCK } from "../../abi/flags.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import { createCaller } from "../../boundary/caller.ts";
import { createFaultEngine } from "../../boundary/faults/engine.ts";
import type { Hooks } from "../../boundary/hooks.ts";
import type { Reply, Transport } from "../../boundary/invocation.ts";
import { connectPort } from "../../transports/worker.ts";
import { beNice } from "../embedded/nice.ts";
import { createRealClock } from "../real-clock.ts";
import { createThreadKit } from "../thread-kit.ts";
import { figures, unmeasured, type Measured } from "./measure.ts";
import type { OobFigures, TasksData, TasksOrder, TasksWord } from "./oob-words.ts";
import { callsOf, measurePairs, missedBy, openPairs, warmCaches, type Pair, type UdpWorld } from "./udp-pairs.ts";

// Tasks in a thread of their own, as those of a real kernel are no part of each other.

const { facts, number, ports, nice } = workerData as TasksData;
if (nice !== undefined) beNice(nice);
const clock = createRealClock(facts.epochMs);
const never = new AbortController().signal;

type Calls = Hooks<"task">;
const nodes = new Map(
  [...new Set(ports.map(({ node }) => node))].map((node): [string, { readonly calls: Calls }] => {
    const { kit } = createThreadKit(facts, node, "task", number, 0, clock);
    const roads = new Map<string, Transport>(
      ports.flatMap((one) => (one.node === node ? [[one.house, connectPort(one.port).transport]] : [])),
    );
    const identity = `${node}/task#${number}`;
    const calls = createCaller("task", { kit, identity, reach: (to) => roads.get(to), engine: createFaultEngine(1n) });
    return [node, { calls }];
  }),
);
const world: UdpWorld = { clock, nodes, drive: (program) => program(), stop: () => Promise.resolve() };

let pairs: Pair[] = [];
const measured = new Map<string, { readonly times: Measured; missed: number }>();
let loading = false;
let calls = 0;
let loads: Promise<unknown> = Promise.resolve();

const told = <R extends Reply>(point: string, reply: R): Extract<R, { kind: "returned" }> => {
  if (reply.kind === "returned") return reply as Extract<R, { kind: "returned" }>;
  throw new Error(`${point} of the load was ${reply.kind}: ${reply.kind === "refused" ? reply.errno : reply.why}`);
};

const LOOPBACK = 0x7f00_0001 as Ipv4Address;

/** A task that sends a datagram to itself, by the loopback device, and takes it, each time. */
async function talker(own: Calls, port: number): Promise<() => Promise<void>> {
  const name = `talks-${number}-${port}`;
  const { files } = told("sys_spawn", await own.sys_spawn(outermost(name), { name })).value;
  const task = outermost(name, files);
  const { fd } = told(
    "sys_socket",
    await own.sys_socket(task, { family: AF.AF_INET, type: SOCK.SOCK_DGRAM, protocol: 0 }),
  ).value;
  const addr = buildSockaddr({ family: "AF_INET", address: LOOPBACK, port });
  told("sys_bind", await own.sys_bind(task, { fd, addr }));
  const data = new Uint8Array(64);
  return async () => {
    told("sys_sendto", await own.sys_sendto(task, { fd, data, flags: 0, addr }));
    told("sys_recvfrom", await own.sys_recvfrom(task, { fd, count: 2048, flags: 0 }));
  };
}

/** A task that opens a socket and closes it, each time. */
async function opener(own: Calls, which: number): Promise<() => Promise<void>> {
  const name = `opens-${number}-${which}`;
  const { files } = told("sys_spawn", await own.sys_spawn(outermost(name), { name })).value;
  const task = outermost(name, files);
  const type = SOCK.SOCK_DGRAM | SOCK.SOCK_OOB;
  return async () => {
    const { fd } = told("sys_socket", await own.sys_socket(task, { family: AF.AF_INET, type, protocol: 0 })).value;
    told("sys_close", await own.sys_close(task, { fd }));
  };
}

/** Several tasks of each kind, so that no house of the in-band stage is ever without work. */
const EACH = 4;
let workers: readonly (() => Promise<void>)[] | undefined;

async function load(): Promise<void> {
  const { calls: own } = nodes.get("alpha") ?? {};
  if (own === undefined) throw new Error("the load is on alpha");
  workers ??= await Promise.all(Array.from({ length: EACH }, (_, i) => [talker(own, 9000 + i), opener(own, i)]).flat());
  loading = true;
  const loop = async (work: () => Promise<void>): Promise<void> => {
    for (; loading; calls += 2) await work();
  };
  loads = Promise.all(workers.map(loop));
}

function figuresOf(as: string): OobFigures | undefined {
  const found = measured.get(as);
  if (found === undefined || found.times.calls === 0) return undefined;
  const { histogram, lost } = found.times;
  return {
    ...figures(found.times),
    p999Ns: histogram.percentile(99.9),
    maxNs: histogram.max,
    lost,
    missed: found.missed,
  };
}

async function obey(order: TasksOrder): Promise<TasksWord> {
  switch (order.t) {
    case "open":
      callsOf(world, "alpha");
      pairs = await openPairs(world, "out-of-band", order.pairs);
      await warmCaches(world, pairs);
      return { t: "done", calls };
    case "measure": {
      const some = pairs.slice(0, order.pairs);
      const into = measured.get(order.as) ?? { times: unmeasured(), missed: 0 };
      measured.set(order.as, into);
      const before = missedBy(some);
      await measurePairs(world, some, into.times, order.seconds, never);
      into.missed += missedBy(some) - before;
      return { t: "done", calls };
    }
    case "load":
      await load();
      return { t: "done", calls };
    case "stop":
      loading = false;
      await loads;
      return { t: "done", calls };
    case "figures":
      return { t: "figures", figures: figuresOf(order.as) };
  }
}

parentPort?.on("message", (order: TasksOrder) => {
  void obey(order).then(
    (word) => parentPort?.postMessage(word),
    (error: unknown) => parentPort?.postMessage({ t: "failed", why: (error as Error).message } satisfies TasksWord),
  );
});
