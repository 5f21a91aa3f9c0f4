import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { emit } from "./emit.ts";
import { finish } from "./enter.ts";
import { tell, type Step } from "./notice.ts";
import { sndSeq } from "./sending.ts";
import { patienceNs } from "./timeout.ts";
import type { Transmitting } from "./transmit.ts";

const { ACK, FIN, PSH } = TCP_FLAG;

/**
 * Probes a peer whose window holds us back (RFC 9293 §3.8.6.1): with what the window has room for, or with one byte (or FIN) where it
 * has none. Probes go on for ever as long as they are answered (MUST-37), in growing intervals (SHLD-30).
 */
export function onProbe(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  const { snd } = state;
  if (snd.probesUnanswered === 0) snd.probedSinceNs = nowNs;
  // Nobody waits for an orphan, so that it is not kept for a peer that answers and never opens (tcp_orphan_retries).
  const outlived = c.orphan && snd.probeBackoffs >= c.settings.orphanRetries;
  if (outlived || (snd.probesUnanswered > 0 && nowNs - snd.probedSinceNs >= patienceNs(c))) {
    finish(c, "timeout", step);
    return;
  }
  snd.probesUnanswered++;
  const { end } = c.outgoing;
  const usable = snd.una + snd.wnd - snd.nxt;
  if (usable > 0 && snd.nxt < end) {
    sendPart(c, state, Math.min(usable, snd.mss, end - snd.nxt), nowNs, step);
    return;
  }
  // The byte is not counted as sent: the peer drops it unless its window has opened.
  const isFin = snd.nxt >= end;
  snd.probing = true;
  emit(c, state, snd.nxt, isFin ? ACK | FIN : ACK, isFin ? NO_BYTES : c.outgoing.view(snd.nxt, 1), nowNs, step);
  c.counters.zeroWindowProbesOut++;
  tell(step, { t: "retransmit", seq: sndSeq(snd, snd.nxt), bytes: isFin ? 0 : 1, why: "probe" });
  snd.probeBackoffs++;
  snd.probeAtNs = nowNs + Math.min(c.settings.maxRtoNs, c.rtt.rtoNs * 2 ** Math.min(snd.probeBackoffs, 32));
}

/** The override timer of the avoidance of small segments (§3.8.6.2.1 (4)): the window is small, and does not become larger. */
function sendPart(c: Connection, state: Transmitting, bytes: number, nowNs: number, step: Step): void {
  const { snd } = state;
  const from = snd.nxt;
  snd.nxt += bytes;
  snd.probing = false;
  snd.probeAtNs = Infinity;
  emit(c, state, from, ACK | PSH, c.outgoing.view(from, bytes), nowNs, step);
  c.counters.dataSegmentsOut++;
  c.timer.sent(nowNs);
  snd.recovery.sent(snd.nxt, nowNs);
}
