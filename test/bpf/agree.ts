import { createInterpreter } from "../../services/bpf/interpret/interpreter.ts";
import type { BpfProgram } from "../../services/bpf/program.ts";
import { CONTEXT_AT, SKB } from "../../services/bpf/run/layout.ts";
import type { LoadedProgram } from "../../services/bpf/run/loaded.ts";
import { translate } from "../../services/bpf/translate/translate.ts";
import { verify } from "../../services/bpf/verify/verify.ts";
import { r0Of } from "./engines.ts";
import { generate, type Case } from "./generate.ts";
import type { KernelBpf, KernelProgram } from "./kernel.ts";

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What a run leaves behind: all of r0, the packet, the context's cb, and what is in the maps. */
export interface Left {
  readonly r0: string;
  readonly packet: string;
  readonly cb: string;
  readonly maps: readonly (readonly string[])[];
}

/** Contents of maps as texts, in an order that no map decides. */
const mapsOf = ({ memory }: LoadedProgram): Left["maps"] =>
  memory.maps.map((map) =>
    map
      .entries()
      .map(({ key, value }) => `${hexOf(key)}=${hexOf(value)}`)
      .sort(),
  );

/** Runs a case on a loaded program. */
const leftOf = (loaded: LoadedProgram, { runs }: Case): readonly Left[] =>
  runs.map(({ packet, meta }) => {
    loaded.run(packet, meta);
    const cbAt = CONTEXT_AT + SKB.cb;
    return {
      r0: r0Of(loaded).toString(16),
      packet: hexOf(packet),
      cb: hexOf(loaded.memory.bytes.subarray(cbAt, cbAt + 20)),
      maps: mapsOf(loaded),
    };
  });

/** Time and chance that a seed decides, the same for everybody who asks. */
function machineOf(seed: string) {
  let asked = 0;
  return {
    nowNs: () => BigInt(++asked) * 0x1_2345_6789n,
    random32: () => (seed.length * 0x9e37_79b9 * ++asked) >>> 0,
  };
}

/** Paths of a random program that the verifier follows: what takes longer is counted as refused. */
const FOLLOWED_MAX = 20_000;

/** What became of random programs. */
export interface Tally {
  programs: number;
  accepted: number;
  /** Why others were refused, and how often. */
  readonly refused: Map<string, number>;
  runs: number;
}

export const createTally = (): Tally => ({ programs: 0, accepted: 0, refused: new Map(), runs: 0 });

/** Numbers taken out, so that refusals of the same kind can be counted. */
const kindOf = (why: string): string => why.replaceAll(/-?\d+/g, "N");

/** Whether the verifier accepts a program; what it says is counted. */
function accepted(program: BpfProgram, tally: Tally): boolean {
  tally.programs++;
  const verified = verify(program, FOLLOWED_MAX);
  if (verified.ok) tally.accepted++;
  else tally.refused.set(kindOf(verified.why), (tally.refused.get(kindOf(verified.why)) ?? 0) + 1);
  return verified.ok;
}

/** Runs the program of a seed both ways; what they leave, where it differs. */
export function disagreement(
  seed: string,
  tally: Tally,
): { readonly interpreter: readonly Left[]; readonly translation: readonly Left[] } | undefined {
  const one = generate(seed, "engines");
  if (!accepted(one.program, tally)) return undefined;
  const interpreter = leftOf(createInterpreter(one.program, machineOf(seed)), one);
  const translation = leftOf(translate(one.program, machineOf(seed)), one);
  tally.runs += one.runs.length;
  return JSON.stringify(interpreter) === JSON.stringify(translation) ? undefined : { interpreter, translation };
}

/** What a case leaves behind in the kernel; of r0 a test run answers the low half. */
function leftInKernel(program: KernelProgram, { runs, program: { maps } }: Case): readonly Left[] {
  return runs.map(({ packet, meta }) => {
    const { r0, cb } = program.run(packet, meta);
    const entries = maps.map((_, map) =>
      program
        .entries(map)
        .map(({ key, value }) => `${hexOf(key)}=${hexOf(value)}`)
        .sort(),
    );
    return { r0: r0.toString(16), packet: hexOf(packet), cb: hexOf(cb), maps: entries };
  });
}

/** Runs the program of a seed in the interpreter and in the kernel, where its verifier accepts it too; that is counted in `kernel`. */
export function disagreementWithKernel(
  seed: string,
  bpf: KernelBpf,
  tally: Tally,
  kernel: Tally,
): { readonly interpreter: readonly Left[]; readonly kernel: readonly Left[] } | undefined {
  const one = generate(seed, "kernel");
  if (!accepted(one.program, tally)) return undefined;
  kernel.programs++;
  const loaded = bpf.load(one.program);
  if ("refused" in loaded) {
    kernel.refused.set(kindOf(loaded.refused), (kernel.refused.get(kindOf(loaded.refused)) ?? 0) + 1);
    return undefined;
  }
  kernel.accepted++;
  kernel.runs += one.runs.length;
  const there = leftInKernel(loaded, one);
  loaded.close();
  const here = leftOf(createInterpreter(one.program), one).map((left) => ({
    ...left,
    r0: BigInt.asUintN(32, BigInt(`0x${left.r0}`)).toString(16),
  }));
  return JSON.stringify(here) === JSON.stringify(there) ? undefined : { interpreter: here, kernel: there };
}
