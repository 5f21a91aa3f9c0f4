import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import { isAcceptable } from "./acceptable.ts";
import { acknowledge } from "./acknowledge.ts";
import type { Connection } from "./connection.ts";
import { challengeAck, sendAck, sendReset } from "./emit.ts";
import { finish } from "./enter.ts";
import { establish, sendSyn } from "./handshake.ts";
import type { Step } from "./notice.ts";
import { rcvOffset } from "./receiving.ts";
import { seqAdd } from "./seq.ts";
import { sndOffset } from "./sending.ts";
import type { SynReceived, Synchronized, TimeWait } from "./state.ts";
import { takeFin, takeText } from "./text.ts";
import { noteTimestamp } from "./timestamps.ts";
import { transmit } from "./transmit.ts";
import { takeUrgent } from "./urgent.ts";

const { ACK, FIN, RST, SYN, URG } = TCP_FLAG;

/** RFC 9293 §3.10.7.4, in the order in which it checks. */
export function onSegmentSynchronized(
  c: Connection,
  state: Synchronized,
  arrived: TcpSegment,
  nowNs: number,
  step: Step,
): void {
  const segment = state.t === "SYN-RECEIVED" ? withoutSyn(c, state, arrived, nowNs, step) : arrived;
  if (segment === undefined) return;
  const { flags } = segment;
  const offset = rcvOffset(state.rcv, segment.seq);

  // First, the sequence number.
  if (!isAcceptable(c, state, segment, offset, nowNs, step)) {
    // The peer's FIN again: our acknowledgement of it was lost. 2 MSL begin anew (fifth and eighth, TIME-WAIT).
    if (state.t === "TIME-WAIT" && (flags & (FIN | RST)) === FIN && offset + segment.payload.length === rcvFin(state))
      state.endAtNs = nowNs + c.settings.timeWaitNs;
    return;
  }

  // Second, RST.
  if ((flags & RST) !== 0) {
    takeReset(c, state, offset, nowNs, step);
    return;
  }

  // Third, security and compartment: there are none.
  // Fourth, SYN.
  if ((flags & SYN) !== 0) {
    takeSyn(c, state, nowNs, step);
    return;
  }

  c.heardAtNs = nowNs;
  c.keepaliveProbes = 0;

  // Fifth, ACK.
  if ((flags & ACK) === 0) return;
  if (state.t === "SYN-RECEIVED") {
    if (!completesOpen(c, state, segment, nowNs, step)) return;
  } else if (!acknowledge(c, state, segment, offset, nowNs, step)) return;

  // RFC 7323 §5.3 R3, but not before the acknowledgement was believed: a forged timestamp would shut others out.
  if (c.timestamps) noteTimestamp(state.rcv, segment, offset, nowNs);

  takeTextAndFin(c, segment, offset, nowNs, step);
}

/** Sixth, seventh and eighth: URG, text, FIN. Then what may be sent goes out, and an acknowledgement if none went with it. */
export function takeTextAndFin(c: Connection, segment: TcpSegment, offset: number, nowNs: number, step: Step): void {
  const { state } = c;
  switch (state.t) {
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
      if ((segment.flags & URG) !== 0) takeUrgent(state.rcv, segment, offset, step);
      if (segment.payload.length > 0 && !takeText(c, state, segment, offset, nowNs, step)) return;
      takeFin(c, state, segment, offset, nowNs, step);
      break;
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    // What comes behind a FIN is no text (§3.10.7.4, seventh).
    case "TIME-WAIT":
      break;
    case "SYN-SENT":
    case "SYN-RECEIVED":
    case "CLOSED":
      return;
  }
  afterwards(c, nowNs, step);
}

function afterwards(c: Connection, nowNs: number, step: Step): void {
  const { state } = c;
  if (state.t === "SYN-SENT" || state.t === "CLOSED") return;
  if (state.t !== "SYN-RECEIVED" && state.t !== "TIME-WAIT") {
    // MSG_MORE holds for its call only: on Linux, whatever comes from the peer lets go what waits (`tcp_data_snd_check`).
    state.snd.more = false;
    transmit(c, state, nowNs, step);
  }
  if (state.rcv.ackNow) sendAck(c, state, nowNs, step);
}

/** Where the peer's FIN is in TIME-WAIT, where it has come. */
const rcvFin = ({ rcv }: TimeWait): number => rcv.nxt - 1;

/**
 * A SYN that comes again in SYN-RECEIVED: our answer to it was lost, and goes once more. With an acknowledgement of our own SYN it
 * is the peer's answer in a simultaneous open, and counts as that acknowledgement (§3.5, figure 8).
 */
function withoutSyn(
  c: Connection,
  state: SynReceived,
  segment: TcpSegment,
  nowNs: number,
  step: Step,
): TcpSegment | undefined {
  if ((segment.flags & (SYN | RST)) !== SYN || segment.seq !== state.rcv.irs) return segment;
  if ((segment.flags & ACK) !== 0) return { ...segment, seq: seqAdd(segment.seq, 1), flags: segment.flags & ~SYN };
  sendSyn(c, state, nowNs, step);
  return undefined;
}

/**
 * RFC 5961 §3.2: only a RST that is exactly what comes next is believed; one elsewhere in the window is asked about. None is in
 * TIME-WAIT, other than §3.10.7.4 says: late duplicates make us acknowledge, which a peer that has ended answers with just
 * that RST (RFC 1337 §2.1, fix F1 of §3).
 */
function takeReset(c: Connection, state: Synchronized, offset: number, nowNs: number, step: Step): void {
  if (state.t === "TIME-WAIT") return;
  if (offset !== state.rcv.nxt) challengeAck(c, state, nowNs, step);
  else if (state.t === "SYN-RECEIVED" && state.opened === "actively") finish(c, "refused", step, undefined);
  else finish(c, "reset", step, undefined);
}

/** RFC 5961 §4.2. In SYN-RECEIVED of a passive open the listener waits for another SYN (RFC 9293 §3.10.7.4, fourth). */
function takeSyn(c: Connection, state: Synchronized, nowNs: number, step: Step): void {
  if (state.t === "SYN-RECEIVED" && state.opened === "passively") finish(c, "reset", step, undefined);
  else challengeAck(c, state, nowNs, step);
}

/** The fifth check in SYN-RECEIVED: our SYN is acknowledged, or the segment is none of ours. */
function completesOpen(c: Connection, state: SynReceived, segment: TcpSegment, nowNs: number, step: Step): boolean {
  const { snd, rcv } = state;
  if (sndOffset(snd, segment.ack) !== 0) {
    sendReset(c, segment.ack, undefined, step);
    return false;
  }
  snd.wnd = segment.window * 2 ** snd.scale;
  snd.maxWnd = Math.max(snd.maxWnd, snd.wnd);
  snd.wl1 = rcvOffset(rcv, segment.seq);
  snd.wl2 = 0;
  establish(c, state, rcv, segment, nowNs, step);
  return true;
}
