import { createInterpreter } from "../../services/bpf/interpret/interpreter.ts";
import type { BpfProgram, Insn } from "../../services/bpf/program.ts";
import { STACK_AT, STACK_END } from "../../services/bpf/run/layout.ts";
import { verify } from "../../services/bpf/verify/verify.ts";
import { createChance, type Chance } from "./chance.ts";
import { generate } from "./generate.ts";
import { HOSTILE } from "./hostile.ts";
import { assemble, MAPS } from "./lines.ts";

/** Instructions on all paths: enough for these programs, and little enough for many of them. */
const FEW = 4000;

/** What came of a hunt. */
export interface Hunt {
  readonly tried: number;
  readonly accepted: number;
  /** Programs that were accepted and did what no accepted program may do, with their seeds. */
  readonly caught: readonly string[];
}

const SEEDS: readonly BpfProgram[] = HOSTILE.flatMap(({ refused, accepted }) => [
  assemble(refused, MAPS),
  assemble(accepted, MAPS),
]).filter(({ insns }) => insns.length > 1);

/** A program with one to three fields changed, slots swapped, or one taken twice. */
function mutate(program: BpfProgram, chance: Chance): BpfProgram {
  const insns = [...program.insns];
  for (let i = chance.between(1, 3); i > 0; i -= 1) {
    const at = chance.below(insns.length);
    const insn = insns[at];
    if (insn === undefined) continue;
    insns[at] = changed(insn, chance);
    if (chance.onceIn(8)) insns.splice(chance.below(insns.length), 0, insn);
  }
  return { ...program, insns };
}

function changed(insn: Insn, chance: Chance): Insn {
  switch (chance.below(6)) {
    case 0:
      return { ...insn, code: chance.onceIn(2) ? insn.code ^ (1 << chance.below(8)) : chance.below(256) };
    case 1:
      return { ...insn, dst: chance.below(11) };
    case 2:
      return { ...insn, src: chance.below(11) };
    case 3:
      return { ...insn, off: insn.off + chance.between(-9, 9) };
    case 4:
      return { ...insn, imm: chance.immediate() };
    default:
      return { ...insn, imm: insn.imm + chance.between(-9, 9) };
  }
}

/** Runs a program and tells what it may not have done; undefined: it kept to its memory, and to what it had written. */
function wrongOf(program: BpfProgram, packets: readonly Uint8Array[]): string | undefined {
  const results: string[] = [];
  for (const garbage of [0x00, 0xa5]) {
    const runnable = createInterpreter(program);
    const { memory } = runnable;
    const { layout } = memory;
    const may = memory.mayTouch.bind(memory);
    let outside: string | undefined;
    memory.mayTouch = (at, bytes, write) => {
      const region = layout.maps.findIndex((one) => at >= one.at && at + bytes <= one.end);
      const map = layout.maps[region];
      const inValue =
        map === undefined || ((at - map.at) % map.strideBytes) + bytes <= (program.maps[region]?.valueBytes ?? 0);
      if (!may(at, bytes, write) || !inValue) outside ??= `${write ? "wrote" : "read"} ${bytes} bytes at ${at}`;
      return may(at, bytes, write);
    };
    for (const packet of packets) {
      memory.bytes.fill(garbage, STACK_AT, STACK_END);
      results.push(`${garbage}: ${runnable.run(packet, { ifindex: 2, protocol: 0x0800 })}`);
      if (outside !== undefined) return outside;
    }
  }
  const half = results.length / 2;
  const same = results
    .slice(0, half)
    .every((one, i) => one.slice(one.indexOf(":")) === results[half + i]?.slice(results[half + i]?.indexOf(":")));
  return same ? undefined : "its verdict depends on stack that it did not write";
}

/** Changes programs at random, and runs those that the verifier still accepts in an interpreter that watches every access. */
export function hunt(seed: string, count: number): Hunt {
  const caught: string[] = [];
  let accepted = 0;
  for (let i = 0; i < count; i += 1) {
    const name = `${seed} ${i}`;
    const chance = createChance(name);
    const base = chance.onceIn(3) ? generate(name, "engines").program : chance.oneOf(SEEDS);
    const program = mutate(base, chance);
    if (!verify(program, FEW).ok) continue;
    accepted += 1;
    const packets = [0, 13, 60].map((length) => Uint8Array.from({ length }, () => chance.below(256)));
    const wrong = wrongOf(program, packets);
    if (wrong !== undefined) caught.push(`${name}: ${wrong}`);
  }
  return { tried: count, accepted, caught };
}
