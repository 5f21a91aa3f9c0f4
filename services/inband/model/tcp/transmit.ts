import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { emit } from "./emit.ts";
import { tell, type Notice, type Step } from "./notice.ts";
import { sndSeq, type Sending } from "./sending.ts";
import type { Synchronized, SynReceived, TimeWait } from "./state.ts";
import { tsvalAt } from "./timestamps.ts";

const { ACK, FIN, PSH } = TCP_FLAG;

/** A state in which something may be left to send. */
export type Transmitting = Exclude<Synchronized, SynReceived | TimeWait>;

/** Whether a segment goes out that could wait to become fuller: on a push, and when a corked one has waited long enough. */
type Urge = "asked" | "pushed";

/** Sends all that may be sent now: what was lost first, then new data, then FIN (RFC 9293 §3.8.6, §3.7.4). */
export function transmit(c: Connection, state: Transmitting, nowNs: number, step: Step, urge: Urge = "asked"): void {
  const { snd } = state;
  const sent = step.send.length;
  if (snd.recovery.phase !== "open" || snd.recovery.probing) resendLost(c, state, nowNs, step);
  if (snd.nxt < c.outgoing.end || (snd.fin && snd.nxt === c.outgoing.end)) sendNew(c, state, nowNs, step, urge);
  // RFC 8985 §7.2: a probe is due so long after the last segment.
  if (step.send.length > sent) c.timer.probeIn(snd.recovery.probeDelayNs, nowNs);
}

/** What recovery finds lost. */
function resendLost(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  const { snd } = state;
  const { recovery } = snd;
  const newData = snd.nxt < Math.min(c.outgoing.end, snd.una + snd.wnd);
  for (let due = recovery.due(newData); due > 0; due = recovery.due(newData)) {
    const { from, why } = recovery;
    resend(c, state, from, due, why === "timeout" ? snd.lossWhy : why === "probe" ? why : "recovery", nowNs, step);
    recovery.resent(nowNs);
  }
}

/** Sends bytes again, and FIN where they reach it. */
function resend(
  c: Connection,
  state: Transmitting,
  from: number,
  length: number,
  why: Extract<Notice, { t: "retransmit" }>["why"],
  nowNs: number,
  step: Step,
): void {
  const { snd } = state;
  const bytes = Math.min(length, c.outgoing.end - from);
  const fin = from + length > c.outgoing.end;
  const payload = bytes > 0 ? c.outgoing.view(from, bytes) : NO_BYTES;
  // Karn's algorithm (RFC 6298 §3): only timestamps can time what is outstanding now.
  if (snd.una >= snd.resentTo) snd.resentTsval = tsvalAt(c, nowNs);
  snd.resentTo = snd.nxt;
  c.rtt.stopTiming();
  emit(c, state, from, fin ? ACK | PSH | FIN : ACK | PSH, payload, nowNs, step);
  c.timer.sent(nowNs);
  c.counters.retransmits++;
  c.counters.retransmittedBytes += bytes;
  tell(step, { t: "retransmit", seq: sndSeq(snd, from), bytes, why });
}

/** New data and FIN, as far as windows and the avoidance of small segments allow. */
function sendNew(c: Connection, state: Transmitting, nowNs: number, step: Step, urge: Urge): void {
  const { snd } = state;
  const { outgoing } = c;
  const { end } = outgoing;
  snd.recovery.beforeSending(nowNs);
  for (;;) {
    const queued = end - snd.nxt;
    const finNext = snd.fin && queued >= 0;
    if (queued <= 0 && !finNext) break;
    const usable = snd.una + snd.wnd - snd.nxt;
    let bytes = Math.min(queued, snd.mss);
    let fin = finNext && bytes === queued;
    if (bytes + (fin ? 1 : 0) > usable) {
      // FIN goes alone later, or as much as the window has room for if that is worth a segment (§3.8.6.2.1).
      if (bytes > usable) bytes = usable >= snd.maxWnd / 2 ? Math.max(0, usable) : 0;
      fin = false;
      if (bytes === 0) {
        waitForWindow(c, snd, nowNs);
        return;
      }
    }
    if (bytes > snd.recovery.room() && snd.nxt > snd.una) break;
    if (bytes < snd.mss && bytes === queued && !fin && urge === "asked" && isHeldBack(c, snd, nowNs)) break;
    sendNext(c, state, bytes, fin, nowNs, step);
  }
  stopProbing(snd);
}

function stopProbing(snd: Sending): void {
  snd.probeAtNs = Infinity;
  snd.probeBackoffs = 0;
}

function sendNext(c: Connection, state: Transmitting, bytes: number, fin: boolean, nowNs: number, step: Step): void {
  const { snd } = state;
  const from = snd.nxt;
  const next = from + bytes + (fin ? 1 : 0);
  // RFC 9293 §3.9.1.2, MUST-60: PUSH on the last segment of what was written.
  const flags = (from + bytes === c.outgoing.end ? ACK | PSH : ACK) | (fin ? FIN : 0);
  const payload = bytes > 0 ? c.outgoing.view(from, bytes) : NO_BYTES;
  snd.nxt = next;
  snd.probing = false;
  if (bytes < snd.mss) snd.smallEnd = next;
  snd.corkAtNs = Infinity;
  stopProbing(snd);
  emit(c, state, from, flags, payload, nowNs, step);
  if (bytes > 0) c.counters.dataSegmentsOut++;
  if (fin) tell(step, { t: "fin-sent" });
  c.rtt.time(next, nowNs);
  c.timer.sent(nowNs);
  snd.recovery.sent(next, nowNs);
}

/**
 * Whether a segment that is not full waits: for an acknowledgement of another that was not (the Nagle algorithm, RFC 9293
 * §3.7.4, in Minshall's form, which does not wait for full ones), or for what a cork or MSG_MORE announce.
 */
function isHeldBack(c: Connection, snd: Sending, nowNs: number): boolean {
  if (snd.fin || snd.up > snd.nxt) return false;
  if (c.settings.cork || snd.more) {
    if (snd.corkAtNs === Infinity) snd.corkAtNs = nowNs + c.settings.corkNs;
    return true;
  }
  if (c.settings.nodelay || snd.smallEnd <= snd.una) return false;
  return !c.settings.fusion || c.local.address !== c.remote.address;
}

/** The window holds us back. With nothing outstanding no acknowledgement will come, and the peer has to be probed (§3.8.6.1). */
function waitForWindow(c: Connection, snd: Sending, nowNs: number): void {
  if (snd.nxt > snd.una || snd.probeAtNs !== Infinity) return;
  snd.probeAtNs = nowNs + c.rtt.rtoNs;
  snd.probesUnanswered = 0;
}
