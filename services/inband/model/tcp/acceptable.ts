import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { answerUnacceptable } from "./emit.ts";
import type { Step } from "./notice.ts";
import type { Receiving } from "./receiving.ts";
import { segmentLength } from "./reset.ts";
import type { Synchronized } from "./state.ts";
import { isOld } from "./timestamps.ts";

const { FIN, RST, SYN } = TCP_FLAG;

/**
 * First of RFC 9293 §3.10.7.4: PAWS (RFC 7323 §5.3), then the sequence number. A segment that is not acceptable is dropped, and
 * answered with an acknowledgement unless it is a RST.
 */
export function isAcceptable(
  c: Connection,
  state: Synchronized,
  segment: TcpSegment,
  offset: number,
  nowNs: number,
  step: Step,
): boolean {
  const { rcv } = state;
  const reset = (segment.flags & RST) !== 0;
  if (c.timestamps && !reset) {
    // RFC 7323 §3.2: where timestamps were agreed on, a segment without one is dropped, and not answered.
    if (segment.timestamp === undefined) {
      c.counters.unacceptableIn++;
      return false;
    }
    // R1
    if (isOld(rcv, segment, nowNs)) {
      c.counters.pawsDrops++;
      answerUnacceptable(c, state, segment, nowNs, step);
      return false;
    }
  }
  // R2
  const length = segmentLength(segment);
  if (!isInWindow(rcv, segment, offset, length)) {
    c.counters.unacceptableIn++;
    if (reset) return false;
    if (segment.payload.length > 0 && offset + length <= rcv.nxt) {
      c.counters.duplicatesIn++;
      if (c.sack) c.incoming.noteDuplicate(Math.max(0, offset), Math.min(offset + length, c.incoming.next));
    }
    answerUnacceptable(c, state, segment, nowNs, step);
    return false;
  }
  return true;
}

/** RFC 9293 §3.4, table 6: some of the segment is in the window. */
function isInWindow(rcv: Receiving, { flags, payload }: TcpSegment, offset: number, length: number): boolean {
  const { nxt, edge } = rcv;
  // An acknowledgement right behind a window that was sent full, of which something was lost: Linux takes it, too.
  if (length === 0) return offset >= nxt && ((flags & RST) === 0 || nxt === edge ? offset <= edge : offset < edge);
  const last = offset + length - 1;
  // Into a window of zero text cannot go, but what comes with it counts: its ACK and URG (§3.4, MUST-66). A FIN alone needs no room
  // in our buffer, and there are peers that send it there. RST and SYN that are not exactly next are not looked at.
  if (edge <= nxt) {
    if (payload.length === 0) return offset === nxt && (flags & FIN) !== 0;
    return offset <= nxt && last >= nxt && (flags & (RST | SYN)) === 0;
  }
  return (offset >= nxt && offset < edge) || (last >= nxt && last < edge);
}
