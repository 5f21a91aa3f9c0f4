import { onTenon } from "./calls.ts";
import { documented } from "./documented.ts";
import type { LinuxKernel } from "./kernel.ts";

/** A sequence that two kernels answer differently, up to the first such call. */
export interface Difference {
  readonly calls: readonly string[];
  readonly linux: readonly string[];
  readonly tenon: readonly string[];
}

const SETTLE_MS = 2;
const SETTLE_WELL_MS = 30;

/** The first answer that differs and is documented nowhere; -1: there is none. */
export function firstDifference(calls: readonly string[], linux: readonly string[], tenon: readonly string[]): number {
  for (const [at, answer] of linux.entries()) {
    const ours = tenon[at] ?? "";
    if (answer === ours) continue;
    const known = documented(calls, at, answer, ours);
    if (known === "ends") return -1;
    if (known === undefined) return at;
  }
  return -1;
}

/** Makes a sequence on both. What differs only as long as nobody waits for the kernels to settle is no difference. */
export async function compare(linux: LinuxKernel, calls: readonly string[]): Promise<Difference | undefined> {
  for (const settleMs of [SETTLE_MS, SETTLE_WELL_MS]) {
    const tenon = await onTenon(calls, settleMs);
    const told = await linux.play(calls, settleMs);
    const end = firstDifference(calls, told, tenon) + 1;
    if (end === 0) return undefined;
    if (settleMs === SETTLE_WELL_MS)
      return { calls: calls.slice(0, end), linux: told.slice(0, end), tenon: tenon.slice(0, end) };
  }
  return undefined;
}

/** A sequence from which no call can be left out without both answering alike to the last one. */
export async function shrink(linux: LinuxKernel, difference: Difference): Promise<Difference> {
  let best = difference;
  for (let index = best.calls.length - 2; index >= 0; index--) {
    const fewer = best.calls.filter((_, other) => other !== index);
    const found = await compare(linux, fewer);
    if (found?.calls.length === fewer.length) best = found;
  }
  return best;
}
