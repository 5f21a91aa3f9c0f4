import type { Span, SpanWorld } from "../../telemetry/span.ts";
import { failed, worked, type Attempt } from "../../transports/answers.ts";

/** Sends spans somewhere; resolves to why they did not get there, or to undefined. Never rejects. */
export type Send = (spans: readonly Span[]) => Promise<string | undefined>;

/** How long one request may take, its repetitions included. */
const TIMEOUT_MS = 5000;

/** The library's `ExportResultCode.SUCCESS`. */
const SUCCESS = 0;

/** The path of OTLP over HTTP for traces, which a collector's address may leave out. */
const TRACES_PATH = "/v1/traces";

/** Where traces go for what the user wrote; or why it is no address of a collector. */
export function collectorUrl(text: string): Attempt<string> {
  const problem = `${text} is no address of a collector; write a URL such as http://127.0.0.1:4318`;
  if (!URL.canParse(text)) return failed(problem);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return failed(problem);
  if (url.pathname === "/" || url.pathname === "") url.pathname = TRACES_PATH;
  return worked(url.href);
}

/**
 * A way to a collector, over OTLP/HTTP with protobuf. The library repeats what may be repeated, with pauses that grow, until
 * the time is over. It is loaded here and not before: it takes more memory than a house.
 */
export async function createOtlpSend(url: string, world: SpanWorld): Promise<Send> {
  const [{ OTLPTraceExporter }, { createReadable }] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-proto"),
    import("./readable.ts"),
  ]);
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: TIMEOUT_MS });
  const readable = createReadable(world);
  return (spans) =>
    new Promise((resolve) => {
      exporter.export(spans.map(readable), ({ code, error }) => {
        const status: number = code;
        resolve(status === SUCCESS ? undefined : (error?.message ?? "the collector did not take them"));
      });
    });
}
