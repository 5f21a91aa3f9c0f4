import { expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { createOtlp } from "../../services/telemetry/convert/otlp.ts";
import { traceOf } from "./runs.ts";

interface Attribute {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

/** A span in the JSON of OTLP, as far as tests look at it. */
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code: number; readonly message: string };
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

function written(events: readonly TraceEvent[]) {
  let text = "";
  const world = {
    origin: 7,
    bootUnixNs: 10n ** 18n,
    profile: "documented",
    seed: 1n,
    runtime: "",
    version: "1",
  } as const;
  const converter = createOtlp((more) => (text += more), world);
  for (const event of events) converter.add(event);
  const notes = converter.end();
  const lines = text.trimEnd().split("\n");
  return { notes, requests: lines.map((line) => JSON.parse(line) as Request) };
}

const spansIn = (requests: readonly Request[]): OtlpSpan[] =>
  requests.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );

const valueOf = ({ attributes }: OtlpSpan, key: string): unknown =>
  Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0];

test("each line is one trace, its ids hexadecimal, its numbers texts, and every parent is in it", async () => {
  const events = await traceOf("experiments/net/udp-two-nodes.yaml");
  const { notes, requests } = written(events);
  expect(notes).toEqual([]);
  for (const request of requests) {
    const spans = spansIn([request]);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    for (const { traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^[0-9a-f]{16}$/);
      if (parentSpanId !== undefined) expect(ids).toContain(parentSpanId);
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
      expect(BigInt(startTimeUnixNano)).toBeGreaterThanOrEqual(10n ** 18n);
    }
  }
  const enters = events.filter(({ phase }) => phase === "enter");
  expect(spansIn(requests).filter(({ kind }) => kind === 2 || kind === 3)).toHaveLength(enters.length);
  const sent = spansIn(requests).find(({ name, kind }) => name === "sys_sendto" && kind === 3);
  expect([valueOf(sent as OtlpSpan, "tenon.ret"), valueOf(sent as OtlpSpan, "tenon.args.data")]).toEqual(["4", "ping"]);
});

test("a refusal by a fault is an error with its name, and nothing is said of the world that a file does not tell", async () => {
  const { requests } = written(await traceOf("experiments/tour.yaml"));
  const refused = spansIn(requests).find(({ name, status }) => name === "oob_open_file" && status !== undefined);
  expect(refused).toMatchObject({ kind: 3, status: { code: 2, message: "ENOMEM" } });
  expect(valueOf(refused as OtlpSpan, "tenon.fault")).toBe("no-memory");
  const keys = new Set(
    requests.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource }) => resource.attributes.map(({ key }) => key)),
    ),
  );
  expect(keys).toContain("service.name");
  for (const key of ["tenon.runtime", "tenon.profile", "tenon.seed"]) expect(keys).not.toContain(key);
});

test("what is cut off has no end, and what is missing is counted", async () => {
  const events = await traceOf("experiments/tour.yaml");
  const open = events.findIndex(({ point, phase }) => point === "sys_close" && phase === "enter");
  const { notes, requests } = written(events.slice(0, open + 1).filter((_, i) => i !== 3));
  expect(notes).toContain("1 events are missing in the counts of the houses");
  expect(notes.join("\n")).toContain("spans have no end in the trace: tenon.unfinished is set");
  expect(spansIn(requests).some((span) => valueOf(span, "tenon.unfinished") !== undefined)).toBe(true);
});
