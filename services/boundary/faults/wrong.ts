import { ENUM_WORDS, type FaultData, type FieldShape, type PointContract } from "../../abi/contract.generated.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { dataOf } from "./cells.ts";

/** Chance for one struck crossing: a fraction in [0, 1) for each name. */
export type Chance = (name: string) => number;

/** What each integer type can hold, where a number of JavaScript can hold it too. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  double: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

const wordsOf = ({ ref = "" }: FieldShape): string[] => Object.values(ENUM_WORDS[ref] ?? {});

/** A field by its name; without one the first, which says what a call came to. */
export const fieldNamed = (shapes: readonly FieldShape[], field: string): FieldShape | undefined =>
  field === "" ? shapes[0] : shapes.find(({ name }) => name === field);

/** A value for a field as a person writes it; undefined when it is none. Bytes are text, or hexadecimal behind `hex:`. */
export function parsedValue(shape: FieldShape, text: string): number | string | boolean | Uint8Array | undefined {
  switch (shape.kind) {
    case "string":
      return text;
    case "bool":
      return text === "true" || text === "false" ? text === "true" : undefined;
    case "enum":
      return wordsOf(shape).includes(text) ? text : undefined;
    case "bytes": {
      if (!text.startsWith("hex:")) return new TextEncoder().encode(text);
      const digits = text.slice(4);
      if (!/^([0-9a-fA-F]{2})*$/.test(digits)) return undefined;
      return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    }
    default: {
      const [min, max] = RANGES[shape.kind] ?? [0, 0];
      const number = Object.hasOwn(CONSTANTS, text) ? CONSTANTS[text] : text.trim() === "" ? NaN : Number(text);
      const whole = shape.kind === "double" || Number.isInteger(number);
      return number !== undefined && whole && number >= min && number <= max ? number : undefined;
    }
  }
}

const pick = <T>(from: readonly T[], fraction: number): T | undefined => from[Math.floor(fraction * from.length)];

/** Bytes with one bit turned over in each of so many of them; which ones, chance says. */
export function corrupted(bytes: Uint8Array, count: number, chance: Chance): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i < count && copy.length > 0; i++) {
    const at = Math.floor(chance(`byte ${i}`) * copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(chance(`bit ${i}`) * 8));
  }
  return copy;
}

/** A value that is not the right one, yet one that the field can have. */
function wrongValue(shape: FieldShape, value: unknown, chance: Chance): unknown {
  const fraction = chance(`value ${shape.name}`);
  switch (shape.kind) {
    case "bool":
      return value !== true;
    case "enum":
      return (
        pick(
          wordsOf(shape).filter((word) => word !== value),
          fraction,
        ) ?? value
      );
    case "string": {
      const text = typeof value === "string" ? value : "";
      return (
        pick(
          ["", `${text}x`, text.slice(1), "no-such"].filter((one) => one !== text),
          fraction,
        ) ?? "no-such"
      );
    }
    case "bytes": {
      const bytes = value instanceof Uint8Array ? value : new Uint8Array(0);
      const shorter = bytes.subarray(0, Math.floor(chance("length") * bytes.length));
      const longer = new Uint8Array(bytes.length + 1 + Math.floor(chance("length") * 16));
      longer.set(bytes);
      return bytes.length === 0 || fraction < 0.25
        ? longer
        : fraction < 0.5
          ? shorter.slice()
          : corrupted(bytes, 1 + Math.floor(fraction * 4), chance);
    }
    default: {
      const [min, max] = RANGES[shape.kind] ?? [0, 0];
      const right = typeof value === "number" ? value : 0;
      const near = Math.floor(chance(`near ${shape.name}`) * 64);
      const candidates = [0, 1, right + 1, right - 1, near, right + near, 2 ** 31 - 1, max];
      return (
        pick(
          candidates.filter((one) => one !== right && one >= min && one <= max),
          fraction,
        ) ?? min
      );
    }
  }
}

/**
 * Arguments or an answer with wrong fields: those that are named, with the values that are given, or else with such that
 * chance makes; one field that chance picks where none is named. The rest is as it was.
 */
export function mistaken(
  contract: PointContract,
  phase: "before" | "after",
  fields: object,
  data: FaultData | undefined,
  chance: Chance,
): object {
  const shapes = dataOf(contract, phase);
  const given = new Map(
    (data?.values ?? []).map(({ field, value }) => [fieldNamed(shapes, field)?.name ?? field, value]),
  );
  const named = new Set([...(data?.fields ?? []), ...given.keys()]);
  const picked = named.size > 0 ? undefined : pick(shapes, chance("field"))?.name;
  const wrong: Record<string, unknown> = { ...fields };
  for (const shape of shapes) {
    const { name } = shape;
    if (!named.has(name) && name !== picked) continue;
    const value = given.get(name);
    wrong[name] = value === undefined ? wrongValue(shape, wrong[name], chance) : parsedValue(shape, value);
  }
  return wrong;
}

/** Arguments or an answer of which some bytes are not as they were. */
export function corruptedData(
  contract: PointContract,
  phase: "before" | "after",
  fields: object,
  data: FaultData | undefined,
  chance: Chance,
): object {
  const names = dataOf(contract, phase).flatMap(({ name, kind }) => (kind === "bytes" ? [name] : []));
  const wanted = data === undefined || data.fields.length === 0 ? names : data.fields;
  const wrong: Record<string, unknown> = { ...fields };
  for (const name of wanted) {
    const value = wrong[name];
    const count = Math.max(1, data?.bytes ?? 1);
    if (value instanceof Uint8Array) wrong[name] = corrupted(value, count, (what) => chance(`${name} ${what}`));
  }
  return wrong;
}
