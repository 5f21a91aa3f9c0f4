import {
  SpanKind as OtelKind,
  SpanStatusCode,
  TraceFlags,
  type Attributes as OtelAttributes,
  type HrTime,
  type SpanContext,
} from "@opentelemetry/api";
import { resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { resourceOf, type Attributes, type Span, type SpanKind, type SpanWorld } from "../../telemetry/span.ts";

const KINDS: Readonly<Record<SpanKind, OtelKind>> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};

const NS_PER_S = 1_000_000_000n;

const hrTime = (unixNs: bigint): HrTime => [Number(unixNs / NS_PER_S), Number(unixNs % NS_PER_S)];

/** OpenTelemetry's type has lists that may be written; nobody writes them. */
const attributesOf = (attributes: Attributes): OtelAttributes => attributes as OtelAttributes;

const contextOf = (traceId: string, spanId: string): SpanContext => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
});

/** How spans become what the exporter takes. Spans of one process share one resource: the exporter goes by identity. */
export function createReadable(world: SpanWorld): (span: Span) => ReadableSpan {
  const resources = new Map<string, Resource>();
  const resource = (span: Span): Resource => {
    const known = resources.get(span.instance) ?? resourceFromAttributes(attributesOf(resourceOf(world, span)));
    resources.set(span.instance, known);
    return known;
  };
  const scope = { name: "tenon", version: world.version };
  return (span) => {
    const context = contextOf(span.traceId, span.spanId);
    return {
      name: span.name,
      kind: KINDS[span.kind],
      spanContext: () => context,
      ...(span.parentSpanId !== undefined && { parentSpanContext: contextOf(span.traceId, span.parentSpanId) }),
      startTime: hrTime(span.startUnixNs),
      endTime: hrTime(span.endUnixNs),
      duration: hrTime(span.endUnixNs - span.startUnixNs),
      status:
        span.error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: span.error },
      attributes: attributesOf(span.attributes),
      links: span.links.map(({ traceId, spanId, attributes }) => ({
        context: contextOf(traceId, spanId),
        attributes: attributesOf(attributes),
      })),
      events: span.events.map(({ name, timeUnixNs, attributes }) => ({
        name,
        time: hrTime(timeUnixNs),
        attributes: attributesOf(attributes),
      })),
      ended: true,
      resource: resource(span),
      instrumentationScope: scope,
      droppedAttributesCount: span.droppedAttributes,
      droppedEventsCount: span.droppedEvents,
      droppedLinksCount: span.droppedLinks,
    };
  };
}
