import type { TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { newStep, type Step } from "./notice.ts";
import { onSegmentInSynSent } from "./syn-sent.ts";
import { onSegmentSynchronized } from "./synchronized.ts";

/**
 * A segment has come for the connection (RFC 9293 §3.10.7). Its payload is copied where it is kept; what the step says is
 * for the caller to send. A connection in CLOSED is none any more: the caller answers with `resetFor`.
 */
export function onSegment(c: Connection, segment: TcpSegment, nowNs: number): Step {
  const step = newStep();
  const { state } = c;
  c.counters.segmentsIn++;
  if (segment.payload.length > 0) c.counters.dataSegmentsIn++;
  switch (state.t) {
    case "SYN-SENT":
      onSegmentInSynSent(c, state, segment, nowNs, step);
      break;
    case "CLOSED":
      break;
    case "SYN-RECEIVED":
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      onSegmentSynchronized(c, state, segment, nowNs, step);
  }
  return step;
}
