import type { BpfProgram, Insn, MapSpec } from "../../services/bpf/program.ts";

const ALU: Readonly<Record<string, number>> = {
  ...{ "+=": 0x00, "-=": 0x10, "*=": 0x20, "/=": 0x30, "|=": 0x40, "&=": 0x50, "<<=": 0x60, ">>=": 0x70 },
  ...{ "%=": 0x90, "^=": 0xa0, "=": 0xb0, "s>>=": 0xc0, "s/=": 0x30, "s%=": 0x90 },
};
const JUMPS: Readonly<Record<string, number>> = {
  ...{ "==": 0x10, ">": 0x20, ">=": 0x30, "&": 0x40, "!=": 0x50, "s>": 0x60, "s>=": 0x70 },
  ...{ "<": 0xa0, "<=": 0xb0, "s<": 0xc0, "s<=": 0xd0 },
};
const SIZES: Readonly<Record<string, number>> = { "32": 0x00, "16": 0x08, "8": 0x10, "64": 0x18 };
const HELPERS: Readonly<Record<string, number>> = {
  ...{ map_lookup_elem: 1, map_update_elem: 2, map_delete_elem: 3, ktime_get_ns: 5, get_prandom_u32: 7 },
  ...{ get_smp_processor_id: 8, skb_load_bytes: 26, skb_load_bytes_relative: 68 },
};
const ATOMIC: Readonly<Record<string, number>> = {
  add: 0x01,
  or: 0x41,
  and: 0x51,
  xor: 0xa1,
  xchg: 0xe1,
  cmpxchg: 0xf1,
};

const insn = (code: number, fields: Partial<Insn> = {}): Insn => ({ code, dst: 0, src: 0, off: 0, imm: 0, ...fields });

interface Line {
  readonly text: string;
  readonly at: number;
}

/**
 * Makes a program of lines as the kernel's verifier prints them, without the codes: `r0 = *(u8 *)(r1 +4)`, `if r0 == 0x7 goto out`.
 * A label stands before a colon on a line of its own; `goto` and `call &name` say labels, or slots such as `pc+3`. `raw code dst src off
 * imm` is any slot.
 */
export function assemble(text: string, maps: readonly MapSpec[] = [], name = "test"): BpfProgram {
  const lines: Line[] = [];
  const labels = new Map<string, number>();
  let at = 0;
  for (const written of text.split(/[\n;]/)) {
    const line = written.trim();
    if (line === "") continue;
    const label = /^(\w+):$/.exec(line)?.[1];
    if (label !== undefined) labels.set(label, at);
    else {
      lines.push({ text: line, at });
      at += isWide(line) ? 2 : 1;
    }
  }
  return { name, maps, insns: lines.flatMap((line) => slots(line, labels)) };
}

