import { assert } from "../../../abi/assert.ts";
import type { Errno } from "../../../abi/contract.generated.ts";
import type { Connection } from "./connection.ts";
import type { Step } from "./notice.ts";
import type { TcpSettings } from "./settings.ts";

const NOT_YET = "is written";

/** How `send` treats its bytes. */
export interface SendOptions {
  /** The last byte is urgent (MSG_OOB). */
  readonly urgent?: boolean;
  /** More will follow soon: a segment that is not full waits for it (MSG_MORE). */
  readonly more?: boolean;
}

/** How many bytes `send` would take: 0 when the send buffer is full or the direction is closed. */
export function sendRoom(c: Connection): number {
  assert(c.orphan, NOT_YET);
  return 0;
}

/** Takes a copy of what finds room and sends what may be sent (RFC 9293 §3.10.2). */
export function send(
  c: Connection,
  bytes: Uint8Array,
  options: SendOptions,
  nowNs: number,
): { readonly taken: number; readonly step: Step } {
  assert(c.orphan && bytes.length < 0 && options.urgent === true && nowNs < 0, NOT_YET);
  return send(c, bytes, options, nowNs);
}

/** Sends what waits for a full segment: TCP_CORK was taken off, TCP_NODELAY put on. */
export function push(c: Connection, nowNs: number): Step {
  assert(c.orphan && nowNs < 0, NOT_YET);
  return push(c, nowNs);
}

/** Bytes that can be received. */
export function readable(c: Connection): number {
  assert(c.orphan, NOT_YET);
  return 0;
}

/** The stream offset of the first byte that can be received. */
export function readOffset(c: Connection): number {
  assert(c.orphan, NOT_YET);
  return 0;
}

/** The byte at a stream offset, where it has come and was not received yet. */
export function byteAt(c: Connection, offset: number): number | undefined {
  assert(c.orphan && offset < 0, NOT_YET);
  return undefined;
}

/** Hands out a copy of up to `max` bytes (RFC 9293 §3.10.3); the step tells the peer of the room where that is worth it. */
export function receive(
  c: Connection,
  max: number,
  options: { readonly peek?: boolean },
  nowNs: number,
): { readonly bytes: Uint8Array; readonly step: Step } {
  assert(c.orphan && max < 0 && options.peek === true && nowNs < 0, NOT_YET);
  return receive(c, max, options, nowNs);
}

/** We have no more to send; we still receive (RFC 9293 §3.6, half-close). A second call does nothing. */
export function shutdownWrite(c: Connection, nowNs: number): Step {
  assert(c.orphan && nowNs < 0, NOT_YET);
  return shutdownWrite(c, nowNs);
}

/** Nobody has the socket any more (RFC 9293 §3.10.4): what is written is sent, then FIN; what arrives is answered with RST. */
export function close(c: Connection, nowNs: number): Step {
  assert(c.orphan && nowNs < 0, NOT_YET);
  return close(c, nowNs);
}

/** Ends the connection at once, with RST where the peer knows of it (RFC 9293 §3.10.5). */
export function abort(c: Connection, nowNs: number): Step {
  assert(c.orphan && nowNs < 0, NOT_YET);
  return abort(c, nowNs);
}

/** ICMP says that the peer is unreachable. A hard error ends an open only (RFC 5461 §4.1, RFC 5927 §5.2). */
export function onUnreachable(c: Connection, errno: Errno, hard: boolean, nowNs: number): Step {
  assert(c.orphan && errno === "EIO" && hard && nowNs < 0, NOT_YET);
  return onUnreachable(c, errno, hard, nowNs);
}

/** The path takes no more than so many bytes of payload in a segment (RFC 1191 §6): what was too large is sent again. */
export function setMss(c: Connection, mss: number, nowNs: number): Step {
  assert(c.orphan && mss < 0 && nowNs < 0, NOT_YET);
  return setMss(c, mss, nowNs);
}

/** A socket option changes settings. */
export function setSettings(c: Connection, changes: Partial<TcpSettings>, nowNs: number): Step {
  assert(c.orphan && changes.mss === 0 && nowNs < 0, NOT_YET);
  return setSettings(c, changes, nowNs);
}
