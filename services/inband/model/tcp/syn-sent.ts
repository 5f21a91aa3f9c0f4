import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { enter, finish } from "./enter.ts";
import { agree, establish, sendSyn } from "./handshake.ts";
import type { Step } from "./notice.ts";
import { sendReset } from "./emit.ts";
import { sndOffset } from "./sending.ts";
import type { SynReceived, SynSent } from "./state.ts";
import { takeTextAndFin } from "./synchronized.ts";

const { ACK, RST, SYN } = TCP_FLAG;

/** RFC 9293 §3.10.7.3, in the order in which it checks. */
export function onSegmentInSynSent(
  c: Connection,
  state: SynSent,
  segment: TcpSegment,
  nowNs: number,
  step: Step,
): void {
  const { snd } = state;
  const { flags } = segment;
  const acks = (flags & ACK) !== 0;
  // First, ACK. Ours is at -1, and nothing but it was sent.
  if (acks && sndOffset(snd, segment.ack) !== 0) {
    if ((flags & RST) === 0) sendReset(c, segment.ack, undefined, step);
    return;
  }
  // Second, RST: believed if it acknowledges our SYN, since nothing else shows that its sender has seen it.
  if ((flags & RST) !== 0) {
    if (acks) finish(c, "refused", step, undefined);
    return;
  }
  // Third, security: there is none. Fourth, SYN; and fifth, neither RST nor SYN: dropped.
  if ((flags & SYN) === 0) return;
  c.heardAtNs = nowNs;
  const { rcv, scaled } = agree(c, snd, state.handshake.scale, segment, nowNs);
  if (acks) {
    establish(c, state, rcv, segment, nowNs, step);
    rcv.ackNow = true;
    takeTextAndFin(c, segment, 0, nowNs, step);
    return;
  }
  // A simultaneous open (§3.5): our SYN goes once more, and acknowledges the peer's. Its text comes again.
  const received: SynReceived = {
    t: "SYN-RECEIVED",
    snd,
    rcv,
    opened: "actively",
    handshake: state.handshake,
    scaled,
  };
  enter(c, received, step);
  sendSyn(c, received, nowNs, step);
}
