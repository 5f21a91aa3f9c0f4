import { pino, type Logger } from "pino";

/** The log of a service: JSON Lines on standard error. What happens in hooks is in the events, never here. */
export const createServiceLog = (service: string, level = "warn"): Logger =>
  pino(
    { name: service, base: { service }, level: process.env["TENON_LOG_LEVEL"] ?? level },
    pino.destination({ dest: 2, sync: true }),
  );