const isWide = (line: string): boolean => /^r\d+ = (\S+ ll|map\[)/.test(line);

function slots({ text, at }: Line, labels: ReadonlyMap<string, number>): Insn[] {
  const distance = (target: string): number => {
    const relative = /^pc([+-]\d+)$/.exec(target)?.[1];
    const label = labels.get(target);
    if (relative !== undefined) return Number(relative);
    if (label === undefined) throw new Error(`no label ${target}`);
    return label - at - 1;
  };
  let m: RegExpExecArray | null;
  const match = (pattern: RegExp): boolean => (m = pattern.exec(text)) !== null;
  const g = (i: number): string => m?.[i] ?? "";
  const n = (i: number): number => Number(g(i)) | 0;
  const field = (i: number): Pick<Insn, "off"> => ({ off: Number(g(i).replace(" ", "")) });

  if (match(/^raw (\S+) (\S+) (\S+) (\S+) (\S+)$/)) return [insn(n(1), { dst: n(2), src: n(3), off: n(4), imm: n(5) })];
  if (text === "exit") return [insn(0x95)];
  if (match(/^goto (\S+)$/)) return [insn(0x05, { off: distance(g(1)) })];
  if (match(/^gotol (\S+)$/)) return [insn(0x06, { imm: distance(g(1)) })];
  if (match(/^call &(\S+)$/)) return [insn(0x85, { src: 1, imm: distance(g(1)) })];
  if (match(/^call (\S+)$/)) return [insn(0x85, { imm: HELPERS[g(1)] ?? n(1) })];
  if (match(/^if ([rw])(\d+) (\S+) (r|w)(\d+) goto (\S+)$/))
    return [insn((g(1) === "r" ? 5 : 6) | 8 | (JUMPS[g(3)] ?? 0), { dst: n(2), src: n(5), off: distance(g(6)) })];
  if (match(/^if ([rw])(\d+) (\S+) (\S+) goto (\S+)$/))
    return [insn((g(1) === "r" ? 5 : 6) | (JUMPS[g(3)] ?? 0), { dst: n(2), imm: n(4), off: distance(g(5)) })];
  if (match(/^r(\d+) = (\S+) ll$/)) {
    const value = BigInt.asUintN(64, BigInt(g(2)));
    const half = (by: bigint): number => Number(BigInt.asIntN(32, value >> by));
    return [insn(0x18, { dst: n(1), imm: half(0n) }), insn(0, { imm: half(32n) })];
  }
  if (match(/^r(\d+) = map\[(\d+)\]\[0\]\+(\d+)$/))
    return [insn(0x18, { dst: n(1), src: 2, imm: n(2) }), insn(0, { imm: n(3) })];
  if (match(/^r(\d+) = map\[(\d+)\]$/)) return [insn(0x18, { dst: n(1), src: 1, imm: n(2) }), insn(0)];
  if (match(/^r0 = \*\(u(\d+) \*\)skb\[r(\d+) \+ (-?\d+)\]$/))
    return [insn(0x40 | (SIZES[g(1)] ?? 0), { src: n(2), imm: n(3) })];
  if (match(/^r0 = \*\(u(\d+) \*\)skb\[(-?\w+)\]$/)) return [insn(0x20 | (SIZES[g(1)] ?? 0), { imm: n(2) })];
  if (match(/^r(\d+) = \*\(([us])(\d+) \*\)\(r(\d+) ([+-] ?\d+)\)$/))
    return [insn((g(2) === "u" ? 0x61 : 0x81) | (SIZES[g(3)] ?? 0), { dst: n(1), src: n(4), ...field(5) })];
  if (match(/^\*\(u(\d+) \*\)\(r(\d+) ([+-] ?\d+)\) = r(\d+)$/))
    return [insn(0x63 | (SIZES[g(1)] ?? 0), { dst: n(2), src: n(4), ...field(3) })];
  if (match(/^\*\(u(\d+) \*\)\(r(\d+) ([+-] ?\d+)\) = (\S+)$/))
    return [insn(0x62 | (SIZES[g(1)] ?? 0), { dst: n(2), imm: n(4), ...field(3) })];
  if (match(/^lock \*\(u(\d+) \*\)\(r(\d+) ([+-] ?\d+)\) (\S+) r(\d+)$/))
    return [insn(0xc3 | (SIZES[g(1)] ?? 0), { dst: n(2), src: n(5), imm: ALU[g(4)] ?? 0, ...field(3) })];
  if (match(/^r\d+ = atomic(64)?_(?:fetch_)?(\w+)\(\(u(\d+) \*\)\(r(\d+) ([+-] ?\d+)\), (?:r0, )?r(\d+)\)$/))
    return [insn(0xc3 | (SIZES[g(3)] ?? 0), { dst: n(4), src: n(6), imm: ATOMIC[g(2)] ?? 0, ...field(5) })];
  if (match(/^([rw])(\d+) = -[rw]\d+$/)) return [insn(g(1) === "r" ? 0x87 : 0x84, { dst: n(2) })];
  if (match(/^r(\d+) = (be|le|bswap)(\d+) r\d+$/))
    return [insn(g(2) === "be" ? 0xdc : g(2) === "le" ? 0xd4 : 0xd7, { dst: n(1), imm: n(3) })];
  if (match(/^([rw])(\d+) = \(s(\d+)\)[rw](\d+)$/))
    return [insn(g(1) === "r" ? 0xbf : 0xbc, { dst: n(2), src: n(4), off: n(3) })];
  if (match(/^([rw])(\d+) (\S+) [rw](\d+)$/) && ALU[g(3)] !== undefined)
    return [insn((g(1) === "r" ? 7 : 4) | 8 | (ALU[g(3)] ?? 0), { dst: n(2), src: n(4), off: signedOff(g(3)) })];
  if (match(/^([rw])(\d+) (\S+) (-?\w+)$/) && ALU[g(3)] !== undefined)
    return [insn((g(1) === "r" ? 7 : 4) | (ALU[g(3)] ?? 0), { dst: n(2), imm: n(4), off: signedOff(g(3)) })];
  throw new Error(`no instruction: ${text}`);
}

const signedOff = (sign: string): number => (sign === "s/=" || sign === "s%=" ? 1 : 0);

/** Maps for tests: 0 an array of four values of 16 bytes, 1 a hash, 2 one value that may be pointed into, 3 a read-only one. */
export const MAPS: readonly MapSpec[] = [
  { name: "counts", type: "array", keyBytes: 4, valueBytes: 16, maxEntries: 4 },
  { name: "seen", type: "hash", keyBytes: 8, valueBytes: 8, maxEntries: 16 },
  { name: "one", type: "array", keyBytes: 4, valueBytes: 32, maxEntries: 1 },
  {
    name: "fixed",
    type: "array",
    keyBytes: 4,
    valueBytes: 8,
    maxEntries: 1,
    readOnly: true,
    initial: new Uint8Array([3, 0, 0, 0, 200, 0, 0, 0]),
  },
];
