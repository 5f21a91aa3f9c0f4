import type { TraceEvent } from "../abi/event.ts";
import { causality } from "./causality.ts";
import { endingText, nameOf } from "./event-text.ts";

/** Keys of a slice that stand together: a descriptor is nothing without its table. */
const KEYS = ["file", "files", "fd", "task"] as const;

function keysOf({ slice }: TraceEvent): string[] {
  const value = Object.fromEntries(KEYS.map((key) => [key, slice[key]]));
  const keys: string[] = [];
  if (value["file"] !== undefined) keys.push(`file=${value["file"]}`);
  if (value["files"] !== undefined && value["fd"] !== undefined) keys.push(`files=${value["files"]},fd=${value["fd"]}`);
  if (value["task"] !== undefined) keys.push(`task=${value["task"]}`);
  return keys;
}

/**
 * What happened to each thing, in causal order: the key is `file=1`, `files=1,fd=3` or `task=app`, the value a list of
 * `service:point.phase(ret)`. Times, spans and stamps are left out, so that runs of one experiment can be compared though
 * they ran in different runtimes. Events that no cause orders stand in the order of their houses' names.
 */
export function sliceOrders(events: readonly TraceEvent[]): Map<string, string[]> {
  const orders = new Map<string, string[]>();
  for (const event of causality(events, [], "name").order) {
    const ending = endingText(event);
    const entry = `${event.service}:${nameOf(event)}${ending === "" ? "" : `(${ending})`}`;
    for (const key of keysOf(event)) {
      const order = orders.get(key) ?? [];
      order.push(entry);
      orders.set(key, order);
    }
  }
  return orders;
}

/** Where two runs part. */
export interface OrderDifference {
  readonly slice: string;
  /** The place in the slice, from 0. */
  readonly at: number;
  /** What each run has there; undefined: nothing more. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** The place, with what came before it, for people. */
  readonly text: string;
}

const CONTEXT = 3;

/** The first slice, by name, whose order differs, and where; undefined when the runs agree. */
export function firstDifference(
  a: ReadonlyMap<string, readonly string[]>,
  b: ReadonlyMap<string, readonly string[]>,
): OrderDifference | undefined {
  for (const slice of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    const one = a.get(slice) ?? [];
    const other = b.get(slice) ?? [];
    const at = [...one, ...other].findIndex((_, i) => one[i] !== other[i]);
    if (at < 0 || at >= Math.max(one.length, other.length)) continue;
    const before = one.slice(Math.max(0, at - CONTEXT), at).map((entry) => `    ${entry}`);
    const text = [
      `${slice}, entry ${at}:`,
      ...before,
      `  a ${one[at] ?? "(ends)"}`,
      `  b ${other[at] ?? "(ends)"}`,
    ].join("\n");
    return { slice, at, a: one[at], b: other[at], text };
  }
  return undefined;
}
