import { status, type StatusObject } from "@grpc/grpc-js";
import type { Answer } from "../../boundary/invocation.ts";
import { lineOf, lost, unserved } from "../answers.ts";

/** How grpc-js words an HTTP answer of something that does not speak gRPC; it makes UNIMPLEMENTED of a 404. */
const NOT_GRPC = /^Received HTTP status code/;
/** How grpc-js words that nobody is there, with an empty note at the end. */
const NO_CONNECTION = /^No connection established\. Last error: (?:Error: )?(.*)\. Resolution note:$/;
/** How servers word it when they could not read a message, or we could not read theirs. */
const UNREADABLE = /pars|serializ|decod|compress/i;

/**
 * What a gRPC status that is not OK means to the caller. A status speaks of the road only: whatever it is, it is never an
 * errno.
 */
export function answerOfStatus({ code, details }: Pick<StatusObject, "code" | "details">): Answer {
  const reason = `${status[code]}: ${lineOf(details).replace(NO_CONNECTION, "no connection: $1")}`;
  if (NOT_GRPC.test(details)) return lost("garbled", `the peer does not speak gRPC: ${lineOf(details)}`);
  switch (code) {
    case status.UNIMPLEMENTED:
      return unserved();
    // Our own receiver's word for a call that breaks the contract; the reason is for people as it is.
    case status.FAILED_PRECONDITION:
      return lost("rejected", details);
    case status.INVALID_ARGUMENT:
    case status.OUT_OF_RANGE:
    case status.PERMISSION_DENIED:
    case status.UNAUTHENTICATED:
    case status.RESOURCE_EXHAUSTED:
      return lost("rejected", reason);
    case status.DATA_LOSS:
      return lost("garbled", reason);
    case status.INTERNAL:
      return lost(UNREADABLE.test(details) ? "garbled" : "unreachable", reason);
    default:
      return lost("unreachable", reason);
  }
}

/** Longer ones would not fit the headers in which a status travels. */
const DETAILS_MAX = 1000;

/** A status for a reason of ours: text that gRPC can send, whatever is in it. */
export const refusal = (code: status, reason: string): { readonly code: status; readonly details: string } => ({
  code,
  // By way of bytes, since half a surrogate pair would make encodeURI throw inside grpc-js.
  details: Buffer.from(reason.slice(0, DETAILS_MAX)).toString(),
});
