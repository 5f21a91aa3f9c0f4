import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { kindOf, numberIn, POINT_NAMES, readerOf } from "./fields.ts";
import { createGlob } from "./glob.ts";
import type { Comparison, Filter, Operator } from "./syntax.ts";

/** Whether an event passes. */
export type Passes = (event: TraceEvent) => boolean;

/** Numbers of 53 bits: the operator of JavaScript knows 32 only. */
const haveCommonBit = (a: number, b: number): boolean =>
  Number.isSafeInteger(a) && Number.isSafeInteger(b) && (BigInt(a) & BigInt(b)) !== 0n;

const COMPARES: Readonly<Record<Exclude<Operator, "~">, (found: number, wanted: number) => boolean>> = {
  "==": (found, wanted) => found === wanted,
  "!=": (found, wanted) => found !== wanted,
  "<": (found, wanted) => found < wanted,
  "<=": (found, wanted) => found <= wanted,
  ">": (found, wanted) => found > wanted,
  ">=": (found, wanted) => found >= wanted,
  "&": haveCommonBit,
};

/** A test of one value that an event has. */
function testOf({ field, operator, value }: Comparison): (found: Scalar) => boolean {
  if (operator === "~") {
    const fits = createGlob(value);
    return (found) => fits(String(found));
  }
  const number = numberIn(field, value);
  const compares = COMPARES[operator];
  const kind = kindOf(field);
  const equal = operator === "==" || operator === "!=";
  return (found) => {
    if (typeof found === "number" && number !== undefined) return compares(found, number);
    if (typeof found === "boolean" && number !== undefined) return compares(Number(found), number);
    // A number is never the same as a word, and what is no number has no place in an order.
    return equal && kind !== "number" && (String(found) === value) === (operator === "==");
  };
}

function compileComparison(comparison: Comparison): Passes {
  const read = readerOf(comparison.field);
  const test = testOf(comparison);
  return (event) => {
    const found = read(event);
    if (found === undefined) return false;
    if (typeof found !== "object") return test(found);
    // Of several values one must be so; that none is so is what `!=` asks.
    return comparison.operator === "!=" ? found.length > 0 && found.every(test) : found.some(test);
  };
}

/**
 * Makes a filter into a function. A comparison with a field that an event lacks is false, whatever the operator, as in
 * ftrace; `!` in front of it is then true.
 */
export function compileFilter(filter: Filter): Passes {
  switch (filter.t) {
    case "compare":
      return compileComparison(filter);
    case "not": {
      const passes = compileFilter(filter.of);
      return (event) => !passes(event);
    }
    case "and": {
      const all = filter.all.map(compileFilter);
      return (event) => all.every((passes) => passes(event));
    }
    case "or": {
      const all = filter.all.map(compileFilter);
      return (event) => all.some((passes) => passes(event));
    }
  }
}

/** The points that events which pass can have, so that others need not be sent; undefined: any. */
export function pointsOf(filter: Filter): ReadonlySet<string> | undefined {
  switch (filter.t) {
    case "compare": {
      const { field, operator, value } = filter;
      if (field !== "point" || (operator !== "==" && operator !== "~")) return undefined;
      const fits = operator === "==" ? (name: string) => name === value : createGlob(value);
      return new Set(POINT_NAMES.filter(fits));
    }
    case "not":
      return undefined;
    case "and": {
      const sets = filter.all.map(pointsOf).filter((set) => set !== undefined);
      const [first, ...others] = sets;
      return first === undefined
        ? undefined
        : new Set([...first].filter((name) => others.every((set) => set.has(name))));
    }
    case "or": {
      const sets = filter.all.map(pointsOf);
      const known = sets.filter((set) => set !== undefined);
      return known.length < sets.length ? undefined : new Set(known.flatMap((set) => [...set]));
    }
  }
}
