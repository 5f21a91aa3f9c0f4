import { assert } from "../../abi/assert.ts";
import { createInterpreter } from "../../bpf/interpret/interpreter.ts";
import type { PacketMeta } from "../../bpf/program.ts";
import { translate } from "../../bpf/translate/translate.ts";
import { verify } from "../../bpf/verify/verify.ts";
import type { BenchReport, BenchRow } from "../../cli/bench-report.ts";
import { FILTERS, framesOf, type Filter } from "./bpf-filters.ts";
import { besideFloor, rowsOf, takeTurns, wayOf, type Way } from "./turns.ts";

/** A small frame, and one that fills Ethernet's MTU. */
const FRAME_BYTES = [60, 1514];
/** How long a round lasts at most, and how many times all frames go by between two looks at the clock. */
const ROUND_MS_MAX = 30;
/** Rounds that each way has in its time at least. */
const ROUNDS = 10;
const BATCHES = 64;
const META: PacketMeta = { ifindex: 2, protocol: 0x0800 };

/**
 * Packets a second through a typical filter, interpreted and translated, beside the same predicate as a function of JavaScript. What
 * is measured is all that a device does for a verdict: the packet and its context are put into the program's memory each time.
 */
export async function benchBpf(
  seconds: number,
  onProgress: (doing: string) => void,
  stop: AbortSignal,
): Promise<Pick<BenchReport, "rows" | "notes">> {
  const rows: BenchRow[] = [];
  const notes: string[] = [];
  for (const filter of FILTERS) {
    for (const bytes of FRAME_BYTES) {
      onProgress(`bpf: ${filter.name}, ${bytes} bytes`);
      const frames = framesOf(bytes);
      const ways = waysOf(filter, frames, Math.min(ROUND_MS_MAX, (seconds * 1000) / ROUNDS));
      await takeTurns(ways, seconds, stop, () => undefined);
      rows.push(...rowsOf({ bench: "bpf", runtime: "bpf", road: filter.name, bytes, burst: frames.length }, ways));
      const said = ways.map((way) => besideFloor(`bpf, ${filter.name}, ${bytes} bytes`, way, ways));
      notes.push(...said.filter((note) => note !== undefined));
    }
  }
  const sizes = FILTERS.map(({ name, program: { insns } }) => `${name}: ${insns.length} instructions`);
  return { rows, notes: [...notes, `bpf: ${sizes.join(", ")}; all figures are medians of rounds that took turns`] };
}

/** The ways of a filter, which give the same verdicts. */
function waysOf({ program, plain }: Filter, frames: readonly Uint8Array[], roundMs: number): readonly Way[] {
  const verified = verify(program);
  assert(verified.ok, "the benchmark's filters are verified");
  const interpreter = createInterpreter(program);
  const translation = translate(program);
  const floor = plain();
  for (const frame of frames) {
    const verdict = floor(frame);
    assert(interpreter.run(frame, META) === verdict, "the interpreter judges as JavaScript does");
    assert(translation.run(frame, META) === verdict, "the translation judges as JavaScript does");
  }
  const round = (judge: (frame: Uint8Array) => number): Way["round"] => roundOf(frames, judge, roundMs);
  return [
    wayOf("floor: a function of JavaScript", true, round(floor)),
    wayOf(
      "translation to WebAssembly",
      false,
      round((frame) => translation.run(frame, META)),
    ),
    wayOf(
      "interpreter",
      false,
      round((frame) => interpreter.run(frame, META)),
    ),
  ];
}

/** A round of judging frames; how many they were. The verdicts are summed up, so that none is left out. */
function roundOf(frames: readonly Uint8Array[], judge: (frame: Uint8Array) => number, roundMs: number): Way["round"] {
  return async () => {
    // Whoever wants to stop this is heard between rounds.
    await new Promise((resolve) => setImmediate(resolve));
    const endMs = performance.now() + roundMs;
    let done = 0;
    let sum = 0;
    do {
      for (let batch = 0; batch < BATCHES; batch++) for (const frame of frames) sum += judge(frame);
      done += BATCHES * frames.length;
    } while (performance.now() < endMs);
    assert(sum > 0, "some frames are accepted or skipped");
    return done;
  };
}
