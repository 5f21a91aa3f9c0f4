import { pino, type Logger } from "pino";
import { spanIdOf, traceIdOf } from "../abi/traceparent.ts";
import type { BrokenCall } from "../boundary/receiver.ts";

/** The fields of a line that is about a call: its trace and span, as they are written wherever traces are looked at. */
export const aboutCall = (call: BrokenCall | undefined): Readonly<Record<string, string>> =>
  call === undefined
    ? {}
    : { trace_id: traceIdOf(call.origin, call.trace), span_id: spanIdOf(call.span), hook: call.point, task: call.task };

/**
 * The log of a service: JSON Lines on standard error. What happens in hooks is in the events, never here. A line that is
 * about a call says which, as `trace_id` and `span_id`, which are the ids of its trace wherever traces are looked at.
 *
 * @param level the least that is logged, unless TENON_LOG_LEVEL says another one.
 */
export const createServiceLog = (service: string, level = "warn"): Logger =>
  pino(
    { name: service, base: { service }, level: process.env["TENON_LOG_LEVEL"] ?? level },
    pino.destination({ dest: 2, sync: true }),
  );
