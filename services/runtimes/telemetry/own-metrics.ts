import type { Family } from "../../telemetry/prometheus.ts";
import type { SamplingCounts } from "../../telemetry/sampling.ts";
import type { SpanBuilder } from "../../telemetry/spans.ts";
import type { ExportQueue } from "./export-queue.ts";

const counter = (name: string, help: string, values: Readonly<Record<string, number>>, label: string): Family => ({
  name,
  help,
  type: "counter",
  samples: Object.entries(values).map(([word, value]) => ({ labels: { [label]: word }, value })),
});

const gauge = (name: string, help: string, value: number): Family => ({
  name,
  help,
  type: "gauge",
  samples: [{ labels: {}, value }],
});

/** What telemetry itself does and loses. */
export function telemetryFamilies(
  builder: SpanBuilder,
  sampling: Readonly<SamplingCounts>,
  queue: ExportQueue | undefined,
): Family[] {
  const { losses } = builder;
  const families = [
    gauge("tenon_telemetry_open_traces", "Traces that are not over yet.", builder.waiting()),
    counter(
      "tenon_telemetry_losses_total",
      "What did not become a whole span: events that were overwritten before they were taken, events that came twice, spans that were ended without their end, spans whose parent is not known, spans beyond what a trace may have, traces ended early.",
      {
        events: losses.events,
        repeated: losses.repeated,
        unfinished: losses.unfinished,
        orphans: losses.orphans,
        too_many: losses.tooMany,
        early: losses.early,
      },
      "what",
    ),
  ];
  if (queue === undefined) return families;
  const { exported, queueFull, failed, atStop } = queue.counts;
  return [
    ...families,
    counter(
      "tenon_telemetry_traces_total",
      "Traces that are over: kept for a fault or an error, kept for the share, or sampled out.",
      { alarm: sampling.alarm, share: sampling.share, sampled_out: sampling.sampledOut },
      "decision",
    ),
    counter("tenon_telemetry_spans_exported_total", "Spans that a collector took.", { otlp: exported }, "to"),
    counter(
      "tenon_telemetry_spans_lost_total",
      "Spans that no collector took, by why.",
      { queue_full: queueFull, export_failed: failed, stopped: atStop },
      "why",
    ),
    gauge("tenon_telemetry_queue_spans", "Spans that wait to be exported.", queue.waiting()),
  ];
}

/** The process that the lab and the control service run in, under the names that every exporter has for it. */
export function processFamilies(): Family[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    gauge("process_resident_memory_bytes", "Resident memory of the process of the control service.", rss),
    gauge("nodejs_heap_size_used_bytes", "JavaScript heap in use in that process.", heapUsed),
    gauge(
      "process_start_time_seconds",
      "When that process started, in seconds since 1970.",
      Math.round(performance.timeOrigin) / 1000,
    ),
    {
      name: "process_cpu_seconds_total",
      help: "Processor time that it took.",
      type: "counter",
      samples: [{ labels: {}, value: (user + system) / 1e6 }],
    },
  ];
}
