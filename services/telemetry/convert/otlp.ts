import type { Scalar, TraceEvent } from "../../abi/event.ts";
import { resourceOf, type Attributes, type Span, type SpanKind, type SpanWorld } from "../span.ts";
import { createSpanBuilder, type EndedTrace, type SpanLimits } from "../spans.ts";
import type { Converter } from "./converter.ts";

/**
 * A file has no clock: what counts is how many events were read. A trace that so many did not mention is over; one that is
 * open stays open until the end.
 */
const LIMITS: SpanLimits = { quietNs: 50_000, openNs: Infinity, tracesMax: Infinity, spansMax: Infinity };

/** Events that are handed on at once. */
const BATCH = 1000;

/** What a trace file does not tell of its world. */
const UNKNOWN: ReadonlySet<string> = new Set(["tenon.runtime", "tenon.profile", "tenon.seed"]);

/** The numbers of opentelemetry.proto.trace.v1.Span.SpanKind. */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };

/** STATUS_CODE_ERROR. */
const ERROR = 2;

type Value = Readonly<Record<string, unknown>>;

function valueOf(value: Scalar | readonly string[]): Value {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "object") return { arrayValue: { values: value.map(valueOf) } };
  // 64-bit integers are texts in the JSON of protobuf.
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const attributesOf = (attributes: Attributes): Value[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));

const count = (name: string, dropped: number): Value => (dropped === 0 ? {} : { [name]: dropped });

const spanOf = (span: Span): Value => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
  name: span.name,
  kind: KINDS[span.kind],
  startTimeUnixNano: String(span.startUnixNs),
  endTimeUnixNano: String(span.endUnixNs),
  attributes: attributesOf(span.attributes),
  ...count("droppedAttributesCount", span.droppedAttributes),
  events: span.events.map(({ name, timeUnixNs, attributes }) => ({
    timeUnixNano: String(timeUnixNs),
    name,
    attributes: attributesOf(attributes),
  })),
  ...count("droppedEventsCount", span.droppedEvents),
  links: span.links.map(({ traceId, spanId, attributes }) => ({
    traceId,
    spanId,
    attributes: attributesOf(attributes),
  })),
  ...count("droppedLinksCount", span.droppedLinks),
  ...(span.error !== undefined && { status: { code: ERROR, message: span.error } }),
});

/**
 * Writes spans as OpenTelemetry's file format has them: JSON Lines, each an ExportTraceServiceRequest, here with one trace in
 * it. The collector's otlpjsonfile receiver reads them.
 */
export function createOtlp(write: (text: string) => void, world: SpanWorld): Converter {
  const builder = createSpanBuilder(world, LIMITS);
  let batch: TraceEvent[] = [];
  let read = 0;

  function writeTrace(trace: EndedTrace): void {
    const byProcess = new Map<string, Span[]>();
    for (const span of trace.spans()) {
      const known = byProcess.get(span.instance) ?? [];
      byProcess.set(span.instance, known);
      known.push(span);
    }
    const resourceSpans = [...byProcess.values()].map((spans) => {
      const resource = spans[0] === undefined ? {} : resourceOf(world, spans[0]);
      const known = Object.entries(resource).filter(([name]) => !UNKNOWN.has(name));
      return {
        resource: { attributes: attributesOf(Object.fromEntries(known)) },
        scopeSpans: [{ scope: { name: "tenon", version: world.version }, spans: spans.map(spanOf) }],
      };
    });
    if (resourceSpans.length > 0) write(`${JSON.stringify({ resourceSpans })}\n`);
  }

  function pass(): void {
    builder.add(batch, read);
    batch = [];
    builder.take(read).forEach(writeTrace);
  }

  return {
    add(event) {
      read++;
      if (batch.push(event) >= BATCH) pass();
    },
    end() {
      pass();
      builder.flush().forEach(writeTrace);
      const { events, unfinished, orphans, repeated } = builder.losses;
      const told: readonly (readonly [number, string])[] = [
        [unfinished, "spans have no end in the trace: tenon.unfinished is set"],
        [orphans, "spans have a parent that is not in the trace: tenon.parent_lost is set"],
        [events, "events are missing in the counts of the houses"],
        [repeated, "events stand in the trace twice, and were taken once"],
      ];
      return told.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
    },
  };
}
