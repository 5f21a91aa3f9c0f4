import type { Connection } from "./connection.ts";
import { finish } from "./enter.ts";
import { DEFAULT_MSS, effectiveMss, sendSyn } from "./handshake.ts";
import { tell, type Step } from "./notice.ts";
import type { SynReceived, SynSent } from "./state.ts";
import { transmit, type Transmitting } from "./transmit.ts";

/**
 * How long so many retransmissions take that begin with the shortest timeout and double it: Linux counts tcp_retries2 in this
 * time, whatever the path's own timeouts are (`tcp_model_timeout`). 15 of them are 924.6 s.
 */
function modelNs(c: Connection, retries: number): number {
  const { minRtoNs, maxRtoNs } = c.settings;
  const doublings = Math.min(retries, Math.max(0, Math.floor(Math.log2(maxRtoNs / minRtoNs))));
  return (2 ** (doublings + 1) - 1) * minRtoNs + (retries - doublings) * maxRtoNs;
}

/** R2 (RFC 9293 §3.8.3): how long a peer may be silent to whom data or a probe goes again and again. */
export function patienceNs(c: Connection): number {
  const byRetries = modelNs(c, c.orphan ? c.settings.orphanRetries : c.settings.retries2);
  return Math.min(c.settings.userTimeoutNs ?? Infinity, byRetries);
}

/** When the connection is given up if nothing comes until then. SYNs are counted, not timed, unless a connect has a time. */
export function giveUpAtNs(c: Connection, state: SynSent | SynReceived | Transmitting): number {
  const { connectTimeoutNs = Infinity, userTimeoutNs, initialRtoNs } = c.settings;
  if (state.t === "SYN-SENT" || (state.t === "SYN-RECEIVED" && state.opened === "actively")) {
    // A time for data is one for the SYN as well, but not before that would go once more (`tcp_write_timeout`).
    return state.handshake.startedAtNs + Math.min(connectTimeoutNs, Math.max(userTimeoutNs ?? Infinity, initialRtoNs));
  }
  if (state.t === "SYN-RECEIVED" || state.snd.stalledSinceNs === undefined) return Infinity;
  // It takes the place of the retries, and may be longer than they would last (tcp(7), RFC 5482).
  return state.snd.stalledSinceNs + (c.orphan ? patienceNs(c) : (userTimeoutNs ?? patienceNs(c)));
}

/** The retransmission timer expired (RFC 9293 §3.10.8, RFC 6298 §5), or the time until the connection is given up is over. */
export function onTimeout(c: Connection, state: SynSent | SynReceived | Transmitting, nowNs: number, step: Step): void {
  if (state.t === "SYN-SENT" || state.t === "SYN-RECEIVED") onSynTimeout(c, state, nowNs, step);
  else onDataTimeout(c, state, nowNs, step);
}

function onSynTimeout(c: Connection, state: SynSent | SynReceived, nowNs: number, step: Step): void {
  const { handshake } = state;
  const passive = state.t === "SYN-RECEIVED" && state.opened === "passively";
  // With a time for the connect the retries do not count (illumos).
  const retries = passive
    ? c.settings.synAckRetries
    : c.settings.connectTimeoutNs === undefined
      ? c.settings.synRetries
      : Infinity;
  if (handshake.resent >= retries || nowNs >= giveUpAtNs(c, state)) {
    finish(c, "timeout", step);
    return;
  }
  handshake.resent++;
  c.counters.timeouts++;
  c.counters.retransmits++;
  c.timer.expired(nowNs);
  sendSyn(c, state, nowNs, step);
  tell(step, { t: "retransmit", seq: state.snd.iss, bytes: 0, why: "timeout" });
}

/** Nothing was heard for two round trips: what is missing is sent again, or one segment more to find out (RFC 8985 §7.3). */
export function onTailProbe(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  c.counters.tailProbes++;
  state.snd.recovery.onProbe(nowNs);
  transmit(c, state, nowNs, step, "pushed");
}

function onDataTimeout(c: Connection, state: Transmitting, nowNs: number, step: Step): void {
  const { snd } = state;
  snd.stalledSinceNs ??= nowNs - c.rtt.rtoNs;
  if (nowNs >= giveUpAtNs(c, state)) {
    finish(c, "timeout", step);
    return;
  }
  snd.timeouts++;
  snd.expiredAtNs = nowNs;
  c.counters.timeouts++;
  c.timer.expired(nowNs);
  // Advice of R1 (RFC 9293 §3.8.3, RFC 2923 §2.1): smaller segments, which everybody has to let through, may get there.
  if (snd.timeouts === c.settings.blackHoleTimeouts && snd.mss > DEFAULT_MSS) {
    snd.pathMss = DEFAULT_MSS;
    snd.mss = effectiveMss(c, snd);
    snd.recovery.onMss(snd.mss, false, nowNs);
  }
  snd.lossWhy = "timeout";
  snd.recovery.onTimeout(nowNs);
  transmit(c, state, nowNs, step);
}
