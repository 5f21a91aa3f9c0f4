import { congestionControl } from "../../../services/inband/model/tcp/congestion/choose.ts";
import type { CongestionName } from "../../../services/inband/model/tcp/congestion/congestion.ts";
import { ReceiveBuffer } from "../../../services/inband/model/tcp/receive-buffer.ts";
import { Recovery } from "../../../services/inband/model/tcp/recovery.ts";
import { LINUX_RTO, RetransmissionTimer, RttEstimator } from "../../../services/inband/model/tcp/rtt.ts";

export const MSS = 1000;
export const MS = 1e6;

/** A segment on its way: the `nth` that was sent, counted from 0. */
export interface Flying {
  readonly nth: number;
  readonly from: number;
  readonly end: number;
  readonly again: boolean;
}

export interface WireOptions {
  readonly bytes: number;
  readonly sack: boolean;
  readonly congestion?: CongestionName;
  /** Whether the segment is lost. */
  readonly lost: (segment: Flying) => boolean;
  readonly rttNs?: number;
  /** What the peer's window allows. */
  readonly window?: number;
  readonly probes?: boolean;
  /** At most so much of virtual time. */
  readonly untilNs?: number;
}

export interface Transfer {
  readonly sent: readonly Flying[];
  readonly timeouts: number;
  readonly probes: number;
  readonly resent: number;
  /** What came although the receiver had it: bytes sent in vain. */
  readonly needless: number;
  readonly doneNs: number;
  readonly recovery: Recovery;
  readonly received: number;
}

/**
 * A sender of nothing but loss recovery, a wire with a delay, and a receiver that acknowledges every segment, in virtual time.
 * No connection is in it, so that what goes wrong is the recovery's.
 */
export function transfer(options: WireOptions): Transfer {
  const { bytes, sack, lost, rttNs = 10 * MS, window = 1 << 20, untilNs = 1e12 } = options;
  const rtt = new RttEstimator(LINUX_RTO);
  rtt.sample(rttNs);
  const timer = new RetransmissionTimer(rtt);
  const recovery = new Recovery(
    MSS,
    sack,
    congestionControl(options.congestion ?? "reno", MSS, false),
    rtt,
    options.probes,
  );
  const receiver = new ReceiveBuffer(window);
  const sent: Flying[] = [];
  /** In the order of arrival, since all take equally long. */
  const out: { atNs: number; segment: Flying; sentNs: number }[] = [];
  const back: { atNs: number; ack: number; blocks: readonly number[]; sentNs: number }[] = [];
  let nowNs = 0;
  let timeouts = 0;
  let probes = 0;
  let resent = 0;
  let needless = 0;

  const put = (from: number, end: number, again: boolean): void => {
    const segment = { nth: sent.length, from, end, again };
    sent.push(segment);
    timer.sent(nowNs);
    if (!lost(segment)) out.push({ atNs: nowNs + rttNs / 2, segment, sentNs: nowNs });
  };
  const output = (): void => {
    for (;;) {
      const { nxt, una } = recovery;
      const fresh = Math.min(MSS, bytes - nxt, una + window - nxt);
      const length = recovery.due(fresh > 0);
      if (length > 0) {
        resent += length;
        put(recovery.from, recovery.from + length, true);
        recovery.resent(nowNs);
      } else if (fresh > 0 && recovery.room() >= fresh) {
        recovery.beforeSending(nowNs);
        put(nxt, nxt + fresh, false);
        recovery.sent(nxt + fresh, nowNs);
      } else break;
    }
    timer.probeIn(recovery.probeDelayNs, nowNs);
  };

  output();
  while (recovery.una < bytes && nowNs < untilNs) {
    nowNs = Math.min(out[0]?.atNs ?? Infinity, back[0]?.atNs ?? Infinity, timer.atNs);
    if (out[0]?.atNs === nowNs) {
      const { segment, sentNs } = out.shift() ?? { segment: { from: 0, end: 0 }, sentNs: 0 };
      const before = receiver.next + receiver.held;
      const held = receiver.start;
      receiver.insert(segment.from, new Uint8Array(segment.end - segment.from));
      needless += segment.end - segment.from - (receiver.next + receiver.held - before) - (receiver.start - held);
      const blocks = sack ? receiver.sackBlocks(3) : [];
      receiver.skip(receiver.readable);
      back.push({ atNs: nowNs + rttNs / 2, ack: receiver.next, blocks, sentNs });
    } else if (back[0]?.atNs === nowNs) {
      const { ack, blocks, sentNs } = back.shift() ?? { ack: 0, blocks: [], sentNs: 0 };
      const duplicate = ack === recovery.una;
      const acked = recovery.onAck(ack, blocks, duplicate, nowNs);
      if (acked > 0) {
        rtt.sample(nowNs - sentNs);
        timer.acked(recovery.flight > 0, nowNs);
      }
      output();
    } else if (timer.takeProbe(nowNs)) {
      probes++;
      recovery.onProbe(nowNs);
      output();
    } else {
      timeouts++;
      timer.expired(nowNs);
      recovery.onTimeout(nowNs);
      output();
    }
  }
  return { sent, timeouts, probes, resent, needless, doneNs: nowNs, recovery, received: receiver.next };
}

/** A sequence of numbers in [0, 1) that looks like chance (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
