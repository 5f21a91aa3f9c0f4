import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import protobuf from "protobufjs";
import { root } from "../tidy/sources.ts";

/** A value as it came over the wire: 64-bit integers as text of digits, bytes as hexadecimal digits. */
type Received = string | number | boolean | readonly Received[];

/** A span as a collector sees it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, Received>>;
  readonly resource: Readonly<Record<string, Received>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, Received>> }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: string; readonly message: string };
}

/** What the collector shall do with a request: take it, say 503, or never answer. */
type Manner = "takes" | "unavailable" | "silent";

/** A collector in the test: OTLP over HTTP, with protobuf. */
export interface Collector {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** How many requests came, whatever became of them. */
  requests(): number;
  behave(manner: Manner): void;
  close(): Promise<void>;
}

interface RawValue {
  readonly value?: string;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly RawValue[] };
}
type RawAttributes = readonly { readonly key: string; readonly value: RawValue }[];
interface RawSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly name: string;
  readonly kind: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: RawAttributes;
  readonly events: readonly { readonly name: string; readonly attributes: RawAttributes }[];
  readonly links: readonly { readonly traceId: Uint8Array; readonly spanId: Uint8Array }[];
  readonly status?: { readonly code: string; readonly message: string };
}
interface RawRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: RawAttributes };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function valueOf(raw: RawValue): Received {
  if (raw.intValue !== undefined) return Number(raw.intValue);
  if (raw.arrayValue !== undefined) return raw.arrayValue.values.map(valueOf);
  return raw.stringValue ?? raw.boolValue ?? raw.doubleValue ?? "";
}

/** Names that stand twice would hide each other: OTLP forbids them. */
function attributesOf(raw: RawAttributes): Record<string, Received> {
  const names = raw.map(({ key }) => key);
  if (new Set(names).size !== names.length) throw new Error(`an attribute stands twice: ${names.join(" ")}`);
  return Object.fromEntries(raw.map(({ key, value }) => [key, valueOf(value)]));
}

function spansIn({ resourceSpans }: RawRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        name: span.name,
        kind: span.kind.replace("SPAN_KIND_", "").toLowerCase(),
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: attributesOf(span.attributes),
        resource: attributesOf(resource.attributes),
        events: span.events.map(({ name, attributes }) => ({ name, attributes: attributesOf(attributes) })),
        links: span.links.map(({ traceId, spanId }) => ({ traceId: hex(traceId), spanId: hex(spanId) })),
        status: span.status ?? { code: "STATUS_CODE_UNSET", message: "" },
      })),
    ),
  );
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
};

/** Starts a collector on any free port of this machine. */
export async function startCollector(): Promise<Collector> {
  const protos = await protobuf.load(join(root, "test/telemetry/otlp.proto"));
  const Request = protos.lookupType("opentelemetry.proto.ExportTraceServiceRequest");
  const Response = protos.lookupType("opentelemetry.proto.ExportTraceServiceResponse");
  const spans: ReceivedSpan[] = [];
  let requests = 0;
  let manner: Manner = "takes";

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    requests++;
    if (manner === "silent") return;
    if (manner === "unavailable") {
      response.writeHead(503).end();
      return;
    }
    if (request.url !== "/v1/traces" || request.headers["content-type"] !== "application/x-protobuf") {
      response.writeHead(400).end();
      return;
    }
    const raw = Request.toObject(Request.decode(body), { longs: String, enums: String, arrays: true, defaults: false });
    spans.push(...spansIn(withDefaults(raw)));
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end(Response.encode({}).finish());
  }

  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests: () => requests,
    behave: (next) => (manner = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What proto3 leaves out because it is empty. */
const withDefaults = (raw: object): RawRequest => {
  const request = raw as RawRequest;
  for (const { scopeSpans } of request.resourceSpans)
    for (const { spans } of scopeSpans)
      for (const span of spans as readonly {
        parentSpanId?: Uint8Array;
        status?: { code?: string; message?: string };
      }[]) {
        span.parentSpanId ??= new Uint8Array(0);
        if (span.status !== undefined)
          span.status = { code: span.status.code ?? "STATUS_CODE_UNSET", message: span.status.message ?? "" };
      }
  return request;
};
