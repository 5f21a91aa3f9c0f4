import { checkClassic } from "./classic/check-classic.ts";
import { readClassic, type ClassicInsn } from "./classic/read-classic.ts";
import { translateClassic } from "./classic/translate-classic.ts";
import { readObject } from "./elf/read-object.ts";
import type { BpfProgram } from "./program.ts";
import { whyNoMaps } from "./run/layout.ts";
import { verify } from "./verify/verify.ts";

/** A filter that may run. */
export interface PacketFilter {
  readonly program: BpfProgram;
  /** Whether it was a classic one, which says how many bytes of a packet are wanted, and no verdict. */
  readonly classic: boolean;
}

/** What came of a filter: that it may run, or why not, and at which instruction where it is one that is wrong. */
export type LoadedFilter =
  | { readonly ok: true; readonly filter: PacketFilter }
  | { readonly ok: false; readonly insn?: number; readonly why: string };

/**
 * Instructions that the verifier may follow for one filter. Linux follows a million, in the time of whoever loads the program; here the
 * core verifies, on the one thread that its out-of-band work runs on, too, so it gives up at a tenth of that.
 */
const FOLLOWED_MAX = 100_000;

const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46] as const;

/**
 * Loads a packet filter and verifies it: an object that clang has compiled for BPF, of which `section` names the program by its section
 * or its function, the first one where it is empty; or the text of `tcpdump -dd`. Never throws, whatever the bytes. `why` is one sentence
 * without its full stop, and shows the instruction.
 */
export function loadFilter(bytes: Uint8Array, section: string): LoadedFilter {
  if (ELF_MAGIC.every((byte, i) => bytes[i] === byte)) return loadObject(bytes, section);
  const first = bytes.find((byte) => byte > 0x20);
  if (first === 0x7b || (first !== undefined && first >= 0x30 && first <= 0x39)) return loadClassic(bytes, section);
  return { ok: false, why: "it is neither an object of clang -target bpf nor what tcpdump -dd writes" };
}

function loadObject(bytes: Uint8Array, section: string): LoadedFilter {
  const read = readObject(bytes);
  if (!read.ok) return read;
  const { programs } = read;
  const found =
    section === "" ? programs[0] : programs.find((one) => one.section === section || one.program.name === section);
  if (found === undefined) {
    const names = programs.map((one) => `${one.section} (${one.program.name})`).join(", ");
    return { ok: false, why: `it has no program ${section}; it has ${names}` };
  }
  return verified(found.program, false);
}

function loadClassic(bytes: Uint8Array, section: string): LoadedFilter {
  if (section !== "") return { ok: false, why: `a classic program has no sections, and so no ${section}` };
  const read = readClassic(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  if (!read.ok) return read;
  const refused = checkClassic(read.insns);
  if (refused !== undefined) {
    const { insn, why } = refused;
    return { ok: false, insn, why: `instruction ${insn}, ${classicText(read.insns[insn])}: ${why}` };
  }
  return verified(translateClassic(read.insns, "classic"), true);
}

/** An instruction as `tcpdump -dd` writes it. */
const classicText = ({ code, jt, jf, k }: ClassicInsn = { code: 0, jt: 0, jf: 0, k: 0 }): string =>
  `{ 0x${code.toString(16)}, ${jt}, ${jf}, 0x${k.toString(16).padStart(8, "0")} }`;

function verified(program: BpfProgram, classic: boolean): LoadedFilter {
  const noMaps = whyNoMaps(program.maps);
  if (noMaps !== undefined) return { ok: false, why: noMaps };
  const verdict = verify(program, FOLLOWED_MAX);
  if (verdict.ok) return { ok: true, filter: { program, classic } };
  return { ok: false, insn: verdict.insn, why: `instruction ${verdict.insn}, ${verdict.text}: ${verdict.why}` };
}
