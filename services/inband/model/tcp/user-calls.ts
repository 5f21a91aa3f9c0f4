import type { Errno } from "../../../abi/contract.generated.ts";
import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import { emit, sendAck, sendReset } from "./emit.ts";
import { enter, finish } from "./enter.ts";
import { effectiveMss } from "./handshake.ts";
import { newStep, type Step } from "./notice.ts";
import { rcvSeq } from "./receiving.ts";
import { sndSeq } from "./sending.ts";
import type { TcpSettings } from "./settings.ts";
import type { TcpState } from "./state.ts";
import { transmit, type Transmitting } from "./transmit.ts";
import { windowUpdateDue } from "./window.ts";

/** How `send` treats its bytes. */
export interface SendOptions {
  /** The last byte is urgent (MSG_OOB). */
  readonly urgent?: boolean;
  /** More will follow soon: a segment that is not full waits for it (MSG_MORE). */
  readonly more?: boolean;
}

/** How many bytes `send` would take: 0 when the send buffer is full or the direction is closed. */
export function sendRoom(c: Connection): number {
  const { state } = c;
  if (state.t === "CLOSED" || state.snd.fin) return 0;
  return Math.max(0, c.settings.sndbuf - c.outgoing.length);
}

/**
 * Takes a copy of what finds room and sends what may be sent (RFC 9293 §3.10.2). Before the handshake is done it is queued. With
 * `urgent` all that was written until now is, if all of it was taken.
 */
export function send(
  c: Connection,
  bytes: Uint8Array,
  options: SendOptions,
  nowNs: number,
): { readonly taken: number; readonly step: Step } {
  const step = newStep();
  const { state } = c;
  const taken = Math.min(bytes.length, sendRoom(c));
  if (state.t === "CLOSED" || taken === 0) return { taken: 0, step };
  const { snd } = state;
  c.outgoing.append(taken === bytes.length ? bytes : bytes.subarray(0, taken));
  snd.more = options.more === true;
  const urgent = options.urgent === true && taken === bytes.length;
  if (urgent) snd.up = c.outgoing.end;
  if (!isTransmitting(state)) return { taken, step };
  transmit(c, state, nowNs, step);
  // Urgent data that must wait announces itself all the same (RFC 9293 §3.8.5): the peer is to read up to it.
  if (urgent && step.send.length === 0) emit(c, state, snd.nxt, TCP_FLAG.ACK, NO_BYTES, nowNs, step);
  return { taken, step };
}

/** Sends what waits for a full segment: TCP_CORK was taken off, TCP_NODELAY put on. */
export function push(c: Connection, nowNs: number): Step {
  const step = newStep();
  const { state } = c;
  if (!isTransmitting(state)) return step;
  state.snd.more = false;
  state.snd.corkAtNs = Infinity;
  transmit(c, state, nowNs, step, "pushed");
  return step;
}

/** Bytes that can be received. */
export const readable = (c: Connection): number => c.incoming.readable;

/** The stream offset of the first byte that can be received. */
export const readOffset = (c: Connection): number => c.incoming.start;

/** The byte at a stream offset, where it has come and was not received yet. */
export const byteAt = (c: Connection, offset: number): number | undefined => c.incoming.byteAt(offset);

/** Hands out a copy of up to `max` bytes (RFC 9293 §3.10.3), in the memory `into` where that is given; the step tells the peer of the room where that is worth it. */
export function receive(
  c: Connection,
  max: number,
  options: { readonly peek?: boolean; readonly into?: Uint8Array },
  nowNs: number,
): { readonly bytes: Uint8Array; readonly step: Step } {
  const step = newStep();
  if (options.peek === true) return { bytes: c.incoming.peek(max), step };
  const bytes = c.incoming.read(max, options.into);
  const { state } = c;
  // Where the peer has closed it sends no more.
  const open = state.t === "ESTABLISHED" || state.t === "FIN-WAIT-1" || state.t === "FIN-WAIT-2";
  if (open && bytes.length > 0 && windowUpdateDue(c, state.rcv)) sendAck(c, state, nowNs, step);
  return { bytes, step };
}

/** We have no more to send; we still receive (RFC 9293 §3.6, half-close). A second call does nothing. */
export function shutdownWrite(c: Connection, nowNs: number): Step {
  const step = newStep();
  finishWriting(c, nowNs, step);
  return step;
}

function finishWriting(c: Connection, nowNs: number, step: Step): void {
  const { state } = c;
  if (state.t === "CLOSED" || state.snd.fin) return;
  const { snd } = state;
  snd.fin = true;
  // Before ESTABLISHED the close is queued (§3.10.4).
  if (state.t === "ESTABLISHED") enter(c, { t: "FIN-WAIT-1", snd, rcv: state.rcv }, step);
  else if (state.t === "CLOSE-WAIT") enter(c, { t: "LAST-ACK", snd, rcv: state.rcv }, step);
  if (isTransmitting(c.state)) transmit(c, c.state, nowNs, step);
}

