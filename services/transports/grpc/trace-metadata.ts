import { Metadata } from "@grpc/grpc-js";
import { traceparentOf } from "../../abi/traceparent.ts";
import type { Invocation } from "../../boundary/invocation.ts";

const HEADER = "traceparent";

/**
 * The W3C trace context of a call, for peers that know nothing of our header, and for whatever stands between. On a stream
 * of many calls it is that of the call that opened it. Calls of control are in no trace, and have none.
 */
export function traceMetadata({ origin, trace, span }: Pick<Invocation, "origin" | "trace" | "span">): Metadata {
  const metadata = new Metadata();
  if (trace !== 0 && span !== 0) metadata.set(HEADER, traceparentOf(origin, trace, span));
  return metadata;
}

/** What a caller sent as its trace context; it may be anything. Two of them are none (W3C Trace Context, section 3.2). */
export function traceparentIn(metadata: Metadata): string | undefined {
  const [header, another] = metadata.get(HEADER);
  return typeof header === "string" && another === undefined ? header : undefined;
}
