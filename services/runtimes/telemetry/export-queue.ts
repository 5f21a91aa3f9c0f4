import type { Span } from "../../telemetry/span.ts";
import type { Send } from "./otlp.ts";

/** Spans that wait at once; what is more is lost, trace by trace. */
const QUEUE_MAX = 8192;
/** Spans of one request. */
const BATCH_MAX = 512;
/** How long spans wait for others to go with. */
const GATHER_MS = 250;
/** How long a collector is left alone that did not take a batch. */
const REST_MS = 5000;
/** A loss is told once in so many milliseconds. */
const TELL_MS = 10_000;

/** What became of spans. */
interface ExportCounts {
  exported: number;
  /** No room in the queue: the collector is slower than the spans come. */
  queueFull: number;
  /** A request failed for good. */
  failed: number;
  /** Still there when the time to stop was over. */
  atStop: number;
}

/** Spans on their way to a collector. */
export interface ExportQueue {
  readonly counts: Readonly<ExportCounts>;
  waiting(): number;
  /** Takes the spans of a trace, all or none. Never waits. `spans` is called only if there is room. */
  offer(count: number, spans: () => readonly Span[]): void;
  /** Sends what is left, within this time. */
  stop(withinMs: number): Promise<void>;
}

/**
 * A bounded queue with one request in flight. Whatever the collector does, slow, down, or answering nonsense, costs memory
 * up to the bound and spans beyond it, which are counted; never time of whoever offers.
 *
 * @param tell called with a line about losses, at most once in ten seconds.
 */
export function createExportQueue(send: Send, tell: (lost: number, why: string) => void): ExportQueue {
  const counts: ExportCounts = { exported: 0, queueFull: 0, failed: 0, atStop: 0 };
  let queue: Span[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let inFlight = 0;
  let resting = false;
  let stopping = false;
  let untold = 0;
  let why = "";
  let toldAtMs = -Infinity;

  function lose(count: number, reason: string): void {
    untold += count;
    why = reason;
    const nowMs = performance.now();
    if (nowMs - toldAtMs < TELL_MS) return;
    toldAtMs = nowMs;
    tell(untold, why);
    untold = 0;
  }

  async function sendBatch(): Promise<void> {
    const batch = queue.slice(0, BATCH_MAX);
    queue = queue.slice(BATCH_MAX);
    inFlight = batch.length;
    const problem = await send(batch);
    // Whoever stopped meanwhile has counted them as lost.
    if (inFlight === 0) return;
    inFlight = 0;
    if (problem === undefined) {
      counts.exported += batch.length;
      return;
    }
    counts.failed += batch.length;
    lose(batch.length, problem);
    resting = true;
    setTimeout(() => {
      resting = false;
      schedule();
    }, REST_MS).unref();
  }

  function schedule(): void {
    if (sending !== undefined || resting || queue.length === 0) return;
    if (timer !== undefined && queue.length < BATCH_MAX && !stopping) return;
    clearTimeout(timer);
    const waitMs = queue.length >= BATCH_MAX || stopping ? 0 : GATHER_MS;
    timer = setTimeout(() => {
      timer = undefined;
      sending = sendBatch().finally(() => {
        sending = undefined;
        schedule();
      });
    }, waitMs).unref();
  }

  return {
    counts,
    waiting: () => queue.length,
    offer(count, spans) {
      if (stopping || queue.length + count > QUEUE_MAX) {
        counts.queueFull += count;
        lose(count, "more spans come than the collector takes");
        return;
      }
      for (const span of spans()) queue.push(span);
      schedule();
    },
    async stop(withinMs) {
      stopping = true;
      clearTimeout(timer);
      let end: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => (end = setTimeout(resolve, withinMs)));
      const drain = async (): Promise<void> => {
        await sending;
        while (queue.length > 0 && !resting) await sendBatch();
      };
      await Promise.race([drain(), over]);
      clearTimeout(end);
      counts.atStop = queue.length + inFlight;
      queue = [];
      inFlight = 0;
      if (untold + counts.atStop > 0) tell(untold + counts.atStop, why === "" ? "the time to stop was over" : why);
    },
  };
}
