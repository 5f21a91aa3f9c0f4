import { ENUM_WORDS, type Event, type Field, type House } from "../abi/contract.generated.ts";
import type { EventArgs, Lost, Scalar, Slice, TraceEvent } from "../abi/event.ts";

const HOUSES: ReadonlySet<string> = new Set(Object.values(ENUM_WORDS["House"] ?? {}));
const LOST: ReadonlySet<string> = new Set(["timeout", "unreachable", "garbled", "rejected"] satisfies Lost[]);

const isHouse = (word: string): word is House => HOUSES.has(word);
const isLost = (word: string): word is Lost => LOST.has(word);

const fieldOf = ([name, value]: [string, Scalar]): Field => {
  if (typeof value === "number") return { name, number: value };
  return typeof value === "string" ? { name, text: value } : { name, flag: value };
};

const argsOf = (fields: readonly Field[]): EventArgs =>
  Object.fromEntries(
    fields.flatMap(({ name, number, text, flag }) => {
      const value = number ?? text ?? flag;
      return value === undefined ? [] : [[name, value]];
    }),
  );

const sliceOf = (fields: readonly Field[]): Slice =>
  Object.fromEntries(
    fields.flatMap(({ name, number, text }) => {
      const value = number ?? text;
      return value === undefined ? [] : [[name, value]];
    }),
  );

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
  slice: Object.entries(event.slice).map(fieldOf),
  args: Object.entries(event.args).map(fieldOf),
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
