import { ENUM_WORDS, type Event, type Field, type House } from "../abi/contract.generated.ts";
import type { EventArgs, Lost, Scalar, Slice, TraceEvent } from "../abi/event.ts";

const HOUSES: ReadonlySet<string> = new Set(Object.values(ENUM_WORDS["House"] ?? {}));
const LOST: ReadonlySet<string> = new Set(["timeout", "unreachable", "garbled", "rejected"] satisfies Lost[]);

const isHouse = (word: string): word is House => HOUSES.has(word);
/** Whether a word says why no answer came. */
export const isLost = (word: string): word is Lost => LOST.has(word);

/* Loops and no chains of maps below: this is most of what it costs to take events. */

function fieldsOf(values: Readonly<Record<string, Scalar>>): Field[] {
  const fields: Field[] = [];
  for (const name in values) {
    const value = values[name];
    if (typeof value === "number") fields.push({ name, number: value });
    else if (typeof value === "string") fields.push({ name, text: value });
    else if (value !== undefined) fields.push({ name, flag: value });
  }
  return fields;
}

/** A name comes from somebody else: the one that would set the prototype is a field like all others. */
function put<T>(into: Record<string, T>, name: string, value: T): void {
  if (name === "__proto__") Object.defineProperty(into, name, { value, enumerable: true, writable: true });
  else into[name] = value;
}

function argsOf(fields: readonly Field[]): EventArgs {
  const args: Record<string, Scalar> = {};
  for (const { name, number, text, flag } of fields) {
    const value = number ?? text ?? flag;
    if (value !== undefined) put<Scalar>(args, name, value);
  }
  return args;
}

function sliceOf(fields: readonly Field[]): Slice {
  const slice: Record<string, number | string> = {};
  for (const { name, number, text } of fields) {
    const value = number ?? text;
    if (value !== undefined) put<number | string>(slice, name, value);
  }
  return slice;
}

/** The event as it travels (tenon.events.v1.Event): what is absent becomes empty, named values become a list. */
export const eventToWire = (event: TraceEvent): Event => ({
  seq: event.seq,
  lamport: event.lamport,
  time_ns: event.timeNs,
  node: event.node,
  service: event.service,
  stage: event.stage,
  point: event.point,
  phase: event.phase,
  span: event.span,
  parent: event.parent,
  trace: event.trace,
  slice: fieldsOf(event.slice),
  args: fieldsOf(event.args),
  ...(event.ret !== undefined && { ret: event.ret }),
  lost: event.lost ?? "",
  locks: event.locks,
  fault: event.fault ?? "",
});

/** The event that travelled; undefined where it names no house, no stage, no phase, or an unknown sort of loss. */
export function eventFromWire(event: Event): TraceEvent | undefined {
  const { service, stage, phase, lost } = event;
  if (!isHouse(service) || stage === undefined || phase === undefined) return undefined;
  if (lost !== "" && !isLost(lost)) return undefined;
  return {
    seq: event.seq,
    lamport: event.lamport,
    timeNs: event.time_ns,
    node: event.node,
    service,
    stage,
    point: event.point,
    phase,
    span: event.span,
    parent: event.parent,
    trace: event.trace,
    slice: sliceOf(event.slice),
    args: argsOf(event.args),
    ...(event.ret !== undefined && { ret: event.ret }),
    ...(lost !== "" && { lost }),
    locks: event.locks,
    ...(event.fault !== "" && { fault: event.fault }),
  };
}
