import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { sendReset } from "./emit.ts";
import { enter, enterTimeWait, finish } from "./enter.ts";
import { tell, type Step } from "./notice.ts";
import type { Receiving } from "./receiving.ts";
import { sndSeq } from "./sending.ts";
import type { Established, FinWait1, FinWait2 } from "./state.ts";

const { FIN } = TCP_FLAG;

/**
 * Seventh of RFC 9293 §3.10.7.4: the segment's text. What is outside the window is cut off.
 *
 * @returns false when the connection has ended: nobody would read the text (RFC 1122 §4.2.2.13).
 */
export function takeText(
  c: Connection,
  { snd, rcv }: Established | FinWait1 | FinWait2,
  { payload }: TcpSegment,
  offset: number,
  nowNs: number,
  step: Step,
): boolean {
  if ((c.orphan || (c.deaf && c.state.t !== "ESTABLISHED")) && offset + payload.length > rcv.nxt) {
    sendReset(c, sndSeq(snd, snd.nxt), undefined, step);
    finish(c, c.orphan ? "aborted" : "reset", step, undefined);
    return false;
  }
  // Nothing is behind a FIN.
  const edge = rcv.fin === undefined ? rcv.edge : Math.min(rcv.edge, rcv.fin);
  const text = offset + payload.length > edge ? payload.subarray(0, Math.max(0, edge - offset)) : payload;
  const { incoming } = c;
  const held = incoming.held;
  const from = incoming.next;
  const bytes = incoming.insert(offset, text);
  if (payload.length > rcv.peerMss) rcv.peerMss = payload.length;
  if (bytes > 0) {
    rcv.nxt += bytes;
    c.counters.bytesReceived += bytes;
    tell(step, { t: "data", offset: from, bytes });
  } else {
    // Where all of it was cut off, it came into a window of zero, or behind a FIN.
    c.counters[text.length === 0 ? "unacceptableIn" : "outOfOrderIn"]++;
  }
  // RFC 5681 §4.2: at once for what is out of order, for what fills a gap, and for what was cut off.
  if (held > 0 || incoming.hasBlocks || bytes < payload.length) rcv.ackNow = true;
  else oweAck(c, rcv, bytes, nowNs);
  return true;
}

/**
 * A delayed acknowledgement (RFC 9293 §3.8.6.3): with the second full segment, or after a while. The first ones at once, and those
 * for half of a small window: the peer has to stop before a second segment.
 */
function oweAck(c: Connection, rcv: Receiving, bytes: number, nowNs: number): void {
  rcv.unackedBytes += bytes;
  if (rcv.quickAcks > 0) {
    rcv.quickAcks--;
    rcv.ackNow = true;
  } else if (rcv.unackedBytes >= Math.min(2 * rcv.peerMss, c.settings.rcvbuf / 2)) {
    rcv.ackNow = true;
  } else if (rcv.ackAtNs === Infinity) {
    rcv.ackAtNs = nowNs + c.settings.delayedAckNs;
  }
}

/** Eighth of RFC 9293 §3.10.7.4: the FIN, if all before it has come, or the one that was kept until now. */
export function takeFin(
  c: Connection,
  state: Established | FinWait1 | FinWait2,
  segment: TcpSegment,
  offset: number,
  nowNs: number,
  step: Step,
): void {
  const { snd, rcv } = state;
  if ((segment.flags & FIN) !== 0) {
    rcv.ackNow = true;
    const at = offset + segment.payload.length;
    // One beyond the window is not believed, nor a second one elsewhere.
    if (at >= rcv.nxt && at <= rcv.edge && rcv.fin === undefined) rcv.fin = at;
  }
  // A peer that sent bytes behind its FIN has not closed there.
  if (rcv.fin !== undefined && rcv.fin < rcv.nxt) rcv.fin = undefined;
  if (rcv.fin === undefined || rcv.fin !== rcv.nxt) return;
  rcv.nxt++;
  rcv.ackNow = true;
  tell(step, { t: "fin" });
  switch (state.t) {
    case "ESTABLISHED":
      enter(c, { t: "CLOSE-WAIT", snd, rcv }, step);
      break;
    case "FIN-WAIT-1":
      // Our FIN is not acknowledged, or the fifth check would have entered FIN-WAIT-2.
      enter(c, { t: "CLOSING", snd, rcv }, step);
      break;
    case "FIN-WAIT-2":
      enterTimeWait(c, state, nowNs, step);
  }
}
