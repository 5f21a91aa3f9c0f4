import type { Logger } from "pino";
import type { World } from "../../lab/world.ts";
import { createEventMetrics } from "../../telemetry/metrics.ts";
import { prometheusText } from "../../telemetry/prometheus.ts";
import { createSampler } from "../../telemetry/sampling.ts";
import type { SpanWorld } from "../../telemetry/span.ts";
import { createSpanBuilder, SPAN_LIMITS } from "../../telemetry/spans.ts";
import { worked, type Attempt } from "../../transports/answers.ts";
import { createExportQueue, type ExportQueue } from "./export-queue.ts";
import { serveMetrics, type MetricsServer } from "./metrics-server.ts";
import { collectorUrl, createOtlpSend } from "./otlp.ts";
import { processFamilies, telemetryFamilies } from "./own-metrics.ts";
import { createWorldMetrics } from "./world-metrics.ts";

/** What of a world is to be seen elsewhere. */
export interface TelemetryParts {
  readonly world: World;
  /** Where a collector takes OTLP over HTTP, such as `http://127.0.0.1:4318`; absent: traces stay here. */
  readonly otlp?: string | undefined;
  /** Where metrics are served for Prometheus, such as `127.0.0.1:9464`; absent: nowhere. */
  readonly metrics?: string | undefined;
  /** The share of the traces without fault and error that is kept; absent: all. */
  readonly sample?: number | undefined;
  /** Tenon's version, for the resource. */
  readonly version: string;
  readonly log: Pick<Logger, "info" | "warn">;
}

/** Telemetry that runs. */
export interface Telemetry {
  /** Where metrics are served. */
  readonly address?: string;
  /** Takes the last events, sends the last spans, and says what was kept and lost; within two seconds. */
  stop(): Promise<void>;
}

/** How often it is looked for traces that are over although nothing happens any more. */
const TICK_MS = 200;
/** How long the last events and the last spans may take each. */
const SETTLE_MS = 500;
const FLUSH_MS = 1500;
/** How long a look at the metrics waits for houses that do not answer. */
const SCRAPE_MS = 1000;

const within = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, ms).unref())]);

/** The world as its spans tell of it. Its own clock says when it booted: on the wall clock, in every runtime. */
const spanWorldOf = ({ origin, profile, seed, runtime, clock }: World, version: string): SpanWorld => {
  const bootMs = performance.timeOrigin + performance.now() - clock.nowNs() / 1e6;
  // Milliseconds as a float hold no nanoseconds since 1970: the two parts apart do.
  const whole = Math.trunc(bootMs);
  const bootUnixNs = BigInt(whole) * 1_000_000n + BigInt(Math.round((bootMs - whole) * 1e6));
  return { origin, profile, seed, runtime, version, bootUnixNs };
};

/**
 * Makes spans and metrics of a world's events, exports the ones and serves the others. All of it happens here, beside the
 * world: a collector that is slow or away costs spans, which are counted, and nothing else.
 */
export async function startTelemetry(parts: TelemetryParts): Promise<Attempt<Telemetry>> {
  const { world, otlp, log, version } = parts;
  const spanWorld = spanWorldOf(world, version);
  const metrics = createEventMetrics();
  const builder = createSpanBuilder(spanWorld, SPAN_LIMITS, metrics.call);
  const sampler = createSampler(world.origin, parts.sample ?? 1);

  let queue: ExportQueue | undefined;
  if (otlp !== undefined) {
    const url = collectorUrl(otlp);
    if (!url.ok) return url;
    queue = createExportQueue(await createOtlpSend(url.value, spanWorld), (lost, why) =>
      log.warn({ lost, why, collector: url.value }, "spans were lost"),
    );
  }
  let server: MetricsServer | undefined;
  if (parts.metrics !== undefined) {
    const worldMetrics = createWorldMetrics(world, version);
    const served = await serveMetrics(parts.metrics, async () =>
      prometheusText([
        ...(await worldMetrics.families(SCRAPE_MS)),
        ...metrics.families(),
        ...telemetryFamilies(builder, sampler.counts, queue),
        ...processFamilies(),
      ]),
    );
    if (!served.ok) return served;
    server = served.value;
  }

  const nowNs = (): number => performance.now() * 1e6;
  function pass(ended: ReturnType<typeof builder.take>): void {
    if (queue === undefined) return;
    for (const trace of ended) if (sampler.keeps(trace)) queue.offer(trace.spanCount, () => trace.spans());
  }
  const unlisten = world.onEvents((events) => {
    for (const event of events) metrics.event(event);
    builder.add(events, nowNs());
    pass(builder.take(nowNs()));
  });
  const timer = setInterval(() => pass(builder.take(nowNs())), TICK_MS).unref();

  return worked({
    ...(server !== undefined && { address: server.address }),
    async stop() {
      await within(SETTLE_MS, world.settle());
      unlisten();
      clearInterval(timer);
      pass(builder.flush());
      await queue?.stop(FLUSH_MS);
      await server?.close();
      if (queue === undefined) return;
      const { exported, queueFull, failed, atStop } = queue.counts;
      const { alarm, share, sampledOut } = sampler.counts;
      const traces = { kept_alarm: alarm, kept_share: share, sampled_out: sampledOut };
      log.info({ traces, spans: { exported, lost: queueFull + failed + atStop }, losses: builder.losses }, "telemetry");
    },
  });
}
