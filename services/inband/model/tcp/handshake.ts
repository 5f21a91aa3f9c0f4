import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG, type TcpSegment } from "../../../abi/packet/tcp.ts";
import { congestionControl } from "./congestion/choose.ts";
import type { Connection } from "./connection.ts";
import { TIMESTAMP_BYTES } from "./emit.ts";
import { enter } from "./enter.ts";
import { put, tell, type Step } from "./notice.ts";
import { newReceiving, type Receiving } from "./receiving.ts";
import { Recovery } from "./recovery.ts";
import type { Sending } from "./sending.ts";
import { seqAdd } from "./seq.ts";
import type { SynReceived, SynSent } from "./state.ts";
import { echoAgeNs, timestampFor } from "./timestamps.ts";
import { scaleOf, synWindow } from "./window.ts";

const { ACK, SYN } = TCP_FLAG;

/** What a peer takes that does not say (RFC 9293 §3.7.1, MUST-15). */
export const DEFAULT_MSS = 536;
/** The smallest that we believe, options included, so that nobody makes us send a segment for each byte (TCP_MIN_SND_MSS). */
const MSS_MIN = 48;

/** Sends our SYN, also again: in SYN-RECEIVED it acknowledges the peer's, and offers only what that one does. */
export function sendSyn(c: Connection, state: SynSent | SynReceived, nowNs: number, step: Step): void {
  const { snd } = state;
  const rcv = state.t === "SYN-RECEIVED" ? state.rcv : undefined;
  const window = synWindow(c);
  const scale = state.t === "SYN-RECEIVED" && !state.scaled ? undefined : state.handshake.scale;
  const timestamps = rcv === undefined ? c.settings.timestamps : c.timestamps;
  const sack = rcv === undefined ? c.settings.sack : c.sack;
  put(step, {
    sourcePort: c.local.port,
    destinationPort: c.remote.port,
    seq: snd.iss,
    ack: rcv === undefined ? 0 : seqAdd(rcv.irs, 1),
    flags: rcv === undefined ? SYN : SYN | ACK,
    window,
    urgent: 0,
    mss: c.settings.mss,
    windowScale: scale,
    sackPermitted: sack ? true : undefined,
    sack: undefined,
    timestamp: timestamps ? timestampFor(c, rcv, nowNs) : undefined,
    payload: NO_BYTES,
  });
  c.counters.segmentsOut++;
  if (rcv !== undefined) rcv.edge = Math.max(rcv.edge, rcv.nxt + window);
}

/** Takes the peer's SYN: what both offer is agreed on. Its window is not shifted (RFC 7323 §2.2). */
export function agree(
  c: Connection,
  snd: Sending,
  scale: number | undefined,
  syn: TcpSegment,
  nowNs: number,
): { readonly rcv: Receiving; readonly scaled: boolean } {
  c.timestamps = c.settings.timestamps && syn.timestamp !== undefined;
  c.sack = c.settings.sack && syn.sackPermitted === true;
  const scaled = scale !== undefined && syn.windowScale !== undefined;
  snd.scale = scaled ? scaleOf(syn.windowScale) : 0;
  snd.wnd = syn.window;
  snd.maxWnd = syn.window;
  snd.wl1 = -1;
  snd.wl2 = snd.una;
  snd.peerMss = Math.max(MSS_MIN, syn.mss ?? DEFAULT_MSS);
  snd.mss = effectiveMss(c, snd);
  snd.recovery = newRecovery(c, snd.mss, false);
  const tsRecent = c.timestamps ? syn.timestamp?.value : undefined;
  const told = synWindow(c);
  return { rcv: newReceiving(syn.seq, told, scaled ? scale : 0, tsRecent, c.settings.quickAcks, nowNs), scaled };
}

/** Eff.snd.MSS (RFC 9293 §3.7.1, MUST-16): of what peer, path and device allow, less the options of each segment (RFC 6691). */
export const effectiveMss = (c: Connection, { peerMss, pathMss }: Sending): number =>
  Math.max(MSS_MIN, Math.min(peerMss, pathMss, c.settings.mss)) - (c.timestamps ? TIMESTAMP_BYTES : 0);

/** The view of losses at the beginning of a connection. */
const newRecovery = (c: Pick<Connection, "sack" | "rtt" | "settings">, mss: number, synWasResent: boolean): Recovery =>
  new Recovery(mss, c.sack, congestionControl(c.settings.congestion, mss, synWasResent), c.rtt, c.settings.tailProbes);

/** Our SYN is acknowledged: data may flow. A close that was queued takes effect (RFC 9293 §3.10.4). */
export function establish(
  c: Connection,
  { snd, handshake }: SynSent | SynReceived,
  rcv: Receiving,
  segment: TcpSegment,
  nowNs: number,
  step: Step,
): void {
  snd.una = 0;
  const ageNs = handshake.resent > 0 && segment.timestamp ? echoAgeNs(c, segment.timestamp.echo, nowNs) : undefined;
  if (ageNs === undefined) c.rtt.acked(0, nowNs);
  else c.rtt.sample(ageNs);
  c.rtt.established(handshake.resent > 0);
  c.timer.stop();
  // RFC 5681 §3.1: after a SYN that was lost, the initial window is one segment.
  if (handshake.resent > 0) snd.recovery = newRecovery(c, snd.mss, true);
  if (c.settings.keepalive.on) c.keepaliveAtNs = nowNs + c.settings.keepalive.idleNs;
  enter(c, { t: "ESTABLISHED", snd, rcv }, step);
  tell(step, { t: "connected" });
  if (snd.fin) enter(c, { t: "FIN-WAIT-1", snd, rcv }, step);
}
