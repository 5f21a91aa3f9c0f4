import type { TraceEvent } from "../abi/event.ts";
import { causality } from "../rules/causality.ts";
import { endingText, nameOf, nodePrefix } from "../rules/event-text.ts";

/**
 * Keys of a slice; those in one list stand together: a descriptor is nothing without its table. Frames are no key: their
 * numbers are those of spans, which differ from runtime to runtime. Nor are devices: several houses work on one at the same
 * time, and which of them is first is nobody's promise.
 */
const KEYS = [["file"], ["files", "fd"], ["sk"], ["task"]] as const;

/**
 * Whether somebody who asks for a message has to wait for it depends on who comes first, which differs from run to run; and
 * nobody waits for the core to learn a route or a neighbour, so it may do so before or after the next call of the same task.
 */
const BY_CHANCE: ReadonlySet<string> = new Set([
  "sock_wait",
  "sock_wake",
  "sock_take",
  "ksock_wait",
  "ksock_wake",
  "oob_neighbour_update",
  "front_neighbour",
  "oob_route_learn",
  "front_route",
]);

/** States of a TCP connection that end when a minute is over, which virtual time waits for and real time does not. */
const RUNS_OUT: readonly unknown[] = ["TIME-WAIT", "FIN-WAIT-2"];

const hasRunOut = ({ point, args }: TraceEvent): boolean =>
  (point === "tcp_state" && RUNS_OUT.includes(args["from"]) && args["to"] === "CLOSED") ||
  (point === "tcp_closed" && RUNS_OUT.includes(args["from"]));

const keysOf = (event: TraceEvent): string[] =>
  KEYS.filter((keys) => keys.every((key) => event.slice[key] !== undefined)).map(
    (keys) => nodePrefix(event) + keys.map((key) => `${key}=${event.slice[key]}`).join(","),
  );

/**
 * What happened to each thing, in causal order: the key is `file=1`, `files=1,fd=3`, `sk=2` or `task=app`, on other nodes
 * than alpha with the node in front, the value a list of `service:point.phase(ret)`. Times, spans and stamps are left out,
 * so that runs of one experiment can be compared though they ran in different runtimes. Events that no cause orders stand in the order of their houses' names.
 */
export function sliceOrders(events: readonly TraceEvent[]): Map<string, string[]> {
  const orders = new Map<string, string[]>();
  for (const event of causality(events, [], "name").order) {
    if (BY_CHANCE.has(event.point) || hasRunOut(event)) continue;
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
