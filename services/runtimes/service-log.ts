import { pino, type Logger } from "pino";

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
