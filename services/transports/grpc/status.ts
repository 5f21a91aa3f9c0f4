import { status, type StatusObject } from "@grpc/grpc-js";
import type { Answer } from "../../boundary/invocation.ts";
import { lineOf, lost, unserved } from "../answers.ts";

/** How grpc-js words an HTTP answer of something that does not speak gRPC; it makes UNIMPLEMENTED of a 404. */
const NOT_GRPC = /^Received HTTP status code/;
/** How grpc-js words that nobody is there, with an empty note at the end. */
const NO_CONNECTION = /^No connection established\. Last error: (?:Error: )?(.*)\. Resolution note:$/;
/** How grpc-js words that somebody is there, and hung up before it said anything. */
const HUNG_UP = /^Failed to connect \(.*\)$/;
/** How servers word it when they could not read a message, or we could not read theirs. */
const UNREADABLE = /pars|serializ|decod|compress/i;

/**
 * Why there is no connection, as somebody at the other end or the system says it; undefined where there was one.
 *
 * A server that speaks TLS says nothing to whom it does not let in: it hangs up. So that is what it means.
 */
export function connectionTrouble(details: string): string | undefined {
  const [, trouble] = NO_CONNECTION.exec(lineOf(details)) ?? [];
  return trouble !== undefined && HUNG_UP.test(trouble)
    ? "the peer hung up at once: it does not let us in with our certificate, or one of us speaks TLS and the other does not"
    : trouble;
}

/**
 * What a gRPC status that is not OK means to the caller. A status speaks of the road only: whatever it is, it is never an
 * errno.
 */
export function answerOfStatus({ code, details }: Pick<StatusObject, "code" | "details">): Answer {
  const trouble = connectionTrouble(details);
  const reason = `${status[code]}: ${trouble === undefined ? lineOf(details) : `no connection: ${trouble}`}`;
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

/** Where a call went that did not end well. */
interface Called {
  readonly address: string;
  /** Whether we have shown a token. */
  readonly hasToken: boolean;
  /** Whether anything had come from there before it ended. */
  readonly heard: boolean;
}

/** Why a call to a running kernel did not end well, in one line for who wrote the address. */
export function endingInWords(
  { address, hasToken, heard }: Called,
  { code, details }: Pick<StatusObject, "code" | "details">,
): string {
  switch (code) {
    // A connection that breaks ends its calls with the one or the other.
    case status.CANCELLED:
    case status.UNAVAILABLE:
      return heard ? `the kernel at ${address} went away` : noConnection(address, details);
    case status.UNAUTHENTICATED:
      return hasToken
        ? `the control service at ${address} wants another token than this one: --token-file FILE`
        : `the control service at ${address} wants a token: --token-file FILE`;
    case status.DEADLINE_EXCEEDED:
      return `what runs at ${address} does not answer`;
    case status.UNIMPLEMENTED:
      return `what runs at ${address} has no such control`;
    // A kernel that stops ends what is open in good order.
    case status.OK:
      return `the kernel at ${address} went away`;
    default:
      return `${address}: ${details}`;
  }
}

/** Nothing that listens is told as nothing that runs; what is there and turns us away is told as that. */
function noConnection(address: string, details: string): string {
  const trouble = connectionTrouble(details);
  return trouble === undefined || /^connect (?:ENOENT|ECONNREFUSED)/.test(trouble)
    ? `nothing runs at ${address}`
    : `${address}: ${trouble}`;
}

/** Longer ones would not fit the headers in which a status travels. */
const DETAILS_MAX = 1000;

/** A status for a reason of ours: text that gRPC can send, whatever is in it. */
export const refusal = (code: status, reason: string): { readonly code: status; readonly details: string } => ({
  code,
  // By way of bytes, since half a surrogate pair would make encodeURI throw inside grpc-js.
  details: Buffer.from(reason.slice(0, DETAILS_MAX)).toString(),
});
