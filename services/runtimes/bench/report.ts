import { cpus, totalmem } from "node:os";
import type { BenchReport, BenchRequest } from "../../cli/backend.ts";
import { benchHooks } from "./hooks.ts";
import { soak } from "./soak.ts";

/** The benchmarks that there are. */
export const BENCHES = [
  { name: "hooks", measures: "hook calls in each runtime with tracing on, beside the bare road that they travel on" },
] as const;

const SECONDS = 4;

const machine = (): string => {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}, ${process.platform} ${process.arch}`;
};

/** Runs the benchmarks that were asked for. */
export async function bench({ names, seconds, soak: calls, onProgress, stop }: BenchRequest): Promise<BenchReport> {
  const wanted = names.length === 0 ? BENCHES.map(({ name }) => name) : names;
  const rows = wanted.includes("hooks") ? await benchHooks(seconds ?? SECONDS, onProgress, stop) : [];
  const notes: string[] = [];
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
