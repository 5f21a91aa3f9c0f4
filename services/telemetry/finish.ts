import { errnoOf } from "../abi/errno.ts";
import type { TraceEvent } from "../abi/event.ts";
import { lifeOf } from "./houses.ts";
import { parseTraceparent, spanIdOf, traceIdOf } from "../abi/traceparent.ts";
import { factAttributes, spanAttributes } from "./attributes.ts";
import { alarmOf, contractOf, firstOf, isRefusal, type Draft, type GaveUp } from "./draft.ts";
import type { Span, SpanKind, SpanWorld } from "./span.ts";

const UNFINISHED: Readonly<Record<GaveUp, string>> = {
  process_gone: "its process ended before it did",
  too_old: "nothing was heard of its end for longer than any call may take",
  no_room: "there was no room to wait for its end",
  stopped: "it was still open when telemetry stopped",
};

/** What went wrong in a span, in one line: a refusal, a loss, a breach of the contract. A verdict of false is none. */
export function errorOf({ exit, facts, gaveUp }: Draft): string | undefined {
  if (exit?.lost !== undefined) {
    const reason = exit.args["reason"];
    return `lost: ${exit.lost}${reason === undefined ? "" : `, ${String(reason)}`}`;
  }
  if (exit?.ret !== undefined && exit.ret < 0) {
    const errno = errnoOf(exit.ret) ?? `errno ${-exit.ret}`;
    if (isRefusal(contractOf(exit.point), errno)) return errno;
  }
  if (gaveUp !== undefined) return UNFINISHED[gaveUp];
  const wrong = facts.find((fact) => alarmOf(fact) === "error");
  return wrong === undefined ? undefined : `${wrong.point}${told(wrong)}`;
}

const told = ({ args }: TraceEvent): string => {
  const why = args["breach"] ?? args["why"] ?? args["chain"];
  return why === undefined ? "" : `: ${String(why)}`;
};

function kindOf({ side }: Draft, first: TraceEvent): SpanKind {
  if (side !== undefined) return side;
  return first.point === "frame_send" ? "producer" : first.point === "frame_receive" ? "consumer" : "internal";
}

/**
 * What is known of a span, written down: the first event is its beginning, the last one its end, facts are its events.
 *
 * @param traceId the id of its trace, where that is not the world's own.
 * @param isOrphan its parent was never heard of: events were lost, and that is said instead of hidden.
 * @returns undefined for a span of which nothing is known.
 */
export function finish(
  draft: Draft,
  world: SpanWorld,
  { traceId, isOrphan }: { readonly traceId?: string | undefined; readonly isOrphan: boolean },
): Span | undefined {
  const first = firstOf(draft);
  if (first === undefined) return undefined;
  const { enter, exit, facts, links, parent, side } = draft;
  const error = errorOf(draft);
  const { attributes, dropped } = spanAttributes(draft, first, world, error);
  const at = (timeNs: number): bigint => world.bootUnixNs + BigInt(timeNs);
  // Where there is no end, and for spans of facts alone, the last that is known of it.
  const endNs = exit?.timeNs ?? facts.reduce((latest, { timeNs }) => Math.max(latest, timeNs), first.timeNs);
  const inside = side === undefined && enter === undefined ? facts.slice(1) : facts;
  const remote = draft.remote === undefined ? undefined : parseTraceparent(draft.remote);
  const parentSpanId = remote?.spanId ?? (parent === 0 ? undefined : spanIdOf(parent));
  return {
    traceId: traceId ?? traceIdOf(world.origin, draft.trace),
    spanId: spanIdOf(draft.span),
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: first.point,
    kind: kindOf(draft, first),
    startUnixNs: at(first.timeNs),
    // Two clocks of one process never disagree, but a fact of another house may come from a slower one.
    endUnixNs: at(Math.max(first.timeNs, endNs)),
    ...(error !== undefined && { error }),
    attributes: isOrphan ? { ...attributes, "tenon.parent_lost": true } : attributes,
    events: inside.map((fact) => ({
      name: fact.point,
      timeUnixNs: at(fact.timeNs),
      attributes: factAttributes(fact, first),
    })),
    links: links.map(({ trace, span, by }) => ({
      traceId: traceIdOf(world.origin, trace),
      spanId: spanIdOf(span),
      attributes: { "tenon.link": by },
    })),
    droppedAttributes: dropped,
    droppedEvents: draft.droppedFacts,
    droppedLinks: draft.droppedLinks,
    node: first.node,
    service: first.service,
    instance: `${first.node}/${first.service}#${lifeOf(first)}`,
  };
}
