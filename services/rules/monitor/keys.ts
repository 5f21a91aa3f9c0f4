import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { ofCaller } from "../atoms/evaluate.ts";
import type { SliceKey } from "../rule.ts";

/** What a slice is cut by holds per node, except what is unique in a world. */
const WORLDWIDE: readonly SliceKey[] = ["trace", "span", "call", "around", "ret"];

/** Where one of these is a key, it tells the node as well, if it is one: a frame's way may lead to another one. */
const NARROW: readonly SliceKey[] = ["span", "call", "around"];

/** A value of a key. */
export type KeyValue = string | number;

/** The keys of a slice as they are looked up, the node first where they count per node. */
export function keysOf(forall: readonly SliceKey[]): readonly SliceKey[] {
  const own = [...new Set(forall)].filter((key) => key !== "node").sort();
  const perNode = own.some((key) => !WORLDWIDE.includes(key)) && !own.some((key) => NARROW.includes(key));
  return forall.includes("node") || perNode ? ["node", ...own] : own;
}

/**
 * The value of a key that an event carries; undefined where it carries none. The lab is on no node. That a place
 * went down, which the tasks' log tells in no span (0), concerns every call.
 */
export function valueOf(event: TraceEvent, key: SliceKey): KeyValue | undefined {
  switch (key) {
    case "node":
      return event.service === "lab" ? undefined : event.node;
    case "trace":
      return told(event, event.trace);
    case "span":
      return told(event, event.span);
    case "call":
      return told(event, callOf(event));
    case "around":
      return told(event, aroundOf(event));
    case "ret":
      return event.ret;
    case "service":
      return event.service === "lab" ? undefined : event.service;
    default:
      return event.slice[key] ?? argOf(event.args[key]);
  }
}

/** Reads a key from an event. */
export type KeyReader = (event: TraceEvent) => KeyValue | undefined;

/** `valueOf` for one key; those that most rules are cut by are read without a detour. */
export function readerOf(key: SliceKey): KeyReader {
  switch (key) {
    case "node":
      return (event) => (event.service === "lab" ? undefined : event.node);
    case "span":
      return (event) => told(event, event.span);
    case "call":
      return (event) => told(event, callOf(event));
    case "around":
      return (event) => told(event, aroundOf(event));
    default:
      return (event) => valueOf(event, key);
  }
}

/** What houses do of themselves, as when a timer goes off, is outside every call, and together. */
const told = ({ service }: TraceEvent, number: number): number | undefined =>
  number === 0 && (service === "task" || service === "lab") ? undefined : number;

const argOf = (value: Scalar | undefined): KeyValue | undefined => (typeof value === "boolean" ? String(value) : value);

/** The crossing, or the way of a frame over one link, that an event belongs to: both of its sides have the same. */
const callOf = (event: TraceEvent): number => {
  const { point, phase, args } = event;
  const arrives = point === "frame_receive" || (point === "frame_fault" && args["at"] === "frame_receive");
  return arrives || (phase !== "fact" && !ofCaller(event)) ? event.parent || event.span : event.span;
};

/** What an event happened in: the answering of a call, or the handling of a frame that came. A call that leaves is in it, too. */
const aroundOf = (event: TraceEvent): number => {
  const leaves = event.point === "frame_send" || (event.phase !== "fact" && ofCaller(event));
  return leaves ? event.parent || event.span : event.span;
};

/** Such as `alpha sk=3`; `the whole trace` where nothing cuts it. */
export function sliceText(keys: readonly SliceKey[], values: readonly (KeyValue | undefined)[]): string {
  if (keys.length === 0) return "the whole trace";
  return keys.map((key, i) => (key === "node" ? String(values[i]) : `${key}=${values[i]}`)).join(" ");
}
