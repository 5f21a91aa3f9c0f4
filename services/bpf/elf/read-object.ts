import type { BpfProgram } from "../program.ts";
import { isFilterSection, link } from "./link.ts";
import { readMaps } from "./maps.ts";
import { readElf, type Unreadable } from "./object.ts";

/** A program of an object, and the section that it is in. */
interface ObjectProgram {
  readonly section: string;
  readonly program: BpfProgram;
}

/** The programs of an object, in their order; or why it cannot be loaded, in a sentence without its full stop. */
export type ReadObject = { readonly ok: true; readonly programs: readonly ObjectProgram[] } | Unreadable;

/**
 * Reads an object that `clang -target bpf -O2 -g -c` has made: the functions in its sections "socket", "socket/…" and "filter" are
 * programs, and are linked with what they call and use. Nothing is verified yet. Never throws, whatever the bytes.
 */
export function readObject(bytes: Uint8Array): ReadObject {
  const object = readElf(bytes);
  if (!object.ok) return object;
  const maps = readMaps(object);
  if ("ok" in maps) return maps;
  const programs: ObjectProgram[] = [];
  for (const section of object.sections.filter(isFilterSection)) {
    const functions = object.symbols.filter(({ kind, section: home }) => kind === "function" && home === section.index);
    for (const symbol of functions.sort((a, b) => a.value - b.value)) {
      const linked = link(object, maps, symbol);
      if (!linked.ok) return linked;
      programs.push({ section: section.name, program: linked.program });
    }
  }
  if (programs.length > 0) return { ok: true, programs };
  const names = object.sections.filter(({ executable, size }) => executable && size > 0).map(({ name }) => name);
  return {
    ok: false,
    why: `it has no packet filter: functions in SEC("socket"), SEC("socket/…") or SEC("filter") are; it has ${names.length === 0 ? "no functions at all" : names.join(", ")}`,
  };
}
