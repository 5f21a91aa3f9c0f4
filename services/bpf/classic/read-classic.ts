/** An instruction of classic BPF (linux/filter.h): a code, two ways of a jump, a number. */
export interface ClassicInsn {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  /** Unsigned, 32 bits. */
  readonly k: number;
}

/** A classic program as it was written, or why it cannot be read. */
export type ReadClassic =
  { readonly ok: true; readonly insns: readonly ClassicInsn[] } | { readonly ok: false; readonly why: string };

/** The most instructions that a classic program has: the kernel's BPF_MAXINSNS. */
const INSNS_MAX = 4096;

const NUMBER = "(0x[0-9a-f]+|\\d+)";
/** `{ 0x28, 0, 0, 0x0000000c },`: what `tcpdump -dd` writes. */
const BRACED = new RegExp(`^\\{\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*,\\s*${NUMBER}\\s*\\}\\s*,?$`, "i");
/** `40 0 0 12`: what `tcpdump -ddd` writes, behind a line with the number of instructions. */
const PLAIN = /^(\d+) (\d+) (\d+) (\d+)$/;

/**
 * Reads a classic program from what `tcpdump -dd` or `tcpdump -ddd` has written. Whether it is a sound one is for `checkClassic`.
 */
export function readClassic(text: string): ReadClassic {
  const lines = text
    .split("\n")
    .flatMap((line, i) => (line.trim() === "" ? [] : [{ text: line.trim(), number: i + 1 }]));
  const counted = lines[0] !== undefined && /^\d+$/.test(lines[0].text) ? Number(lines[0].text) : undefined;
  const written = counted === undefined ? lines : lines.slice(1);
  if (written.length === 0) return { ok: false, why: "it has no instruction" };
  if (written.length > INSNS_MAX)
    return { ok: false, why: `it has ${written.length} instructions, and ${INSNS_MAX} are the most` };
  if (counted !== undefined && counted !== written.length) {
    return { ok: false, why: `its first line says ${counted} instructions, and it has ${written.length}` };
  }
  const insns: ClassicInsn[] = [];
  for (const { text: line, number } of written) {
    const [, code, jt, jf, k] = (counted === undefined ? BRACED : PLAIN).exec(line) ?? [];
    const insn = { code: Number(code), jt: Number(jt), jf: Number(jf), k: Number(k) };
    const fits = insn.code <= 0xffff && insn.jt <= 0xff && insn.jf <= 0xff && insn.k <= 0xffff_ffff;
    if (!fits)
      return {
        ok: false,
        why: `line ${number} is no instruction: a line such as "{ 0x28, 0, 0, 0x0000000c }," is (tcpdump -dd)`,
      };
    insns.push(insn);
  }
  return { ok: true, insns };
}
