import { Reader } from "./bytes.ts";
import type { Unreadable } from "./object.ts";

/** The kinds of types that matter here (Documentation/bpf/btf.rst). */
const KIND = {
  INT: 1,
  PTR: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  FLOAT: 16,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

/** Bytes behind the head of a type: fixed, or for each of its members. */
const FIXED: Readonly<Record<number, number>> = { [KIND.INT]: 4, [KIND.ARRAY]: 12, [KIND.VAR]: 4, [KIND.DECL_TAG]: 4 };
const EACH: Readonly<Record<number, number>> = {
  [KIND.STRUCT]: 12,
  [KIND.UNION]: 12,
  [KIND.ENUM]: 8,
  [KIND.FUNC_PROTO]: 8,
  [KIND.DATASEC]: 12,
  [KIND.ENUM64]: 12,
};
const KIND_MAX = 19;
const MODIFIERS: ReadonlySet<number> = new Set([
  ...[KIND.TYPEDEF, KIND.VOLATILE, KIND.CONST, KIND.RESTRICT, KIND.TYPE_TAG],
]);

/** Types inside of types; a longer chain is a circle. */
const DEPTH_MAX = 32;

interface Type {
  readonly kind: number;
  readonly name: string;
  /** A size, or the number of another type. */
  readonly sizeOrType: number;
  readonly members: number;
  /** Where what stands behind its head is. */
  readonly at: number;
}

/** The types of an object, as its .BTF section describes them. */
export interface Btf {
  readonly ok: true;
  /** The variables of a section by name, with the number of their type. */
  variables(section: string): ReadonlyMap<string, number>;
  /** The members of a structure by name, with the number of their type; undefined: it is none. */
  membersOf(type: number): ReadonlyMap<string, number> | undefined;
  /** How many bytes one has; undefined: it has no size. */
  sizeOf(type: number): number | undefined;
  /** What a pointer points to; undefined: it is none. */
  pointedTo(type: number): number | undefined;
  /** How many elements an array has, which is how libbpf's `__uint` writes a number; undefined: it is none. */
  elementsOf(type: number): number | undefined;
}

const MAGIC = 0xeb9f;
const HEADER_BYTES = 24;

/** Reads a .BTF section. */
export function readBtf(bytes: Uint8Array): Btf | Unreadable {
  const reader = new Reader(bytes);
  if (!reader.within(0, HEADER_BYTES) || reader.u16(0) !== MAGIC) return { ok: false, why: "its .BTF section is none" };
  const header = reader.u32(4);
  const [typesAt, typesBytes] = [header + reader.u32(8), reader.u32(12)];
  const [textAt, textBytes] = [header + reader.u32(16), reader.u32(20)];
  if (!reader.within(typesAt, typesBytes) || !reader.within(textAt, textBytes)) {
    return { ok: false, why: "its .BTF section is cut off" };
  }
  const text = new Reader(bytes.subarray(textAt, textAt + textBytes));
  const types: (Type | undefined)[] = [undefined];
  for (let at = typesAt; at + 12 <= typesAt + typesBytes;) {
    const info = reader.u32(at + 4);
    const kind = (info >>> 24) & 0x1f;
    const members = info & 0xffff;
    if (kind === 0 || kind > KIND_MAX) return { ok: false, why: `its .BTF section has a type of kind ${kind}` };
    const type = { kind, name: text.text(reader.u32(at)), sizeOrType: reader.u32(at + 8), members, at: at + 12 };
    types.push(type);
    at = type.at + (FIXED[kind] ?? (EACH[kind] ?? 0) * members);
    if (at > typesAt + typesBytes) return { ok: false, why: "its .BTF section is cut off" };
  }
  return tellTypes(reader, text, types);
}

function tellTypes(reader: Reader, text: Reader, types: readonly (Type | undefined)[]): Btf {
  /** Without `const`, `typedef` and the like. */
  const plain = (type: number, depth = 0): Type | undefined => {
    const found = types[type];
    if (found === undefined || !MODIFIERS.has(found.kind)) return found;
    return depth >= DEPTH_MAX ? undefined : plain(found.sizeOrType, depth + 1);
  };
  const sizeOf = (type: number, depth = 0): number | undefined => {
    const found = plain(type);
    if (found === undefined || depth >= DEPTH_MAX) return undefined;
    switch (found.kind) {
      case KIND.PTR:
        return 8;
      case KIND.ARRAY: {
        const element = sizeOf(reader.u32(found.at), depth + 1);
        return element === undefined ? undefined : element * reader.u32(found.at + 8);
      }
      case KIND.INT:
      case KIND.STRUCT:
      case KIND.UNION:
      case KIND.ENUM:
      case KIND.ENUM64:
      case KIND.FLOAT:
        return found.sizeOrType;
      default:
        return undefined;
    }
  };
  const each = (type: Type, bytes: number): number[] =>
    Array.from({ length: type.members }, (_, i) => type.at + i * bytes);
  return {
    ok: true,
    variables(section) {
      const found = types.find((type) => type?.kind === KIND.DATASEC && type.name === section);
      const variables = new Map<string, number>();
      for (const at of found === undefined ? [] : each(found, 12)) {
        const variable = types[reader.u32(at)];
        if (variable?.kind === KIND.VAR) variables.set(variable.name, variable.sizeOrType);
      }
      return variables;
    },
    membersOf(type) {
      const found = plain(type);
      if (found?.kind !== KIND.STRUCT) return undefined;
      return new Map(each(found, 12).map((at) => [text.text(reader.u32(at)), reader.u32(at + 4)]));
    },
    sizeOf: (type) => sizeOf(type),
    pointedTo(type) {
      const found = plain(type);
      return found?.kind === KIND.PTR ? found.sizeOrType : undefined;
    },
    elementsOf(type) {
      const found = plain(type);
      return found?.kind === KIND.ARRAY ? reader.u32(found.at + 8) : undefined;
    },
  };
}
