import { CONTRACT, ERRNO, type PointContract, type PointName } from "../../abi/contract.generated.ts";
import { isErrno } from "../../abi/errno.ts";
import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { classOf } from "../../abi/lock-class.ts";
import type { Atom, Condition, Literal, Operator, Pattern } from "./syntax.ts";

/** Whether a name fits a glob: `*` stands for any letters. */
export function globFits(glob: string, name: string): boolean {
  if (!glob.includes("*")) return glob === name;
  const pattern = glob
    .split("*")
    .map((part) => part.replaceAll(/[^\w]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(name);
}

const contractOf = (point: string): PointContract | undefined =>
  Object.hasOwn(CONTRACT, point) ? CONTRACT[point as PointName] : undefined;

/** Whether an event is of the side that a crossing is told from when nothing else is said: the side of the caller. */
export function ofCaller(event: TraceEvent): boolean {
  if (event.phase === "fact") return true;
  const contract = contractOf(event.point);
  return contract === undefined || contract.from === event.service;
}

/**
 * A field of an event: what every event has, else from its slice, else from its arguments. The facts of the boundary
 * (`retry`, `repeated`, `contract_breach`) speak of a point, and their `point` is that one.
 */
export function fieldOf(event: TraceEvent, field: string): Scalar | undefined {
  switch (field) {
    case "point":
      return (event.phase === "fact" ? event.args["point"] : undefined) ?? event.point;
    case "service":
    case "stage":
    case "phase":
    case "node":
    case "ret":
    case "lost":
    case "fault":
      return event[field];
    default:
      return event.slice[field] ?? event.args[field];
  }
}

/** The number that a word stands for in this field: `ENOMEM` is -12 for `ret`, `POLLNVAL` is 32 elsewhere. */
function numberOf(field: string, { number, text }: Literal): number | undefined {
  if (number !== undefined) return number;
  if (field === "ret") return isErrno(text) ? -ERRNO[text] : undefined;
  return Object.hasOwn(CONSTANTS, text) ? CONSTANTS[text] : undefined;
}

/** Whether an event fulfils a condition. */
export function fulfils(event: TraceEvent, condition: Condition): boolean {
  const { field, operator, value } = condition;
  if (field === "holds") {
    const held = event.locks.some((lock) => lock === value.text || classOf(lock) === value.text);
    return operator === "==" ? held : operator === "!=" && !held;
  }
  const actual = fieldOf(event, field);
  if (actual === undefined) return false;
  if (field === "point" && operator === "==") return globFits(value.text, String(actual));
  const wanted = typeof actual === "number" ? numberOf(field, value) : value.text;
  if (wanted === undefined) return operator === "!=";
  return compare(typeof actual === "boolean" ? String(actual) : actual, operator, wanted);
}

/** Whether two values compare so; both are numbers, or both texts. */
export function compare(a: string | number, operator: Operator, b: string | number): boolean {
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** Whether an event is what a pattern describes. `anySide`: a crossing counts on both sides, not only on the caller's. */
function fits(event: TraceEvent, pattern: Pattern, anySide = false): boolean {
  if (!globFits(pattern.name, event.point)) return false;
  if (pattern.phase !== undefined && pattern.phase !== event.phase) return false;
  if (pattern.service !== undefined) {
    if (pattern.service !== event.service) return false;
  } else if (!anySide && !ofCaller(event) && !pattern.conditions.some(({ field }) => field === "service")) {
    return false;
  }
  return pattern.conditions.every((condition) => fulfils(event, condition));
}

/** Whether an event is what an atom describes. */
export const matches = (event: TraceEvent, atom: Atom, anySide = false): boolean =>
  atom.patterns.some((pattern) => fits(event, pattern, anySide));

/** Whether an event would be what an atom describes, if it were not for the conditions. */
export const nearlyMatches = (event: TraceEvent, atom: Atom): boolean =>
  atom.patterns.some((pattern) => fits(event, { ...pattern, conditions: [] }, true));
