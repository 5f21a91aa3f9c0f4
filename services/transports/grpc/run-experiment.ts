import {
  status,
  type Client,
  type Metadata,
  type Server,
  type ServerWritableStream,
  type StatusObject,
} from "@grpc/grpc-js";
import type { RunExperimentRequest, RunExperimentResponse } from "../../abi/contract.generated.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { failed, worked, type Attempt } from "../answers.ts";
import { eventFromWire, eventToWire } from "../event-wire.ts";
import { asBytes } from "./channel.ts";
import { createCodec } from "./codec.ts";
import type { Protos } from "./load.ts";
import { refusal } from "./status.ts";

const RUN_EXPERIMENT_PATH = "/tenon.control.v1.Control/RunExperiment";
/** Events of one message: well below the limit of one. */
const EVENTS_MAX = 1024;

/** What came of an experiment: its report as JSON, or why there is none, a line for each thing that is wrong. */
type ExperimentOutcome =
  { readonly t: "report"; readonly report: string } | { readonly t: "trouble"; readonly lines: readonly string[] };

/** Runs experiments on a kernel, one at a time. */
export interface ExperimentService {
  /** Why none can be run now, in one line; undefined when one can. */
  busy(): string | undefined;
  run(
    request: RunExperimentRequest,
    onEvents: (events: readonly TraceEvent[]) => void,
    stop: AbortSignal,
  ): Promise<ExperimentOutcome>;
}

/**
 * Adds the method that runs experiments to the server of a control service. Every event of the run reaches the caller: it
 * asked for them, and an experiment has an end.
 *
 * @returns what stops those that run.
 */
export function serveExperiments(server: Server, protos: Protos, service: ExperimentService): () => void {
  const codec = createCodec(protos);
  const running = new Set<AbortController>();
  server.register(
    RUN_EXPERIMENT_PATH,
    (stream: ServerWritableStream<Buffer, Buffer>) => {
      const request = codec.decode("RunExperimentRequest", stream.request);
      const why = service.busy();
      stream.on("error", () => undefined);
      if (!request.ok || why !== undefined) {
        stream.emit(
          "error",
          request.ok ? refusal(status.RESOURCE_EXHAUSTED, why ?? "") : refusal(status.INVALID_ARGUMENT, request.reason),
        );
        return;
      }
      const stop = new AbortController();
      running.add(stop);
      stream.on("cancelled", () => stop.abort());
      stream.on("close", () => stop.abort());
      const write = (message: RunExperimentResponse): void => {
        const encoded = codec.encode("RunExperimentResponse", message);
        if (!stop.signal.aborted && encoded.ok) stream.write(encoded.value);
      };
      const tell = (events: readonly TraceEvent[]): void => {
        for (let i = 0; i < events.length; i += EVENTS_MAX)
          write({ events: events.slice(i, i + EVENTS_MAX).map(eventToWire), report: "", trouble: [] });
      };
      void service
        .run(request.value.value as Partial<RunExperimentRequest> as RunExperimentRequest, tell, stop.signal)
        .catch((error: unknown): ExperimentOutcome => ({ t: "trouble", lines: [(error as Error).message] }))
        .then((outcome) => {
          running.delete(stop);
          write({
            events: [],
            report: outcome.t === "report" ? outcome.report : "",
            trouble: outcome.t === "trouble" ? outcome.lines : [],
          });
          stream.end();
        });
    },
    asBytes,
    asBytes,
    "serverStream",
  );
  return () => {
    for (const stop of running) stop.abort();
  };
}

/** An experiment that runs elsewhere. */
export interface RunningExperiment {
  /** Never rejects. The line of a failure is for people. */
  readonly outcome: Promise<Attempt<ExperimentOutcome>>;
  /** Stops it there. */
  stop(): void;
}

/** Runs an experiment on the kernel that a client is connected to. @param wordsFor says what a status means, for people. */
export function runExperimentOn(
  client: Client,
  protos: Protos,
  metadata: Metadata,
  wordsFor: (ending: StatusObject) => string,
  request: RunExperimentRequest,
  onEvents: (events: readonly TraceEvent[]) => void,
): RunningExperiment {
  const codec = createCodec(protos);
  const encoded = codec.encode("RunExperimentRequest", request);
  if (!encoded.ok) return { outcome: Promise.resolve(failed(encoded.reason)), stop: () => undefined };
  const stream = client.makeServerStreamRequest(RUN_EXPERIMENT_PATH, asBytes, asBytes, encoded.value, metadata);
  let outcome: ExperimentOutcome | undefined;
  let garbled: string | undefined;
  stream.on("error", () => undefined);
  stream.on("data", (bytes: Buffer) => {
    const decoded = codec.decode("RunExperimentResponse", bytes);
    if (!decoded.ok) {
      garbled = decoded.reason;
      stream.cancel();
      return;
    }
    const { events, report, trouble } = decoded.value.value as Partial<RunExperimentResponse> as RunExperimentResponse;
    if (events.length > 0) onEvents(events.map(eventFromWire).filter((event) => event !== undefined));
    if (report !== "") outcome = { t: "report", report };
    else if (trouble.length > 0) outcome = { t: "trouble", lines: trouble };
  });
  return {
    outcome: new Promise((resolve) => {
      stream.on("status", (ending: StatusObject) => {
        if (garbled !== undefined) resolve(failed(garbled));
        else if (ending.code === status.OK && outcome !== undefined) resolve(worked(outcome));
        else if (ending.code === status.OK) resolve(failed("the kernel said nothing of how it ended"));
        else if (ending.code === status.RESOURCE_EXHAUSTED) resolve(failed(ending.details));
        else resolve(failed(wordsFor(ending)));
      });
    }),
    stop: () => stream.cancel(),
  };
}
