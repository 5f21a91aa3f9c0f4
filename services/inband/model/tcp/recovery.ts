import type { CongestionControl } from "./congestion/congestion.ts";
import type { RttEstimator } from "./rtt.ts";
import { DUP_THRESH, Scoreboard } from "./scoreboard.ts";

/** Why something is sent again. */
export type ResendWhy = "fast" | "rescue" | "timeout";

/**
 * - open: nothing is known to be lost.
 * - recovery: fast recovery, with SACK (RFC 6675) or without (RFC 6582), until the recovery point is acknowledged.
 * - loss: the timer expired; what was outstanding is sent again from the left edge on, in slow start, up to the recovery point.
 */
type Phase = "open" | "recovery" | "loss";

/** L of RFC 3465 §2.3: two segments, but one while it is not known what of the outstanding data arrived. */
const LIMIT = 2;
/** Segments that duplicate acknowledgements allow beyond the window before they tell of a loss (RFC 3042 §2). */
const LIMITED_TRANSMIT = 2;

/**
 * What was sent and what was lost: the send side's view of [una, nxt), which it knows by offsets. It decides what is sent
 * again and how much may be sent; its owner sends:
 *
 *     while (recovery.due(newDataCanBeSent) > 0) send [recovery.from, + due), then recovery.resent(nowNs)
 *     while (new data <= recovery.room()) send it, then recovery.sent(end, nowNs)
 *
 * FIN counts as a byte; SYN is no business of this.
 */
export class Recovery {
  readonly congestion: CongestionControl;
  readonly #rtt: RttEstimator;
  readonly #sack: boolean;
  readonly #board = new Scoreboard();
  #mss: number;
  #phase: Phase = "open";
  #una = 0;
  #nxt = 0;
  /** RecoveryPoint, the `recover` of RFC 6582. */
  #point = -1;
  /** HighRxt: offset behind what was sent again. */
  #highRxt = 0;
  /** RescueRxt. */
  #rescueRxt = 0;
  #dupAcks = 0;
  /** New data sent because of duplicate acknowledgements; it is not part of FlightSize (RFC 5681 §3.2 step 2). */
  #limitedBytes = 0;
  /** What RFC 6582 adds to cwnd and takes from it during recovery. */
  #inflation = 0;
  /** The segment at `una` is sent again, whatever the window. */
  #forced = false;
  #lostBelow = 0;
  #pipe = 0;
  #from = 0;
  #length = 0;
  #why: ResendWhy = "fast";
  #lastSentNs = -1;
  /** The most that was in flight in this round trip, which ends when `#peakUntil` is acknowledged (RFC 7661 §4.2). */
  #peak = 0;
  #peakUntil = 0;
  #peakLimited = false;

  constructor(mss: number, sack: boolean, congestion: CongestionControl, rtt: RttEstimator) {
    this.#mss = mss;
    this.#sack = sack;
    this.congestion = congestion;
    this.#rtt = rtt;
  }

  /** SND.UNA as an offset. */
  get una(): number {
    return this.#una;
  }

  /** Offset behind everything that was sent: the largest SND.NXT. */
  get nxt(): number {
    return this.#nxt;
  }

  /** FlightSize: sent and not acknowledged cumulatively. */
  get flight(): number {
    return this.#nxt - this.#una;
  }

