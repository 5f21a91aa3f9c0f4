import type { Lost } from "../../abi/event.ts";
import type { Answer } from "../invocation.ts";

/**
 * What a status of the road means to the caller, as it does between processes (services/transports/grpc/status.ts).
 * `DEADLINE_EXCEEDED` is not among them: only the deadline says timeout, and drop makes it.
 */
export const ROAD_STATUSES = {
  UNIMPLEMENTED: undefined,
  FAILED_PRECONDITION: "rejected",
  INVALID_ARGUMENT: "rejected",
  OUT_OF_RANGE: "rejected",
  PERMISSION_DENIED: "rejected",
  UNAUTHENTICATED: "rejected",
  RESOURCE_EXHAUSTED: "rejected",
  DATA_LOSS: "garbled",
  INTERNAL: "unreachable",
  UNAVAILABLE: "unreachable",
  ABORTED: "unreachable",
  CANCELLED: "unreachable",
  UNKNOWN: "unreachable",
} as const satisfies Readonly<Record<string, Lost | undefined>>;

/** The answer of a road that fails with a status. */
export function answerOfRoad(status: string | undefined): Answer {
  const why = status === undefined ? "unreachable" : ROAD_STATUSES[status as keyof typeof ROAD_STATUSES];
  return why === undefined
    ? { kind: "unserved", lamport: 0 }
    : { kind: "lost", why, reason: `${status ?? "?"}: a fault of the road`, lamport: 0 };
}
