import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hash53 } from "../../abi/hash.ts";
import { ownCpuNs } from "./cpu-time.ts";
import { stacksTransfer, type Stacks } from "./tcp-stacks.ts";
import { SEGMENT_BYTES } from "./tcp-transfer.ts";

/** Shares of frames that get lost in each direction, in percent. */
const LOSSES = [0, 1, 5];
const ROUNDS = 5;
const WARM_UP_MS = 1000;

/** The collector, which Node hides unless it is asked for: live memory can only be told right after it ran. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

function liveBytes(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;

/**
 * What a segment of data costs both ends, its acknowledgement included, with so many connections open, and what one of them takes that
 * is idle. CPU time, which other work on the machine changes least.
 */
export function segmentCosts(
  open: readonly number[],
  seconds: number,
  onProgress: (doing: string) => void,
): readonly string[] {
  const collect = collector();
  const stacks = stacksTransfer(1, { inTurn: true });
  const costs = { one: [] as string[], all: [] as string[] };
  let perConnection = Number.NaN;
  // What is compiled late would else be paid for by the first connection.
  stacks.round(Math.min(WARM_UP_MS, seconds * 1000));
  for (const count of open) {
    onProgress(`tcp, ${count} connections open`);
    const before = { bytes: liveBytes(collect), connections: stacks.connections };
    stacks.open(count);
    const more = count - before.connections;
    if (more > 0) perConnection = (liveBytes(collect) - before.bytes) / more;
    for (const busy of ["one", "all"] as const) {
      stacks.busy = busy;
      stacks.round(Math.min(WARM_UP_MS, seconds * 1000));
      costs[busy].push(`${Math.round(segmentNs(stacks, seconds)).toLocaleString("en-US")} ns with ${named(count)}`);
    }
  }
  return [
    `tcp: a segment costs both ends ${costs.one.join(", ")} connections open, one of them busy`,
    `tcp: a segment costs both ends ${costs.all.join(", ")} connections open, data going over all of them in turn`,
    `tcp: an idle connection takes ${Math.round(perConnection).toLocaleString("en-US")} bytes, both of its ends together`,
  ];
}

const named = (count: number): string => count.toLocaleString("en-US");

/** The median of some rounds. */
function segmentNs(stacks: Stacks, seconds: number): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const cpuNs = ownCpuNs();
    const bytes = stacks.round((seconds * 1000) / ROUNDS);
    return (ownCpuNs() - cpuNs) / (bytes / SEGMENT_BYTES);
  });
  return median(rounds);
}

/** What loss on the wire does to one connection. Time in which both ends wait is skipped, and told apart. */
export function lossRates(seconds: number, onProgress: (doing: string) => void): readonly string[] {
  return LOSSES.map((percent) => {
    onProgress(`tcp, ${percent} % of the frames lost`);
    const loses = (host: number, frame: number): boolean => hash53(`${host} ${frame}`) % 100 < percent;
    const stacks = stacksTransfer(1, percent === 0 ? {} : { loses });
    stacks.round(Math.min(WARM_UP_MS, seconds * 1000));
    const [before, skippedNs, cpuNs] = [stacks.counts(), stacks.clock.skippedNs, ownCpuNs()];
    const bytes = stacks.round(seconds * 1000);
    const after = stacks.counts();
    const taken = (ownCpuNs() - cpuNs) / 1e9;
    const waited = (stacks.clock.skippedNs - skippedNs) / 1e9;
    const again = ((100 * (after.again - before.again)) / (after.frames - before.frames)).toFixed(1);
    const rate = (bytes / 1e6 / taken).toFixed(1);
    const withWaits = (bytes / 1e6 / (taken + waited)).toFixed(1);
    return `tcp, ${percent} % lost: ${rate} MB a second of CPU time, ${withWaits} MB/s with the time that both ends wait, ${again} % of segments sent again`;
  });
}