  /** Estimate of what is in the network (RFC 6675 §4, SetPipe()). */
  get pipe(): number {
    return this.#pipe;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Where what `due` found begins. */
  get from(): number {
    return this.#from;
  }

  /** Why what `due` found is sent again. */
  get why(): ResendWhy {
    return this.#why;
  }

  /** To be called before new data is sent: a window that was not used for a timeout is reduced (RFC 5681 §4.1, RFC 2861). */
  beforeSending(nowNs: number): void {
    if (this.#una !== this.#nxt || this.#lastSentNs < 0) return;
    const timeouts = Math.floor((nowNs - this.#lastSentNs) / this.#rtt.rtoNs);
    if (timeouts < 1) return;
    this.congestion.onIdle(timeouts, nowNs);
    this.#lastSentNs = nowNs;
  }

  /** New data was sent, up to `end`. */
  sent(end: number, nowNs: number): void {
    const bytes = end - this.#nxt;
    this.#nxt = end;
    this.#pipe += bytes;
    this.#lastSentNs = nowNs;
    if (this.#dupAcks > 0 && this.#phase === "open") this.#limitedBytes += bytes;
    const flight = end - this.#una;
    const limited = flight + this.#mss > this.congestion.cwnd;
    if (this.#una >= this.#peakUntil || limited || (flight > this.#peak && !this.#peakLimited)) {
      this.#peak = flight;
      this.#peakLimited = limited;
      this.#peakUntil = end;
    }
  }

  /**
   * An acknowledgement came. Whatever it says, it breaks nothing: an `ack` beyond what was sent is for the owner to refuse and
   * is ignored here, an old one tells of its blocks only.
   *
   * @param blocks SACK blocks as pairs of offsets, in the order of the option.
   * @param duplicate it is a duplicate acknowledgement by RFC 5681 §2; with SACK the blocks tell that (RFC 6675 §2).
   * @returns how many bytes it acknowledged.
   */
  onAck(ack: number, blocks: readonly number[], duplicate: boolean, nowNs: number): number {
    if (ack > this.#nxt) return 0;
    const acked = Math.max(0, ack - this.#una);
    this.#una += acked;
    if (acked > 0 && this.#phase === "open" && this.#dupAcks === 0 && blocks.length === 0 && this.#board.count === 0) {
      // In order, nothing lost: nearly always.
      this.#pipe = this.#nxt - ack;
      this.#grow(acked, LIMIT * this.#mss, nowNs);
      return acked;
    }
    if (this.#sack) {
      const sacked = this.#update(acked, blocks);
      if (acked > 0 || sacked > 0) this.#react(acked, acked === 0, nowNs);
    } else if (acked > 0 || (duplicate && ack === this.#una && this.flight > 0)) {
      this.#react(acked, acked === 0, nowNs);
    }
    return acked;
  }

  /** The retransmission timer expired (RFC 5681 §3.1, RFC 6582 §3.2 step 4, RFC 6675 §5.1). What is due then is due at once. */
  onTimeout(nowNs: number): void {
    if (this.flight === 0) return;
    const again = this.#phase === "loss" && this.#highRxt > this.#una && this.#una <= this.#point;
    this.congestion.onTimeout(this.flight - this.#limitedBytes, again, nowNs);
    // What the peer holds is believed beyond a timeout, since a peer that reneges is noticed (RFC 6675 §5.1); but not beyond
    // two for the same segment (RFC 2018 §8).
    if (again) this.#board.clear();
    this.#resendAll();
  }

  /**
   * What is outstanding did not fit the path and was dropped by it, which says nothing of congestion (RFC 1191 §6.5). All of it
   * is sent again, in segments of the new size.
   */
  onMss(mss: number, dropped: boolean): void {
    this.#mss = mss;
    this.congestion.setMss(mss);
    if (dropped && this.flight > 0) this.#resendAll();
    else this.#refresh();
  }

  /** The timeout or the loss was none, as a timestamp or a D-SACK tells (RFC 3522, RFC 3708): goes on as before it. */
  onSpurious(nowNs: number): void {
    if (this.#phase === "open") return;
    this.congestion.undo(nowNs);
    this.#open();
    this.#refresh();
  }

  /** How many bytes of new data may be sent now. What is due goes first. */
  room(): number {
    const { cwnd } = this.congestion;
    switch (this.#phase) {
      case "open": {
        const limited = cwnd + Math.min(this.#dupAcks, LIMITED_TRANSMIT) * this.#mss - this.flight;
        // With SACK, what arrived is not in the pipe any more; RFC 3042 §2 bounds what may be outstanding all the same.
        return Math.max(0, this.#sack ? Math.min(cwnd - this.#pipe, limited + this.#board.bytes) : limited);
      }
      case "recovery":
        return Math.max(0, this.#sack ? cwnd - this.#pipe : Math.max(this.#mss, cwnd + this.#inflation) - this.flight);
      case "loss":
        return this.#lossHole() < this.#point ? 0 : Math.max(0, cwnd - this.#pipe);
    }
  }

  /**
   * How many bytes, from `from` on, are to be sent again now: NextSeg() of RFC 6675 §4.
   *
   * @param newData a segment of new data could be sent, if the congestion window allows it: it comes before what is sent again
   *   without being lost for sure (rule 2).
   */
  due(newData: boolean): number {
    this.#length = 0;
    switch (this.#phase) {
      case "open":
        break;
      case "recovery":
        if (this.#forced) this.#resend(this.#una, this.#nxt, "fast");
        else if (this.#sack && this.congestion.cwnd - this.#pipe >= this.#mss) this.#nextSegment(newData);
        break;
      case "loss": {
        const hole = this.#lossHole();
        if (hole < this.#point && (this.#pipe === 0 || this.congestion.cwnd - this.#pipe >= this.#mss))
          this.#resend(hole, this.#point, "timeout");
        break;
      }
    }
    return this.#length;
  }

  /** What `due` found was sent. */
  resent(nowNs: number): void {
    const end = this.#from + this.#length;
    this.#lastSentNs = nowNs;
    if (this.#why === "rescue") {
      // (4): once in a recovery; HighRxt is not updated.
      this.#rescueRxt = this.#point;
      return;
    }
    // RFC 6675 §5 step (4.3): no rescue before that, either.
    if (this.#forced) this.#rescueRxt = end;
    this.#forced = false;
    if (end > this.#highRxt) this.#highRxt = end;
    if (this.#sack || this.#phase === "loss") this.#pipe += this.#length;
  }

  /** RFC 6675 §4, Update(): what the peer holds. Says how many bytes of it are news. */
  #update(acked: number, blocks: readonly number[]): number {
    if (acked > 0) this.#board.acknowledge(this.#una);
    let sacked = 0;
    for (let at = 0; at + 1 < blocks.length; at += 2)
      sacked += this.#board.add(blocks[at] ?? 0, blocks[at + 1] ?? 0, this.#una, this.#nxt);
    return sacked;
  }

  #react(acked: number, duplicate: boolean, nowNs: number): void {
    if (this.#highRxt < this.#una) this.#highRxt = this.#una;
    switch (this.#phase) {
      case "open":
        if (duplicate) this.#dupAcks++;
        else this.#advanced(acked, LIMIT * this.#mss, nowNs);
        break;
      case "recovery":
        if (this.#una >= this.#point) {
          // Full acknowledgement. With SACK the window was not inflated, and the pipe prevents bursts.
          if (!this.#sack) this.congestion.onRecovered(this.flight);
          this.#open();
        } else if (!this.#sack) this.#inflate(acked);
        break;
      case "loss":
        if (acked > 0) this.#grow(acked, this.#mss, nowNs);
        if (this.#una >= this.#point) this.#open();
        break;
    }
    this.#refresh();
    if (this.#phase === "open" && this.#lossFound()) this.#enterRecovery(nowNs);
  }

  /** RFC 6675 §5 steps (1) and (2); without SACK three duplicates, of data sent after the last recovery (RFC 6582 §3.2 step 2). */
  #lossFound(): boolean {
    if (this.#sack) return this.#una >= this.#point && (this.#dupAcks >= DUP_THRESH || this.#lostBelow > this.#una);
    return this.#una > this.#point && this.#dupAcks >= DUP_THRESH;
  }

  /** RFC 6675 §5 step (4), RFC 6582 §3.2 steps 2 and 3. */
  #enterRecovery(nowNs: number): void {
    this.#phase = "recovery";
    this.#point = this.#nxt;
    this.#highRxt = this.#una;
    this.congestion.onLoss(this.flight - this.#limitedBytes, nowNs);
    this.#limitedBytes = 0;
    this.#inflation = this.#sack ? 0 : DUP_THRESH * this.#mss;
    this.#forced = true;
    this.#refresh();
  }

  /** RFC 6582 §3.2: a further duplicate (step 4 of RFC 5681 §3.2), or a partial acknowledgement (step 5). */
  #inflate(acked: number): void {
    if (acked === 0) {
      // No more than there are segments that may have left: duplicates can be made up (RFC 5681 §3.2 step 4).
      this.#inflation = Math.min(this.#inflation + this.#mss, this.#point - this.#una);
      return;
    }
    this.#inflation -= acked;
    if (acked >= this.#mss) this.#inflation += this.#mss;
    this.#forced = true;
  }

  #advanced(acked: number, limitBytes: number, nowNs: number): void {
    this.#dupAcks = 0;
    this.#limitedBytes = 0;
    this.#grow(acked, limitBytes, nowNs);
  }

  /** The window grows only if it was used: all of it, or half of it in slow start (RFC 7661 §4.3, RFC 9438 §5.8). */
  #grow(acked: number, limitBytes: number, nowNs: number): void {
    const { congestion } = this;
    const slowStart = congestion.cwnd < congestion.ssthresh;
    if (slowStart ? 2 * this.#peak >= congestion.cwnd : this.#peakLimited)
      congestion.onAck(acked, limitBytes, this.#rtt.srttNs, nowNs);
    else congestion.onAckUnused(nowNs);
  }

  #open(): void {
    this.#phase = "open";
    this.#dupAcks = 0;
    this.#limitedBytes = 0;
    this.#inflation = 0;
    this.#forced = false;
    this.#highRxt = this.#una;
  }

  #resendAll(): void {
    this.#open();
    this.#phase = "loss";
    this.#point = this.#nxt;
    this.#refresh();
  }

  /** The next hole to be filled after a timeout. */
  #lossHole(): number {
    return this.#board.holeFrom(Math.max(this.#highRxt, this.#una));
  }

  /** RFC 6675 §4, NextSeg(), rules (1) to (4). */
  #nextSegment(newData: boolean): void {
    const board = this.#board;
    const hole = board.holeFrom(Math.max(this.#highRxt, this.#una));
    if (hole < this.#lostBelow) this.#resend(hole, this.#nxt, "fast");
    else if (newData) return;
    else if (hole < board.highest) this.#resend(hole, this.#nxt, "fast");
    else if (this.#una > this.#rescueRxt && this.flight > board.bytes) this.#rescue();
  }

  /** Rule (4): a segment that includes the highest byte outstanding that the peer does not hold. */
  #rescue(): void {
    const edges = this.#board.stretches();
    const top = this.#board.highest === this.#nxt ? (edges.at(-2) ?? this.#nxt) : this.#nxt;
    const below = top === this.#nxt ? (edges.at(-1) ?? this.#una) : (edges.at(-3) ?? this.#una);
    this.#resend(Math.max(below, top - this.#mss, this.#una), top, "rescue");
  }

  #resend(from: number, end: number, why: ResendWhy): void {
    this.#from = from;
    this.#length = Math.min(this.#mss, this.#board.holeEnd(from, end) - from, end - from);
    this.#why = why;
  }

  /** RFC 6675 §4, SetPipe(). Without SACK what is outstanding, or, after a timeout, what was sent since. */
  #refresh(): void {
    const board = this.#board;
    const lost = board.lostBelow(this.#mss);
    this.#lostBelow = this.#phase === "loss" ? Math.max(lost, this.#point) : lost;
    this.#pipe = this.flight - board.bytes - this.#missingBelow(this.#lostBelow);
    // Without SACK, what recovery sent again takes the place of what was lost.
    if (this.#sack || this.#phase === "loss") this.#pipe += this.#missingBelow(this.#highRxt);
  }

  /** Bytes outstanding below an offset that the peer does not hold. */
  #missingBelow(offset: number): number {
    return offset <= this.#una ? 0 : offset - this.#una - this.#board.heldBelow(offset);
  }
}
