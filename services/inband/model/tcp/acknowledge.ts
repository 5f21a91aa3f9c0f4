import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { challengeAck } from "./emit.ts";
import { enter, enterTimeWait, finish } from "./enter.ts";
import { tell, type Step } from "./notice.ts";
import { sndMax, sndOffset, type Sending } from "./sending.ts";
import { seqLess, seqLessEq } from "./seq.ts";
import type { Synchronized, SynReceived } from "./state.ts";
import { echoAgeNs } from "./timestamps.ts";

const { FIN } = TCP_FLAG;

/** No SACK blocks. */
const NO_BLOCKS: readonly number[] = [];

/** A state in which our SYN is acknowledged. */
type Open = Exclude<Synchronized, SynReceived>;

/**
 * Fifth of RFC 9293 §3.10.7.4: ACK, where our SYN was acknowledged before.
 *
 * @returns false when the segment is to be dropped, or the connection has ended.
 */
export function acknowledge(
  c: Connection,
  state: Open,
  segment: TcpSegment,
  offset: number,
  nowNs: number,
  step: Step,
): boolean {
  const { snd } = state;
  const ack = sndOffset(snd, segment.ack);
  // RFC 5961 §5.2: what was never sent cannot be acknowledged; what was so long ago is somebody's guess.
  if (ack > sndMax(snd) || ack < snd.una - snd.maxWnd) {
    challengeAck(c, state, nowNs, step);
    return false;
  }
  snd.probesUnanswered = 0;
  const windowBefore = snd.wnd;
  if (ack >= snd.una) takeWindow(snd, segment, offset, ack);
  const duplicate =
    ack === snd.una && segment.payload.length === 0 && snd.wnd === windowBefore && (segment.flags & FIN) === 0;
  // A peer that shut its window and acknowledges is alive, also with data outstanding that it does not take (§3.8.6.1, MUST-37).
  if (snd.wnd === 0) {
    snd.stalledSinceNs = undefined;
    snd.timeouts = 0;
  }
  if (duplicate && snd.nxt > snd.una) c.counters.dupAcksIn++;
  if (snd.probing && ack > snd.nxt) believeProbe(snd, nowNs);
  const before = snd.recovery.phase;
  const blocks = c.sack && segment.sack !== undefined ? offsetsOf(snd, segment) : NO_BLOCKS;
  const acked = snd.recovery.onAck(ack, blocks, duplicate, nowNs);
  if (snd.recovery.phase !== before && snd.recovery.phase === "recovery") c.counters.fastRecoveries++;
  // What the peer tells of holding is news, too: there is nothing to probe for.
  if (blocks.length > 0) c.timer.probeIn(snd.recovery.probeDelayNs, nowNs);
  return acked === 0 || advance(c, state, segment, ack, nowNs, step);
}

/** SND.UNA moves to `ack`. */
function advance(c: Connection, state: Open, segment: TcpSegment, ack: number, nowNs: number, step: Step): boolean {
  const { snd } = state;
  const bytes = Math.min(ack, c.outgoing.end) - c.outgoing.start;
  takeRoundTrip(c, snd, segment, ack, nowNs);
  snd.una = ack;
  // What ICMP told was over before this: it explains no later timeout (RFC 5461 §2.2).
  c.softError = undefined;
  if (snd.up <= ack) snd.up = -1;
  snd.stalledSinceNs = undefined;
  snd.timeouts = 0;
  c.timer.acked(snd.nxt > ack, nowNs);
  c.timer.probeIn(snd.recovery.probeDelayNs, nowNs);
  if (bytes > 0) {
    c.outgoing.release(c.outgoing.start + bytes);
    c.counters.bytesAcked += bytes;
    tell(step, { t: "room", acked: bytes });
  }
  return !snd.fin || ack <= c.outgoing.end || takeFinAck(c, state, nowNs, step);
}

/** Our FIN is acknowledged. */
function takeFinAck(c: Connection, state: Open, nowNs: number, step: Step): boolean {
  const { snd, rcv } = state;
  switch (state.t) {
    case "FIN-WAIT-1":
      enter(c, { t: "FIN-WAIT-2", snd, rcv, endAtNs: c.orphan ? nowNs + c.settings.finWait2Ns : Infinity }, step);
      return true;
    case "CLOSING":
      enterTimeWait(c, state, nowNs, step);
      return true;
    case "LAST-ACK":
      finish(c, "finished", step, undefined);
      return false;
    case "ESTABLISHED":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "TIME-WAIT":
      return true;
  }
}

/**
 * SND.WND (§3.10.7.4, fifth): from the newest segment only. One that acknowledges something new is newest too, also when it
 * was sent again and its own number is old: with SND.UNA moved and SND.WND not, we would send beyond what was told. A window
 * may shrink; what is beyond it counts as sent all the same.
 */
function takeWindow(snd: Sending, { window }: TcpSegment, offset: number, ack: number): void {
  if (ack <= snd.una && (offset < snd.wl1 || (offset === snd.wl1 && ack < snd.wl2))) return;
  const wnd = window * (1 << snd.scale);
  snd.wnd = wnd;
  if (offset > snd.wl1) snd.wl1 = offset;
  snd.wl2 = ack;
  if (wnd > snd.maxWnd) snd.maxWnd = wnd;
}

/** The byte of a zero-window probe found room after all: it was sent, then. */
function believeProbe(snd: Sending, nowNs: number): void {
  snd.probing = false;
  // Whether there is something left to probe for is for `transmit` to say: a FIN that was acknowledged is the last.
  snd.probeAtNs = Infinity;
  snd.probeBackoffs = 0;
  snd.nxt++;
  snd.recovery.sent(snd.nxt, nowNs);
}

/**
 * A round trip: of what was timed, or by the timestamp where segments were sent again, since that tells which of them is meant
 * (RFC 7323 §4.1, RFC 6298 §3). An echo from before the first retransmission says that this one was not needed (RFC 3522).
 *
 * After a timeout an echo tells nothing if the peer says that a segment came twice: the first one arrived long ago, and its
 * acknowledgement was lost. The timeout would be taken for a part of the round trip, and the next one be longer for it, again and
 * again. What came twice was sent when the timer expired.
 */
function takeRoundTrip(c: Connection, snd: Sending, segment: TcpSegment, ack: number, nowNs: number): void {
  if (snd.una >= snd.resentTo) {
    c.rtt.acked(ack, nowNs);
    return;
  }
  const { timestamp } = segment;
  const ageNs = c.timestamps && timestamp !== undefined ? echoAgeNs(c, timestamp.echo, nowNs) : undefined;
  if (snd.timeouts > 0 && c.sack && cameTwice(segment)) c.rtt.sample(nowNs - snd.expiredAtNs);
  else if (ageNs !== undefined) c.rtt.sample(ageNs);
  if (snd.timeouts > 0 && ageNs !== undefined && timestamp !== undefined && seqLess(timestamp.echo, snd.resentTsval))
    snd.recovery.onSpurious(nowNs);
}

/** The first block is a D-SACK: it is below the acknowledgement (RFC 2883 §4). */
const cameTwice = ({ sack, ack }: TcpSegment): boolean => sack?.[0] !== undefined && seqLessEq(sack[0][1], ack);

/** The SACK blocks as pairs of offsets. */
function offsetsOf(snd: Sending, { sack }: TcpSegment): number[] {
  const offsets: number[] = [];
  for (const [left, right] of sack ?? []) offsets.push(sndOffset(snd, left), sndOffset(snd, right));
  return offsets;
}
