import type { TraceEvent } from "../../abi/event.ts";
import type { SliceKey } from "../rule.ts";

/** What a slice is cut by holds per node, except what is unique in a world. */
const WORLDWIDE: readonly SliceKey[] = ["trace", "span"];

/** A value of a key. */
export type KeyValue = string | number;

/** The keys of a slice as they are looked up, the node first where they count per node. */
export function keysOf(forall: readonly SliceKey[]): readonly SliceKey[] {
  const own = [...new Set(forall)].filter((key) => key !== "node").sort();
  return forall.includes("node") || own.some((key) => !WORLDWIDE.includes(key)) ? ["node", ...own] : own;
}

/** The value of a key that an event carries; undefined where it carries none. The lab is on no node. */
export function valueOf(event: TraceEvent, key: SliceKey): KeyValue | undefined {
  switch (key) {
    case "node":
      return event.service === "lab" ? undefined : event.node;
    case "trace":
      return event.trace;
    case "span":
      return event.span;
    case "service":
      return event.service === "lab" ? undefined : event.service;
    default:
      return event.slice[key];
  }
}

/** Such as `alpha sk=3`; `the whole trace` where nothing cuts it. */
export function sliceText(keys: readonly SliceKey[], values: readonly (KeyValue | undefined)[]): string {
  if (keys.length === 0) return "the whole trace";
  return keys.map((key, i) => (key === "node" ? String(values[i]) : `${key}=${values[i]}`)).join(" ");
}
