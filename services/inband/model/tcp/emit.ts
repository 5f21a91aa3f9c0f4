import { NO_BYTES } from "../../../abi/packet/bytes.ts";
import { TCP_FLAG, type SackBlock, type TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Connection, RateLimit } from "./connection.ts";
import { put, type Step } from "./notice.ts";
import { rcvSeq, type Receiving } from "./receiving.ts";
import { sndSeq, type Sending } from "./sending.ts";
import { seqAdd, type Seq } from "./seq.ts";
import { timestampFor } from "./timestamps.ts";
import { tellWindow } from "./window.ts";

const { ACK, RST, URG } = TCP_FLAG;

/** Bytes of the timestamps option with its padding (RFC 7323 appendix A). */
export const TIMESTAMP_BYTES = 12;
/** Bytes of the SACK option before its blocks, and of a block (RFC 2018 §3). */
const SACK_BYTES = 4;
const BLOCK_BYTES = 8;
/** Blocks beside a timestamp, and without one. */
const BLOCKS_MAX = 4;

/** The sides of a connection that knows both. */
interface Sides {
  readonly snd: Sending;
  readonly rcv: Receiving;
}

/** Makes a segment that begins at `at` and acknowledges all that has come; whatever acknowledgement was owed goes with it. */
export function emit(
  c: Connection,
  { snd, rcv }: Sides,
  at: number,
  flags: number,
  payload: Uint8Array,
  nowNs: number,
  step: Step,
): void {
  const sack = c.sack && c.incoming.hasBlocks ? blocksFor(c, snd, rcv, payload.length) : undefined;
  // RFC 9293 §3.8.5: as long as there is urgent data ahead of what is sent, and once the pointer reaches it; one that ends
  // where it can would call another byte urgent.
  const urgent = snd.up > at && snd.up - at <= 0xffff ? snd.up - at : 0;
  put(step, {
    sourcePort: c.local.port,
    destinationPort: c.remote.port,
    seq: sndSeq(snd, at),
    ack: rcvSeq(rcv, rcv.nxt),
    flags: urgent > 0 ? flags | ACK | URG : flags | ACK,
    window: tellWindow(c, rcv),
    urgent,
    mss: undefined,
    windowScale: undefined,
    sackPermitted: undefined,
    sack,
    timestamp: c.timestamps ? timestampFor(c, rcv, nowNs) : undefined,
    payload,
  });
  c.counters.segmentsOut++;
  rcv.lastAckSent = rcv.nxt;
  rcv.unackedBytes = 0;
  rcv.ackNow = false;
  rcv.ackAtNs = Infinity;
}

/** <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> */
export function sendAck(c: Connection, sides: Sides, nowNs: number, step: Step): void {
  emit(c, sides, sides.snd.nxt, ACK, NO_BYTES, nowNs, step);
}

/** At most ten in five seconds (RFC 5961 §7), counted for each connection: a count for all would tell others of them. */
const LIMIT = 10;
const LIMIT_NS = 5_000_000_000;

function allowed(limit: RateLimit, nowNs: number): boolean {
  if (nowNs - limit.sinceNs >= LIMIT_NS) {
    limit.sinceNs = nowNs;
    limit.count = 0;
  }
  limit.count++;
  return limit.count <= LIMIT;
}

/** Asks a peer that says something doubtful where it is (RFC 5961 §3.2, §4.2, §5.2). */
export function challengeAck(c: Connection, sides: Sides, nowNs: number, step: Step): void {
  if (!allowed(c.challenges, nowNs)) {
    c.counters.challengeAcksHeld++;
    return;
  }
  c.counters.challengeAcksOut++;
  sendAck(c, sides, nowNs, step);
}

/**
 * Answers a segment outside the window with where we are. Those without payload are limited, so that two ends that
 * misunderstand each other do not answer each other's acknowledgements for ever.
 */
export function answerUnacceptable(
  c: Connection,
  sides: Sides,
  { payload }: TcpSegment,
  nowNs: number,
  step: Step,
): void {
  if (payload.length === 0 && !allowed(c.duplicates, nowNs)) c.counters.challengeAcksHeld++;
  else sendAck(c, sides, nowNs, step);
}

/** <SEQ=seq><CTL=RST>, with an acknowledgement where there is something to acknowledge. */
export function sendReset(c: Connection, seq: Seq, ack: Seq | undefined, step: Step): void {
  c.counters.segmentsOut++;
  put(step, {
    sourcePort: c.local.port,
    destinationPort: c.remote.port,
    seq,
    ack: ack ?? 0,
    flags: ack === undefined ? RST : RST | ACK,
    window: 0,
    urgent: 0,
    payload: NO_BYTES,
  });
}

/** The SACK option (RFC 2018 §3), as far as there is room for it beside the payload. */
function blocksFor(
  c: Connection,
  snd: Sending,
  rcv: Receiving,
  payloadBytes: number,
): readonly SackBlock[] | undefined {
  const room = snd.mss - payloadBytes - SACK_BYTES;
  const blocksMax = Math.min(c.timestamps ? BLOCKS_MAX - 1 : BLOCKS_MAX, Math.floor(room / BLOCK_BYTES));
  if (blocksMax < 1) return undefined;
  const offsets = c.incoming.sackBlocks(blocksMax);
  const blocks: SackBlock[] = [];
  for (let at = 0; at + 1 < offsets.length; at += 2) {
    blocks.push([seqAdd(rcv.irs, (offsets[at] ?? 0) + 1), seqAdd(rcv.irs, (offsets[at + 1] ?? 0) + 1)]);
  }
  return blocks.length === 0 ? undefined : blocks;
}
