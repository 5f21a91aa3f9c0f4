import { errnoOf, isErrno, toRet } from "../../abi/errno.ts";
import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { parseDurationNs } from "../../abi/units.ts";
import { FACTS, FIELDS } from "../../rules/atoms/vocabulary.ts";
import { CONTRACT } from "../../abi/contract.generated.ts";

/** How the values of a field are compared: as numbers, as texts, or as whatever an event has there. */
export type FieldKind = "number" | "text" | "any";

/** What every event has, or may have. */
const OWN: Readonly<Record<string, FieldKind>> = {
  node: "text",
  service: "text",
  stage: "text",
  point: "text",
  phase: "text",
  task: "text",
  errno: "text",
  lost: "text",
  fault: "text",
  holds: "text",
  seq: "number",
  lamport: "number",
  time: "number",
  ret: "number",
  span: "number",
  parent: "number",
  trace: "number",
};

/** The fields of events, what all have first, then what some have in their slice or among their arguments. */
export const FILTER_FIELDS: readonly string[] = [...new Set([...Object.keys(OWN), ...FIELDS])];

/** The names that events can have. */
export const POINT_NAMES: readonly string[] = [
  ...Object.values(CONTRACT)
    .filter(({ kind }) => kind !== "control")
    .map(({ name }) => name),
  ...Object.keys(FACTS),
];

/** The words that a field can hold; undefined where it can hold anything. */
export function wordsOf(field: string): readonly string[] | undefined {
  switch (field) {
    case "point":
      return POINT_NAMES;
    case "service":
      return ["task", "vfs", "inband", "companion", "nic", "lab"];
    case "stage":
      return ["inband", "oob"];
    case "phase":
      return ["enter", "exit", "fact"];
    case "lost":
      return ["timeout", "unreachable", "garbled", "rejected"];
    default:
      return undefined;
  }
}

/** How a field is compared; undefined when no event has one of this name. `slice.X` and `args.X` say which X is meant. */
export function kindOf(field: string): FieldKind | undefined {
  if (Object.hasOwn(OWN, field)) return OWN[field];
  return FIELDS.includes(field.replace(/^(slice|args)\./, "")) ? "any" : undefined;
}

/** The errno that an event tells of: what was returned, else what a state change says. */
function errnoIn({ ret, args }: TraceEvent): string | undefined {
  const number = ret ?? args["errno"];
  if (ret !== undefined && ret >= 0) return undefined;
  return typeof number === "number" ? (errnoOf(number) ?? String(Math.abs(number))) : number?.toString();
}

/** Reads a field of an event; undefined where the event has none. `holds` has a value for every lock. */
export function readerOf(field: string): (event: TraceEvent) => Scalar | readonly string[] | undefined {
  switch (field) {
    case "node":
    case "service":
    case "stage":
    case "point":
    case "phase":
    case "lost":
    case "fault":
    case "seq":
    case "lamport":
    case "ret":
    case "span":
    case "parent":
    case "trace":
      return (event) => event[field];
    case "time":
      return (event) => event.timeNs;
    case "errno":
      return errnoIn;
    case "holds":
      return (event) => event.locks;
    default: {
      const [, where, name = field] = /^(slice|args)\.(.*)$/.exec(field) ?? [];
      if (where === "slice") return ({ slice }) => slice[name];
      if (where === "args") return ({ args }) => args[name];
      return ({ slice, args }) => slice[name] ?? args[name];
    }
  }
}

const SPANS: ReadonlySet<string> = new Set(["span", "parent", "trace"]);

/**
 * The number that a value means for a field: C's three notations, a constant such as O_CLOEXEC, for `ret` an errno with or
 * without its sign, for `time` a duration, for spans the sixteen digits that trace files have. Undefined when it is none.
 */
export function numberIn(field: string, value: string): number | undefined {
  if (SPANS.has(field) && /^[0-9a-f]{16}$/.test(value)) return parseInt(value, 16);
  const [, sign, digits = ""] = /^(-?)(0x[0-9a-f]+|\d+)$/i.exec(value) ?? [];
  if (digits !== "") {
    const number = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
    return sign === "-" ? -number : number;
  }
  if (field === "time") return parseDurationNs(value);
  const errno = value.replace(/^-/, "");
  if (isErrno(errno) && (field === "ret" || value !== errno)) return toRet(errno);
  return Object.hasOwn(CONSTANTS, value) ? CONSTANTS[value] : undefined;
}
