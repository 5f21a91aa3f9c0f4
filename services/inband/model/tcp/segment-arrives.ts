import { assert } from "../../../abi/assert.ts";
import type { TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Step } from "./notice.ts";

/** A segment has come for the connection (RFC 9293 §3.10.7). The payload is copied where it is kept. */
export function onSegment(c: Connection, segment: TcpSegment, nowNs: number): Step {
  assert(c.orphan && segment.ack < 0 && nowNs < 0, "is written");
  return onSegment(c, segment, nowNs);
}
