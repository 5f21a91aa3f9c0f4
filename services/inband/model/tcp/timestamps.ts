import type { TcpSegment, TcpTimestamp } from "../../../abi/packet/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Receiving } from "./receiving.ts";
import { seqDiff, seqLess } from "./seq.ts";

const MS = 1_000_000;

/** A peer that was silent for so long may have seen its clock wrap (RFC 7323 §5.5). */
const OUTDATED_NS = 24 * 24 * 3600 * 1_000_000_000;

/** Our clock for timestamps: one tick a millisecond (RFC 7323 §5.4). */
export const tsvalAt = (c: Connection, nowNs: number): number => (Math.floor(nowNs / MS) + c.timestampOffset) >>> 0;

/** The option of a segment that we send: for many of them in a row the same. */
export function timestampFor(c: Connection, rcv: Receiving | undefined, nowNs: number): TcpTimestamp {
  const value = tsvalAt(c, nowNs);
  const echo = rcv?.tsRecent ?? 0;
  const last = c.lastTimestamp;
  if (last?.value === value && last.echo === echo) return last;
  return (c.lastTimestamp = { value, echo });
}

/** How long ago an echoed timestamp was sent; undefined where it cannot have been. */
export function echoAgeNs(c: Connection, echo: number, nowNs: number): number | undefined {
  const ticks = seqDiff(tsvalAt(c, nowNs), echo);
  return echo === 0 || ticks < 0 || ticks * MS > nowNs ? undefined : ticks * MS;
}

/** PAWS: the segment is older than what came before it (RFC 7323 §5.3 R1). */
export function isOld(rcv: Receiving, { timestamp }: TcpSegment, nowNs: number): boolean {
  if (timestamp === undefined || rcv.tsRecent === undefined) return false;
  return seqLess(timestamp.value, rcv.tsRecent) && nowNs - rcv.tsRecentAtNs <= OUTDATED_NS;
}

/**
 * The timestamp to echo from now on: that of the segment which the last acknowledgement waited for, so that a delay of ours
 * counts as a part of the round trip (RFC 7323 §4.3 (2), §5.3 R3).
 */
export function noteTimestamp(rcv: Receiving, segment: TcpSegment, offset: number, nowNs: number): void {
  const { timestamp } = segment;
  if (timestamp === undefined || rcv.tsRecent === undefined || offset > rcv.lastAckSent) return;
  if (seqLess(timestamp.value, rcv.tsRecent) && nowNs - rcv.tsRecentAtNs <= OUTDATED_NS) return;
  rcv.tsRecent = timestamp.value;
  rcv.tsRecentAtNs = nowNs;
}
