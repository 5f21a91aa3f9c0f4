import { Reader } from "./bytes.ts";

/** What can go wrong with a file, in a sentence without its full stop. */
export interface Unreadable {
  readonly ok: false;
  readonly why: string;
}

/** A section of an object. */
export interface Section {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  /** Whether it holds instructions. */
  readonly executable: boolean;
  /** What is in it; of .bss, which has no bytes in the file, undefined. */
  readonly bytes: Uint8Array | undefined;
  readonly size: number;
}

/** A name in an object, and where it is. */
export interface ElfSymbol {
  readonly name: string;
  readonly kind: "function" | "object" | "section" | "other";
  /** The section; 0: it is not in this object. */
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

/** A place that depends on a symbol. */
export interface Relocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol: ElfSymbol;
}

/** An object as it is written, not yet linked. */
export interface ElfObject {
  readonly ok: true;
  readonly sections: readonly Section[];
  readonly symbols: readonly ElfSymbol[];
  /** By the section that they are for. */
  readonly relocations: ReadonlyMap<number, readonly Relocation[]>;
}

const ELF = {
  HEADER_BYTES: 64,
  SECTION_BYTES: 64,
  SYMBOL_BYTES: 24,
  REL_BYTES: 16,
  CLASS_64: 2,
  LITTLE_ENDIAN: 1,
  RELOCATABLE: 1,
  MACHINE_BPF: 247,
} as const;
const SHT = { SYMTAB: 2, RELA: 4, NOBITS: 8, REL: 9 } as const;
const SHF_EXECINSTR = 0x4;
const STT: Readonly<Record<number, ElfSymbol["kind"]>> = { 1: "object", 2: "function", 3: "section" };
/** Section numbers from here on mean something else than a section. */
const SHN_LORESERVE = 0xff00;

const unreadable = (why: string): Unreadable => ({ ok: false, why });

/** The most bytes of a .bss, so that an object cannot ask for all memory. */
const SECTION_BYTES_MAX = 16 * 1024 * 1024;

/** Reads an object file of the ELF format, of 64 bits, little-endian, for BPF, not linked: what `clang -target bpf -c` writes. */
export function readElf(bytes: Uint8Array): ElfObject | Unreadable {
  const reader = new Reader(bytes);
  const why = headerWrong(reader);
  if (why !== undefined) return unreadable(why);
  const sections = readSections(reader);
  if (!Array.isArray(sections)) return sections;
  const symbols = readSymbols(sections);
  if (!Array.isArray(symbols)) return symbols;
  const relocations = new Map<number, Relocation[]>();
  for (const section of sections) {
    if (section.type === SHT.RELA)
      return unreadable(`section ${section.name} has relocations with addends, which clang does not write for BPF`);
    if (section.type !== SHT.REL) continue;
    const read = readRelocations(section, symbols);
    if (!Array.isArray(read)) return read;
    relocations.set(section.info, read);
  }
  return { ok: true, sections, symbols, relocations };
}

function headerWrong(reader: Reader): string | undefined {
  if (reader.u32(0) !== 0x464c457f) return "it is no ELF file: it does not begin with 7f 45 4c 46";
  if (!reader.within(0, ELF.HEADER_BYTES)) return "it ends inside of its ELF header";
  if (reader.u8(4) !== ELF.CLASS_64) return "it is an ELF file of 32 bits, and those for BPF have 64";
  if (reader.u8(5) !== ELF.LITTLE_ENDIAN)
    return "it is big-endian; only little-endian programs run here (clang -target bpf, or bpfel)";
  if (reader.u16(18) !== ELF.MACHINE_BPF) return `it is for machine ${reader.u16(18)}, and not for BPF (247)`;
  if (reader.u16(16) !== ELF.RELOCATABLE) return "it is no object file: it was linked (clang -c makes one)";
  if (reader.u16(58) !== ELF.SECTION_BYTES)
    return `its section headers have ${reader.u16(58)} bytes, and not ${ELF.SECTION_BYTES}`;
  return reader.within(reader.u64(40), reader.u16(60) * ELF.SECTION_BYTES)
    ? undefined
    : "it ends inside of its section headers";
}

interface RawSection extends Section {
  readonly link: number;
  readonly info: number;
}

function readSections(reader: Reader): RawSection[] | Unreadable {
  const at = reader.u64(40);
  const count = reader.u16(60);
  const sections: RawSection[] = [];
  for (let index = 0; index < count; index += 1) {
    const header = at + index * ELF.SECTION_BYTES;
    const type = reader.u32(header + 4);
    const [offset, size] = [reader.u64(header + 24), reader.u64(header + 32)];
    const inFile = type !== SHT.NOBITS && type !== 0;
    if (inFile && !reader.within(offset, size)) return unreadable(`section ${index} is outside of the file`);
    if (!inFile && size > SECTION_BYTES_MAX)
      return unreadable(`section ${index} has ${size} bytes, and ${SECTION_BYTES_MAX} are the most`);
    sections.push({
      index,
      name: "",
      type,
      executable: (reader.u32(header + 8) & SHF_EXECINSTR) !== 0,
      bytes: inFile ? reader.bytes.subarray(offset, offset + size) : undefined,
      size,
      link: reader.u32(header + 40),
      info: reader.u32(header + 44),
    });
  }
  const names = sections[reader.u16(62)]?.bytes;
  if (names === undefined) return unreadable("it has no names of sections");
  const text = new Reader(names);
  return sections.map((section, i) => ({ ...section, name: text.text(reader.u32(at + i * ELF.SECTION_BYTES)) }));
}

function readSymbols(sections: readonly RawSection[]): ElfSymbol[] | Unreadable {
  const table = sections.find(({ type }) => type === SHT.SYMTAB);
  if (table?.bytes === undefined) return unreadable("it has no symbols: was it stripped?");
  const names = sections[table.link]?.bytes;
  if (names === undefined) return unreadable("it has no names of symbols");
  const [reader, text] = [new Reader(table.bytes), new Reader(names)];
  const symbols: ElfSymbol[] = [];
  for (let at = 0; at + ELF.SYMBOL_BYTES <= table.bytes.length; at += ELF.SYMBOL_BYTES) {
    const section = reader.u16(at + 6);
    const home = section >= SHN_LORESERVE ? undefined : sections[section];
    if (home === undefined && section < SHN_LORESERVE)
      return unreadable(`a symbol is in section ${section}, which it has not`);
    const kind = STT[reader.u8(at + 4) & 0xf] ?? "other";
    symbols.push({
      name: kind === "section" ? (home?.name ?? "") : text.text(reader.u32(at)),
      kind,
      section: home?.index ?? 0,
      value: reader.u64(at + 8),
      size: reader.u64(at + 16),
    });
  }
  return symbols;
}

function readRelocations(section: RawSection, symbols: readonly ElfSymbol[]): Relocation[] | Unreadable {
  const reader = new Reader(section.bytes ?? new Uint8Array(0));
  const relocations: Relocation[] = [];
  for (let at = 0; at + ELF.REL_BYTES <= reader.bytes.length; at += ELF.REL_BYTES) {
    const symbol = symbols[reader.u32(at + 12)];
    if (symbol === undefined)
      return unreadable(`${section.name} is about symbol ${reader.u32(at + 12)}, which it has not`);
    relocations.push({ offset: reader.u64(at), type: reader.u32(at + 8), symbol });
  }
  return relocations;
}
