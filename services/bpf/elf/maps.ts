import type { MapSpec } from "../program.ts";
import { readBtf, type Btf } from "./btf.ts";
import { Reader } from "./bytes.ts";
import type { ElfObject, ElfSymbol, Section, Unreadable } from "./object.ts";

/** The kinds of maps that there are here, by the kernel's numbers. */
const TYPES: Readonly<Record<number, MapSpec["type"]>> = { 1: "hash", 2: "array" };

/** The program may not write it. */
const BPF_F_RDONLY_PROG = 0x80;

/** A section whose variables are the values of one array: .data, .bss, .rodata, and what clang makes of them, such as .rodata.str1.1. */
export const isData = ({ name }: Section): boolean => /^\.(ro)?data(\.|$)|^\.bss(\.|$)/.test(name);

/** A map's name, sizes and so on, before they are checked. */
interface Described {
  readonly name: string;
  readonly type: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly maxEntries: number;
  readonly flags: number;
}

/** The maps of an object: those of `.maps` as its types describe them, and the older `maps`, by section and place. */
export type ObjectMaps = ReadonlyMap<string, MapSpec>;

/** How a map is found: by its section and its place in it. */
export const mapKey = (section: number, value: number): string => `${section}:${value}`;

/** Reads what maps an object defines. */
export function readMaps(object: ElfObject): ObjectMaps | Unreadable {
  const maps = new Map<string, MapSpec>();
  let btf: Btf | Unreadable | undefined;
  for (const section of object.sections) {
    if (section.name !== ".maps" && section.name !== "maps") continue;
    for (const symbol of object.symbols) {
      if (symbol.section !== section.index || symbol.kind === "section") continue;
      if (section.name === ".maps") {
        btf ??= typesOf(object);
        if (!btf.ok) return btf;
      }
      const described =
        btf?.ok === true && section.name === ".maps" ? fromTypes(btf, symbol) : fromBytes(section, symbol);
      const map = typeof described === "string" ? described : checked(described);
      if (typeof map === "string") return { ok: false, why: `the map ${symbol.name}: ${map}` };
      maps.set(mapKey(section.index, symbol.value), map);
    }
  }
  return maps;
}

function typesOf({ sections }: ElfObject): Btf | Unreadable {
  const section = sections.find(({ name }) => name === ".BTF");
  if (section?.bytes === undefined)
    return { ok: false, why: "it defines maps in .maps and has no .BTF section: compile it with -g" };
  return readBtf(section.bytes);
}

function fromTypes(btf: Btf, { name }: ElfSymbol): Described | string {
  const type = btf.variables(".maps").get(name);
  const members = type === undefined ? undefined : btf.membersOf(type);
  if (members === undefined) return "its types do not describe it";
  const pointed = (member: string): number | undefined => {
    const found = members.get(member);
    return found === undefined ? undefined : btf.pointedTo(found);
  };
  const written = (member: string): number | undefined => {
    const to = pointed(member);
    return to === undefined ? undefined : btf.elementsOf(to);
  };
  const size = (member: string): number | undefined => {
    const to = pointed(member);
    return written(`${member}_size`) ?? (to === undefined ? undefined : btf.sizeOf(to));
  };
  return {
    name,
    type: written("type") ?? 0,
    keyBytes: size("key") ?? 0,
    valueBytes: size("value") ?? 0,
    maxEntries: written("max_entries") ?? 0,
    flags: written("map_flags") ?? 0,
  };
}

/** A `struct bpf_map_def`: five numbers. */
function fromBytes({ bytes }: Section, { name, value }: ElfSymbol): Described | string {
  const reader = new Reader(bytes ?? new Uint8Array(0));
  if (!reader.within(value, 20)) return "its description is cut off";
  return {
    name,
    type: reader.u32(value),
    keyBytes: reader.u32(value + 4),
    valueBytes: reader.u32(value + 8),
    maxEntries: reader.u32(value + 12),
    flags: reader.u32(value + 16),
  };
}

function checked({ name, type: number, keyBytes, valueBytes, maxEntries, flags }: Described): MapSpec | string {
  const type = TYPES[number];
  if (type === undefined)
    return `its type is ${number}, and there are BPF_MAP_TYPE_HASH (1) and BPF_MAP_TYPE_ARRAY (2)`;
  return { name, type, keyBytes, valueBytes, maxEntries, ...((flags & BPF_F_RDONLY_PROG) !== 0 && { readOnly: true }) };
}

/** The array of one value that a section of data is. */
export const dataMap = ({ name, bytes, size }: Section): MapSpec => ({
  name,
  type: "array",
  keyBytes: 4,
  valueBytes: size,
  maxEntries: 1,
  ...(bytes !== undefined && { initial: new Uint8Array(bytes) }),
  ...(name.startsWith(".rodata") && { readOnly: true }),
});
