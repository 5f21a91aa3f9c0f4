import { CALL, isWide, WIDE } from "../isa.ts";
import { isCall } from "../jumps.ts";
import type { BpfProgram, Insn, MapSpec } from "../program.ts";
import { readInsns, SLOT_BYTES } from "./insns.ts";
import { dataMap, isData, mapKey, type ObjectMaps } from "./maps.ts";
import type { ElfObject, ElfSymbol, Relocation, Section, Unreadable } from "./object.ts";

/** What relocations of instructions there are: of wide loads, and of calls. */
const R_BPF = { R_64_64: 1, R_64_32: 10 } as const;

/** The most slots of a linked program, so that an object that lies cannot ask for all memory. */
const INSNS_MAX = 1_000_000;

/** One function, where its instructions stand in the linked program. */
interface Placed {
  readonly symbol: ElfSymbol;
  readonly at: number;
}

/** A program while it is put together. */
interface Linking {
  readonly object: ElfObject;
  readonly maps: ObjectMaps;
  readonly insns: Insn[];
  readonly used: MapSpec[];
  readonly usedKeys: Map<string, number>;
  readonly placed: Placed[];
}

/**
 * Makes a program of a function: what it calls in the object is put behind it, calls and wide loads are told where their symbols are,
 * and the maps that it uses are numbered in the order in which they appear.
 */
export function link(
  object: ElfObject,
  maps: ObjectMaps,
  main: ElfSymbol,
): { ok: true; program: BpfProgram } | Unreadable {
  const linking: Linking = { object, maps, insns: [], used: [], usedKeys: new Map(), placed: [] };
  const begun = place(linking, main);
  if (typeof begun === "string") return { ok: false, why: `the program ${main.name}: ${begun}` };
  // Functions that are met on the way are put at the end, so that the list grows while it is walked.
  for (let i = 0; i < linking.placed.length; i += 1) {
    const placed = linking.placed[i];
    const wrong = placed && resolve(linking, placed);
    if (wrong !== undefined) return { ok: false, why: `the program ${main.name}: ${wrong}` };
  }
  return { ok: true, program: { name: main.name, insns: linking.insns, maps: linking.used } };
}

function place(linking: Linking, symbol: ElfSymbol): number | string {
  const known = linking.placed.find((one) => one.symbol === symbol);
  if (known !== undefined) return known.at;
  const { bytes } = linking.object.sections[symbol.section] ?? {};
  const { value, size, name } = symbol;
  if (
    bytes === undefined ||
    value + size > bytes.length ||
    value % SLOT_BYTES !== 0 ||
    size % SLOT_BYTES !== 0 ||
    size === 0
  ) {
    return `the function ${name} is not a piece of its section`;
  }
  const at = linking.insns.length;
  if (at + size / SLOT_BYTES > INSNS_MAX) return `with all that it calls it has more than ${INSNS_MAX} slots`;
  for (const insn of readInsns(bytes.subarray(value, value + size))) linking.insns.push(insn);
  linking.placed.push({ symbol, at });
  return at;
}

function resolve(linking: Linking, { symbol, at }: Placed): string | undefined {
  const { object, insns } = linking;
  const relocations = new Map<number, Relocation>();
  for (const relocation of object.relocations.get(symbol.section) ?? []) {
    if (relocation.offset < symbol.value || relocation.offset >= symbol.value + symbol.size) continue;
    relocations.set(at + (relocation.offset - symbol.value) / SLOT_BYTES, relocation);
  }
  for (const place of relocations.keys()) {
    if (insns[place] === undefined) return `it has a relocation that is at no instruction`;
  }
  const end = at + symbol.size / SLOT_BYTES;
  for (let i = at; i < end; i += 1) {
    const insn = insns[i];
    if (insn === undefined) continue;
    const wrong = resolveOne(linking, { insn, i, symbol, at }, relocations.get(i));
    if (wrong !== undefined) return wrong;
    if (isWide(insn.code)) i += 1;
  }
  return undefined;
}

interface Here {
  readonly insn: Insn;
  readonly i: number;
  readonly symbol: ElfSymbol;
  readonly at: number;
}

function resolveOne(linking: Linking, here: Here, relocation: Relocation | undefined): string | undefined {
  const { insn, i, symbol, at } = here;
  if (isCall(insn.code) && insn.src === CALL.LOCAL) {
    // Without a relocation, the function is in the same section, so far from here.
    const section = relocation === undefined ? symbol.section : relocation.symbol.section;
    const from = relocation === undefined ? symbol.value + (i - at) * SLOT_BYTES : relocation.symbol.value;
    if (section === 0) return `it calls the function ${relocation?.symbol.name ?? ""}, which the object has not`;
    const value = from + (insn.imm + 1) * SLOT_BYTES;
    const callee = linking.object.symbols.find(
      (one) => one.kind === "function" && one.section === section && one.value === value,
    );
    if (callee === undefined) return `it calls byte ${value} of its section, where no function begins`;
    const to = place(linking, callee);
    if (typeof to === "string") return to;
    linking.insns[i] = { ...insn, imm: to - i - 1 };
    return undefined;
  }
  if (relocation === undefined) return undefined;
  if (isCall(insn.code) && relocation.symbol.section === 0)
    return `it calls the function ${relocation.symbol.name}, which the object has not`;
  if (relocation.type !== R_BPF.R_64_64 || !isWide(insn.code))
    return `its slot ${i} has a relocation of type ${relocation.type}`;
  return resolveLoad(linking, here, relocation.symbol);
}

function resolveLoad(linking: Linking, { insn, i }: Here, symbol: ElfSymbol): string | undefined {
  const section = linking.object.sections[symbol.section];
  const next = linking.insns[i + 1];
  if (section === undefined || symbol.section === 0 || next === undefined)
    return `it wants ${symbol.name}, which the object has not`;
  const value = symbol.value + insn.imm;
  const known = linking.maps.get(mapKey(section.index, value));
  if (known !== undefined) {
    linking.insns[i] = { ...insn, src: WIDE.MAP, imm: numberOf(linking, mapKey(section.index, value), known) };
    linking.insns[i + 1] = { ...next, imm: 0 };
    return undefined;
  }
  if (!isData(section))
    return `it wants the address of ${symbol.name || "something"} in ${section.name}, which is neither a map nor data`;
  linking.insns[i] = { ...insn, src: WIDE.MAP_VALUE, imm: numberOf(linking, section.name, dataMap(section)) };
  linking.insns[i + 1] = { ...next, imm: value };
  return undefined;
}

function numberOf({ used, usedKeys }: Linking, key: string, map: MapSpec): number {
  const known = usedKeys.get(key);
  if (known !== undefined) return known;
  usedKeys.set(key, used.length);
  used.push(map);
  return used.length - 1;
}

/** Whether a section holds programs that filter packets: SEC("socket"), SEC("socket/…"), SEC("filter"). */
export const isFilterSection = ({ name, executable }: Section): boolean =>
  executable && /^(socket|filter)(\d*|\/.*)$/.test(name);
