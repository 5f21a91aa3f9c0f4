import type { Event, PointValues } from "../abi/contract.generated.ts";
import type { Clock } from "../abi/kit.ts";
import { deadline } from "../boundary/interceptors.ts";
import { boundary, type Transport } from "../boundary/invocation.ts";
import { SPANS_PER_PROCESS } from "../boundary/events/log.ts";
import { lost } from "../transports/answers.ts";
import type { Cores } from "./links.ts";
import { originOf, spansBefore, type WorldFacts } from "./thread-kit.ts";
import type { HouseLink } from "./world-over.ts";

/** How long a core of somebody's own has to answer a question of the lab, beside the time that it may wait for events. */
const ANSWERED_WITHIN_NS = 10e9;

/** Which core stands in a node's place: what `--core` names once or more, `ADDRESS` for the first node or `NODE=ADDRESS`. */
export function readCores(written: readonly string[], nodes: readonly { readonly name: string }[]): Cores | string {
  const cores: Record<string, string> = {};
  for (const text of written) {
    const at = text.search(/(?<=^[\w.-]+)=/);
    const node = at < 0 ? (nodes[0]?.name ?? "") : text.slice(0, at);
    const address = text.slice(at + 1);
    if (!nodes.some(({ name }) => name === node))
      return `--core ${text}: there is no node ${node}; there is ${nodes.map(({ name }) => name).join(", ")}`;
    if (Object.hasOwn(cores, node)) return `--core ${text}: ${node} has a core already, ${cores[node] ?? ""}`;
    const [other] = Object.entries(cores).find(([, taken]) => taken === address) ?? [];
    if (other !== undefined)
      return `--core ${text}: that is the core of ${other}; each node is a kernel, and needs a core of its own`;
    cores[node] = address;
  }
  return cores;
}

/** Numbers of its own that the core counts from 1, put beside those of all other houses; what it was given stays. */
const beside = (first: number, span: number): number => (span > 0 && span < SPANS_PER_PROCESS ? first + span : span);

/**
 * How the lab asks a core that is not ours. One that has no control is not asked again, and tells nothing of itself; one that
 * answers `ctl_take_events` is judged by what it tells. It says neither where it is nor what time it is: we know whom we
 * ask, and its clock is not ours. Every question bears the number of the world, by which it knows a kernel that was booted anew.
 */
export function foreignLink(facts: WorldFacts, node: string, transport: Transport, clock: Clock): HouseLink {
  const origin = originOf(facts);
  const first = spansBefore(facts.topology, node, "companion");
  let silent = false;
  /** The number of the last event, and how many before it never arrived: an answer that came too late had them. */
  let last = 0;
  let missing = 0;
  function count({ seq }: Event): void {
    // One that counts from 1 again has begun another life.
    if (seq <= last) last = 0;
    missing += seq - last - 1;
    last = seq;
  }
  const placed = (event: Event): Event => ({
    ...event,
    node,
    service: "companion",
    time_ns: event.time_ns === 0 ? clock.nowNs() : event.time_ns,
    span: beside(first, event.span),
    parent: beside(first, event.parent),
    trace: beside(first, event.trace),
  });
  const bounded = boundary(transport, [
    deadline(clock, ({ args }) => ANSWERED_WITHIN_NS + ((args as { wait_ns?: number }).wait_ns ?? 0)),
  ]);
  return {
    node,
    house: "companion",
    async transport(invocation) {
      if (silent) return lost("unreachable", "it has no control");
      const answer = await bounded({ ...invocation, origin });
      if (answer.kind === "unserved") silent = invocation.point === "ctl_take_events";
      if (answer.kind !== "returned" || invocation.point !== "ctl_take_events") return answer;
      const value = answer.value as PointValues["ctl_take_events"];
      value.events.forEach(count);
      const dropped = Math.max(value.dropped, missing);
      return { ...answer, value: { events: value.events.map(placed), dropped } };
    },
  };
}