/**
 * Nobody has the socket any more (RFC 9293 §3.10.4): what is written is sent, then FIN; what arrives is answered with RST. A
 * connection with unread data is reset, where the settings say so (RFC 2525 §2.17); one in SYN-SENT ends.
 */
export function close(c: Connection, nowNs: number): Step {
  const { state } = c;
  const unread = c.incoming.readable > 0 && c.settings.closeUnread === "reset";
  if (state.t === "SYN-SENT" || (unread && state.t !== "CLOSED" && state.t !== "TIME-WAIT")) return abort(c, nowNs);
  const step = newStep();
  c.orphan = true;
  c.incoming.clear();
  finishWriting(c, nowNs, step);
  if (c.state.t === "FIN-WAIT-2") c.state.endAtNs = nowNs + c.settings.finWait2Ns;
  return step;
}

/** Ends the connection at once, with RST where the peer may know of it (RFC 9293 §3.10.5). */
export function abort(c: Connection, _nowNs: number): Step {
  const step = newStep();
  const { state } = c;
  c.orphan = true;
  c.incoming.clear();
  switch (state.t) {
    case "CLOSED":
      return step;
    case "SYN-SENT":
      if (c.settings.closeConnecting === "reset") sendReset(c, sndSeq(state.snd, 0), undefined, step);
      break;
    case "SYN-RECEIVED":
    case "ESTABLISHED":
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
      sendReset(c, sndSeq(state.snd, state.snd.nxt), rcvSeq(state.rcv, state.rcv.nxt), step);
      break;
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      // Both have closed: "respond ok and delete the TCB".
      break;
  }
  finish(c, "aborted", step, undefined);
  return step;
}

/** ICMP says that the peer is unreachable. A hard error ends an open only (RFC 5461 §4.1, RFC 5927 §5.2). */
export function onUnreachable(c: Connection, errno: Errno, hard: boolean, _nowNs: number): Step {
  const step = newStep();
  const { state } = c;
  if (state.t === "CLOSED") return step;
  const opening = state.t === "SYN-SENT" || state.t === "SYN-RECEIVED";
  if (hard && opening) finish(c, "unreachable", step, errno);
  else c.softError = errno;
  return step;
}

/** What ICMP told last and was no reason to end: told once (RFC 9293 §3.9.2.2, SHLD-25). */
export function takeSoftError(c: Connection): Errno | undefined {
  const { softError } = c;
  c.softError = undefined;
  return softError;
}

/** The path takes no more than so many bytes of payload in a segment (RFC 1191 §6): what was too large is sent again. */
export function setMss(c: Connection, mss: number, nowNs: number): Step {
  const step = newStep();
  const { state } = c;
  if (state.t === "CLOSED") return step;
  const { snd } = state;
  snd.pathMss = mss;
  if (!isTransmitting(state)) return step;
  const before = snd.mss;
  snd.mss = effectiveMss(c, snd);
  if (snd.mss === before) return step;
  snd.lossWhy = "mtu";
  snd.recovery.onMss(snd.mss, snd.mss < before && snd.nxt > snd.una, nowNs);
  transmit(c, state, nowNs, step);
  return step;
}

/** A socket option changes settings. */
export function setSettings(c: Connection, changes: Partial<TcpSettings>, nowNs: number): Step {
  const before = c.settings;
  c.settings = { ...before, ...changes };
  c.incoming.setBytesMax(c.settings.rcvbuf);
  const { state } = c;
  const { keepalive } = c.settings;
  if (keepalive !== before.keepalive) {
    c.keepaliveProbes = 0;
    const runs = keepalive.on && state.t !== "SYN-SENT" && state.t !== "SYN-RECEIVED" && state.t !== "TIME-WAIT";
    c.keepaliveAtNs = runs && state.t !== "CLOSED" ? Math.max(nowNs, c.heardAtNs + keepalive.idleNs) : Infinity;
  }
  const pushes = (before.cork && !c.settings.cork) || (!before.nodelay && c.settings.nodelay);
  if (pushes) return push(c, nowNs);
  const step = newStep();
  if (isTransmitting(state) && c.settings.rcvbuf > before.rcvbuf && windowUpdateDue(c, state.rcv))
    sendAck(c, state, nowNs, step);
  return step;
}

/** A state in which something may be left to send. */
const isTransmitting = (state: TcpState): state is Transmitting =>
  state.t !== "CLOSED" && state.t !== "SYN-SENT" && state.t !== "SYN-RECEIVED" && state.t !== "TIME-WAIT";
