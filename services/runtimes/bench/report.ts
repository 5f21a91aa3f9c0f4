import { cpus, totalmem } from "node:os";
import { PAIR } from "../../abi/topology.ts";
import type { BenchReport, BenchRequest } from "../../cli/bench-report.ts";
import type { Runtime } from "../../lab/world.ts";
import { createWorld } from "../world.ts";
import { benchBpf } from "./bpf.ts";
import { benchHooks } from "./hooks.ts";
import { benchKsock, type StreamWorldSpec } from "./ksock.ts";
import { benchOob } from "./oob.ts";
import { benchRing } from "./ring.ts";
import { benchRules } from "./rules.ts";
import { soak } from "./soak.ts";
import { benchTcp } from "./tcp.ts";
import { benchUdp } from "./udp.ts";

/** The benchmarks that there are. */
export const BENCHES = [
  { name: "hooks", measures: "hook calls on each road, with tracing off, on and exporting, beside the bare road" },
  { name: "ring", measures: "frames over the shared-memory ring, beside the bare copies and a message port" },
  {
    name: "udp",
    measures: "datagrams between two nodes in each runtime, in-band and out-of-band, beside a bare socket",
  },
  { name: "tcp", measures: "bytes a second between two TCP stacks in one process, beside lwIP in WebAssembly" },
  {
    name: "ksock",
    measures: "connections between two nodes: tasks' sockets and kernel sockets, beside bare sockets and a process",
  },
  { name: "oob", measures: "datagrams on the full path, idle and with the in-band side saturated" },
  { name: "rules", measures: "events a second with all rules on, and experiments a second with rules and pages" },
  { name: "bpf", measures: "packets through a filter program, interpreted and translated, beside JavaScript" },
] as const;

const SECONDS = 4;

const pairIn = (name: string, runtime: Runtime, frames: "auto" | "stream" = "auto"): StreamWorldSpec => ({
  name,
  boot: () => createWorld(runtime, { seed: 1n, profile: "documented", topology: PAIR, frames }),
});

/** Where connections are measured: the simulated runtime makes no calls that anybody waits for. */
const KSOCK_WORLDS = [pairIn("embedded", "embedded"), pairIn("distributed", "distributed")];

/** Where datagrams are measured; between processes frames have two ways to travel. */
const UDP_WORLDS = [
  pairIn("simulated", "simulated"),
  pairIn("embedded", "embedded"),
  pairIn("distributed", "distributed"),
  pairIn("distributed, stream", "distributed", "stream"),
];

const machine = (): string => {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}, ${process.platform} ${process.arch}`;
};

/** Runs the benchmarks that were asked for. */
export async function bench({ names, seconds, soak: calls, onProgress, stop }: BenchRequest): Promise<BenchReport> {
  const wanted = names.length === 0 ? BENCHES.map(({ name }) => name) : names;
  const rows: BenchReport["rows"][number][] = [];
  const notes: string[] = [];
  if (wanted.includes("hooks")) {
    const hooks = await benchHooks(seconds ?? SECONDS, onProgress, stop);
    rows.push(...hooks.rows);
    notes.push(...hooks.notes);
  }
  if (wanted.includes("ring")) {
    const ring = await benchRing(seconds ?? SECONDS, onProgress, stop);
    rows.push(...ring.rows);
    notes.push(...ring.notes);
  }
  if (wanted.includes("udp")) {
    const udp = await benchUdp(UDP_WORLDS, { seconds: seconds ?? SECONDS, onProgress, stop });
    rows.push(...udp.rows);
    notes.push(...udp.notes);
  }
  if (wanted.includes("tcp")) {
    const tcp = await benchTcp(seconds ?? SECONDS, onProgress, stop);
    rows.push(...tcp.rows);
    notes.push(...tcp.notes);
  }
  if (wanted.includes("ksock")) {
    const ksock = await benchKsock(KSOCK_WORLDS, { seconds: seconds ?? SECONDS, onProgress, stop });
    rows.push(...ksock.rows);
    notes.push(...ksock.notes);
  }
  if (wanted.includes("oob")) {
    const oob = await benchOob({ seconds: seconds ?? SECONDS, onProgress, stop });
    rows.push(...oob.rows);
    notes.push(...oob.notes);
  }
  if (wanted.includes("rules")) {
    const rules = await benchRules(seconds ?? SECONDS, onProgress, stop);
    rows.push(...rules.rows);
    notes.push(...rules.notes);
  }
  if (wanted.includes("bpf")) {
    const bpf = await benchBpf(seconds ?? SECONDS, onProgress, stop);
    rows.push(...bpf.rows);
    notes.push(...bpf.notes);
  }
  if (calls !== undefined) {
    const result = await soak(calls, onProgress, stop);
    const [, second = 0] = result.heapMb;
    const last = result.heapMb.at(-1) ?? 0;
    notes.push(
      `soak: ${result.calls} calls in the simulated runtime, ${result.perSecond} a second; live heap ${second.toFixed(2)} MB after two tenths, ${last.toFixed(2)} MB at the end`,
    );
  }
  return { machine: machine(), rows, notes };
}
