import type { BenchReport } from "../../cli/bench-report.ts";
import { bareTransfer } from "./tcp-bare.ts";
import { lossRates, segmentCosts } from "./tcp-costs.ts";
import { lwipTransfer } from "./tcp-lwip.ts";
import { stacksTransfer } from "./tcp-stacks.ts";
import { SEGMENT_BYTES, type Transfer } from "./tcp-transfer.ts";
import { besideFloor, rowsOf, takeTurns, wayOf, type Way } from "./turns.ts";

/** How long a round lasts at most, and how many each way has in its time at least. */
const ROUND_MS_MAX = 100;
const ROUNDS = 10;

const OURS = "our stack";

/** CPU time of a byte, over all rounds. */
const cpuOf = ({ rounds }: Way): number =>
  rounds.reduce((sum, { cpuNs }) => sum + cpuNs, 0) / rounds.reduce((sum, { done }) => sum + done, 0);

/** How many connections are open while segments go over all of them in turn. */
const OPEN = [1, 100, 10_000];

/** A transfer as a way that is measured; whoever wants to stop it is heard between rounds. */
const transferWay = (what: string, floor: boolean, transfer: Transfer, ms: number): Way =>
  wayOf(what, floor, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return transfer.round(ms);
  });

/**
 * Bytes a second between two TCP stacks in one process, over a wire in memory: ours, beside lwIP in WebAssembly, and beside what the
 * copies and sums of the same segments cost alone.
 */
export async function benchTcp(
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
  open: readonly number[] = OPEN,
): Promise<Pick<BenchReport, "rows" | "notes">> {
  const ms = Math.min(ROUND_MS_MAX, (seconds * 1000) / ROUNDS);
  onProgress("tcp, bytes a second");
  const lwip = lwipTransfer();
  const built = typeof lwip !== "string";
  const bare = transferWay(`${built ? "" : "floor: "}bare copies and sums`, !built, bareTransfer(), ms);
  const ours = transferWay(OURS, false, stacksTransfer(1), ms);
  // The floor comes first.
  const ways = built ? [transferWay("floor: lwIP in WebAssembly", true, lwip, ms), ours, bare] : [bare, ours];
  await takeTurns(ways, seconds, stop, () => undefined);
  const rows = rowsOf({ bench: "tcp", runtime: "one process", bytes: SEGMENT_BYTES, burst: 1 }, ways).map((row) => ({
    ...row,
    unit: "bytes" as const,
  }));
  const [floor] = ways;
  const said = ways.map((way) => besideFloor("tcp", way, ways, "bytes")).filter((note) => note !== undefined);
  const costs = segmentCosts(open, seconds / 4, onProgress);
  stop.throwIfAborted();
  if (floor !== undefined)
    said.push(`tcp: ${OURS}: ${(cpuOf(ours) / cpuOf(floor)).toFixed(2)} times the CPU time of its floor`);
  return { rows, notes: [...said, ...costs, ...lossRates(seconds / 4, onProgress), ...(built ? [] : [lwip])] };
}
