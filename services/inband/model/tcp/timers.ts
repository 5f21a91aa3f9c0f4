import type { Connection } from "./connection.ts";
import { sendAck, sendReset } from "./emit.ts";
import { finish } from "./enter.ts";
import { onKeepalive } from "./keepalive.ts";
import { newStep, type Step } from "./notice.ts";
import { onProbe } from "./probe.ts";
import { sndSeq } from "./sending.ts";
import { giveUpAtNs, onTailProbe, onTimeout } from "./timeout.ts";
import { transmit, type Transmitting } from "./transmit.ts";

/** When the connection wants to be called next; undefined: only a segment or a call can move it. */
export function pollAtNs(c: Connection): number | undefined {
  const atNs = earliest(c);
  return atNs === Infinity ? undefined : atNs;
}

function earliest(c: Connection): number {
  const { state } = c;
  switch (state.t) {
    case "CLOSED":
      return Infinity;
    case "TIME-WAIT":
      return state.endAtNs;
    case "SYN-SENT":
    case "SYN-RECEIVED":
      return Math.min(c.timer.atNs, giveUpAtNs(c, state));
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK": {
      const { snd, rcv } = state;
      const endAtNs = state.t === "FIN-WAIT-2" ? state.endAtNs : Infinity;
      const resendAtNs = snd.stalledSinceNs === undefined ? c.timer.atNs : Math.min(c.timer.atNs, giveUpAtNs(c, state));
      return Math.min(resendAtNs, rcv.ackAtNs, snd.probeAtNs, snd.corkAtNs, c.keepaliveAtNs, endAtNs);
    }
  }
}

/** Does what has become due. */
export function onTick(c: Connection, nowNs: number): Step {
  const step = newStep();
  const { state } = c;
  switch (state.t) {
    case "CLOSED":
      break;
    case "TIME-WAIT":
      if (nowNs >= state.endAtNs) finish(c, "finished", step, undefined);
      break;
    case "SYN-SENT":
    case "SYN-RECEIVED":
      if (nowNs >= earliest(c)) onTimeout(c, state, nowNs, step);
      break;
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
      tickOpen(c, nowNs, step);
  }
  return step;
}

/** Each of them may end the connection; what comes behind looks at the state anew. */
const TICKS = [tickResend, tickProbe, tickKeepalive, tickFinWait2, tickCork, tickAck] as const;

function tickOpen(c: Connection, nowNs: number, step: Step): void {
  for (const tick of TICKS) {
    const { state } = c;
    if (state.t === "SYN-SENT" || state.t === "SYN-RECEIVED" || state.t === "TIME-WAIT" || state.t === "CLOSED") return;
    tick(c, state, nowNs, step);
  }
}

function tickResend(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  const givenUp = state.snd.stalledSinceNs !== undefined && nowNs >= giveUpAtNs(c, state);
  if (!givenUp && c.timer.takeProbe(nowNs)) onTailProbe(c, state, nowNs, step);
  else if (nowNs >= c.timer.atNs || givenUp) onTimeout(c, state, nowNs, step);
}

function tickProbe(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  if (nowNs >= state.snd.probeAtNs) onProbe(c, state, nowNs, step);
}

function tickKeepalive(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  if (nowNs >= c.keepaliveAtNs) onKeepalive(c, state, nowNs, step);
}

/** The peer does not close, and nobody here waits for it (Linux's tcp_fin_timeout, illumos' _fin_wait_2_flush_interval). */
function tickFinWait2(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  if (state.t !== "FIN-WAIT-2" || nowNs < state.endAtNs) return;
  // Who does not wait at all says so (TCP_LINGER2 below zero).
  if (c.settings.finWait2Ns === 0) sendReset(c, sndSeq(state.snd, state.snd.nxt), undefined, step);
  finish(c, "finished", step, undefined);
}

function tickCork(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  if (nowNs < state.snd.corkAtNs) return;
  state.snd.corkAtNs = Infinity;
  transmit(c, state, nowNs, step, "pushed");
}

function tickAck(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  if (nowNs < state.rcv.ackAtNs) return;
  c.counters.delayedAcks++;
  sendAck(c, state, nowNs, step);
}
