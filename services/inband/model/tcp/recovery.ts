import type { CongestionControl } from "./congestion/congestion.ts";
import { WindowUse } from "./congestion/window-use.ts";
import { Outstanding } from "./outstanding.ts";
import type { RttEstimator } from "./rtt.ts";
import { DUP_THRESH } from "./scoreboard.ts";

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
 * The send side's view of what was lost, by offsets. It decides what is sent again and how much may be sent; its owner sends:
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
  readonly #sent = new Outstanding();
  readonly #use = new WindowUse();
  #mss: number;
  #phase: Phase = "open";
  /** RecoveryPoint, the `recover` of RFC 6582: what had been sent when the last recovery began. */
  #point = -1;
  /** RescueRxt. */
  #rescueRxt = 0;
  #dupAcks = 0;
  /** New data sent because of duplicate acknowledgements; it is not part of FlightSize (RFC 5681 §3.2 step 2). */
  #limitedBytes = 0;
  /** What RFC 6582 adds to cwnd and takes from it during recovery. */
  #inflation = 0;
  /** The segment at `una` is sent again, whatever the window. */
  #forced = false;
  /** How much had been sent again when the window was reduced last: the loss of what came later is another one. */
  #reducedAt = 0;
  /** `una` when the timer expired last. */
  #expiredUna = -1;
  #from = 0;
  #length = 0;
  #why: ResendWhy = "fast";
  #lastSentNs = -1;

  constructor(mss: number, sack: boolean, congestion: CongestionControl, rtt: RttEstimator) {
    this.#mss = mss;
    this.#sack = sack;
    this.congestion = congestion;
    this.#rtt = rtt;
  }

  /** SND.UNA as an offset. */
  get una(): number {
    return this.#sent.una;
  }

  /** Offset behind everything that was sent: the largest SND.NXT. */
  get nxt(): number {
    return this.#sent.nxt;
  }

  /** FlightSize: sent and not acknowledged cumulatively. */
  get flight(): number {
    return this.#sent.flight;
  }

  /** Estimate of what is in the network (RFC 6675 §4, SetPipe()). Without SACK there is one after a timeout only. */
  get pipe(): number {
    return this.#sack || this.#phase === "loss" ? this.#sent.pipe : this.flight;
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
    if (this.flight > 0 || this.#lastSentNs < 0) return;
    const timeouts = Math.floor((nowNs - this.#lastSentNs) / this.#rtt.rtoNs);
    if (timeouts < 1) return;
    this.congestion.onIdle(timeouts, nowNs);
    this.#lastSentNs = nowNs;
  }

  /** New data was sent, up to `end`. */
  sent(end: number, nowNs: number): void {
    if (this.#dupAcks > 0 && this.#phase === "open") this.#limitedBytes += end - this.nxt;
    this.#sent.sent(end);
    this.#lastSentNs = nowNs;
    this.#use.sent(this.una, end, this.#mss, this.congestion.cwnd);
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
    const sent = this.#sent;
    if (ack > sent.nxt) return 0;
    const acked = Math.max(0, ack - sent.una);
    if (acked > 0) {
      sent.acknowledge(ack);
      if (this.#phase === "open" && this.#dupAcks === 0 && blocks.length === 0 && sent.board.count === 0) {
        // In order, nothing lost: nearly always.
        this.#grow(acked, LIMIT * this.#mss, nowNs);
        return acked;
      }
    }
    const isDuplicate = this.#sack ? sent.hear(blocks) > 0 : duplicate && ack === sent.una && sent.flight > 0;
    if (acked > 0 || isDuplicate) this.#react(acked, nowNs);
    return acked;
  }

  /** The retransmission timer expired (RFC 5681 §3.1, RFC 6582 §3.2 step 4, RFC 6675 §5.1). What is due then is due at once. */
  onTimeout(nowNs: number): void {
    if (this.flight === 0) return;
    const again = this.#phase === "loss" && this.una === this.#expiredUna;
    this.congestion.onTimeout(this.flight - this.#limitedBytes, again, nowNs);
    // What the peer holds is believed beyond a timeout, since a peer that reneges is noticed (RFC 6675 §5.1); but not beyond
    // two for the same segment (RFC 2018 §8).
    if (again) this.#sent.board.clear();
    this.#expiredUna = this.una;
    this.#resendAll();
  }

  /**
   * The path carries segments of another size. What is outstanding may have been `dropped` for being too long, which says nothing
   * of congestion (RFC 1191 §6.5): all of it is sent again.
   */
  onMss(mss: number, dropped: boolean, nowNs: number): void {
    this.#mss = mss;
    this.congestion.setMss(mss);
    if (dropped && this.flight > 0) this.#resendAll();
    else if (this.#phase !== "open") this.#review(nowNs);
  }

  /** The timeout or the loss was none, as a timestamp or a D-SACK tells (RFC 3522, RFC 3708): goes on as before it. */
  onSpurious(nowNs: number): void {
    if (this.#phase === "open") return;
    this.congestion.undo(nowNs);
    this.#open();
    this.#point = -1;
    this.#sent.review(this.#mss, 0);
  }

  /** How many bytes of new data may be sent now. What is due goes first. */
  room(): number {
    const { cwnd } = this.congestion;
    switch (this.#phase) {
      case "open":
        // With SACK, what arrived beyond a gap is not in the pipe any more, and that allows the same as RFC 3042.
        if (this.#sack) return Math.max(0, cwnd - this.#sent.pipe);
        return Math.max(0, cwnd + Math.min(this.#dupAcks, LIMITED_TRANSMIT) * this.#mss - this.flight);
      case "recovery":
        if (this.#sack) return Math.max(0, cwnd - this.#sent.pipe);
        return Math.max(0, Math.max(this.#mss, cwnd + this.#inflation) - this.flight);
      case "loss":
        return this.#sent.nextHole() < this.#point ? 0 : Math.max(0, cwnd - this.#sent.pipe);
    }
  }

  /**
   * How many bytes, from `from` on, are to be sent again now.
   *
   * @param newData a segment of new data could be sent, if the congestion window allows it: it comes before what is sent again
   *   without being lost for sure (NextSeg() rule (2)).
   */
  due(newData: boolean): number {
    this.#length = 0;
    switch (this.#phase) {
      case "open":
        break;
      case "recovery":
        if (this.#forced) this.#resend(this.una, this.nxt, "fast");
        else if (this.#sack && this.congestion.cwnd - this.#sent.pipe >= this.#mss) this.#nextSegment(newData);
        break;
      case "loss": {
        const hole = this.#sent.nextHole();
        const { pipe } = this.#sent;
        if (hole < this.#point && (pipe <= 0 || this.congestion.cwnd - pipe >= this.#mss))
          this.#resend(hole, this.#point, "timeout");
        break;
      }
    }
    return this.#length;
  }

  /** What `due` found was sent. */
  resent(nowNs: number): void {
    this.#lastSentNs = nowNs;
    if (this.#why === "rescue") {
      // Rule (4): once in a recovery; HighRxt is not updated.
      this.#rescueRxt = this.#point;
      return;
    }
    // RFC 6675 §5 step (4.3): no rescue before that, either.
    if (this.#forced) this.#rescueRxt = this.#from + this.#length;
    this.#forced = false;
    this.#sent.resent(this.#from, this.#from + this.#length);
  }

  #react(acked: number, nowNs: number): void {
    switch (this.#phase) {
      case "open":
        if (acked === 0) this.#dupAcks++;
        else {
          this.#dupAcks = 0;
          this.#limitedBytes = 0;
          this.#grow(acked, LIMIT * this.#mss, nowNs);
        }
        break;
      case "recovery":
        if (this.una >= this.#point) {
          // Full acknowledgement. With SACK the window was not inflated, and the pipe prevents bursts.
          if (!this.#sack) this.congestion.onRecovered(this.flight);
          this.#open();
        } else if (!this.#sack) this.#inflate(acked);
        break;
      case "loss":
        if (acked > 0) this.#grow(acked, this.#mss, nowNs);
        if (this.una >= this.#point) this.#open();
        break;
    }
    this.#review(nowNs);
    if (this.#phase === "open" && this.#lossFound()) this.#enterRecovery(nowNs);
  }

  /** RFC 6675 §5 steps (1) and (2); without SACK three duplicates, of data sent after the last recovery (RFC 6582 §3.2 step 2). */
  #lossFound(): boolean {
    if (this.#sack) return this.una >= this.#point && (this.#dupAcks >= DUP_THRESH || this.#sent.lostBelow > this.una);
    return this.una > this.#point && this.#dupAcks >= DUP_THRESH;
  }

  /** RFC 6675 §5 step (4), RFC 6582 §3.2 steps 2 and 3. */
  #enterRecovery(nowNs: number): void {
    this.#phase = "recovery";
    this.#point = this.nxt;
    this.congestion.onLoss(this.flight - this.#limitedBytes, nowNs);
    this.#reducedAt = this.#sent.resends;
    this.#limitedBytes = 0;
    this.#inflation = this.#sack ? 0 : DUP_THRESH * this.#mss;
    this.#forced = true;
    this.#sent.restart();
    this.#review(nowNs);
  }

  /** RFC 6582 §3.2: a further duplicate (step 4 of RFC 5681 §3.2), or a partial acknowledgement (step 5). */
  #inflate(acked: number): void {
    if (acked === 0) {
      // No more than there are segments that may have left: duplicates can be made up (RFC 5681 §3.2 step 4).
      this.#inflation = Math.min(this.#inflation + this.#mss, this.#point - this.una);
      return;
    }
    this.#inflation -= acked;
    if (acked >= this.#mss) this.#inflation += this.#mss;
    this.#forced = true;
  }

  #grow(acked: number, limitBytes: number, nowNs: number): void {
    if (this.#use.mayGrow(this.congestion)) this.congestion.onAck(acked, limitBytes, this.#rtt.srttNs, nowNs);
    else this.congestion.onAckUnused(nowNs);
  }

  #open(): void {
    this.#phase = "open";
    this.#dupAcks = 0;
    this.#limitedBytes = 0;
    this.#inflation = 0;
    this.#forced = false;
    this.#sent.restart();
  }

  #resendAll(): void {
    this.#open();
    this.#phase = "loss";
    this.#point = this.nxt;
    this.#sent.review(this.#mss, this.#point);
  }

  /** RFC 6675 §4: where every byte is. The loss of a retransmission is a second indication of congestion (RFC 5681 §4.3). */
  #review(nowNs: number): void {
    if (this.#phase !== "open" && this.#sack && this.#sent.findLostAgain(this.#mss) > this.#reducedAt) {
      this.congestion.onLoss(Math.min(this.flight, this.congestion.cwnd), nowNs);
      this.#reducedAt = this.#sent.resends;
    }
    this.#sent.review(this.#mss, this.#phase === "loss" ? this.#point : 0);
  }

  /** RFC 6675 §4, NextSeg(), rules (1) to (4). */
  #nextSegment(newData: boolean): void {
    const { board, lostBelow } = this.#sent;
    const hole = this.#sent.nextHole();
    if (hole < lostBelow) this.#resend(hole, this.nxt, "fast");
    else if (newData) return;
    else if (hole < board.highest) this.#resend(hole, this.nxt, "fast");
    else if (this.una > this.#rescueRxt && this.flight > board.bytes) {
      const top = board.lastMissing(this.nxt);
      this.#resend(board.holeFrom(Math.max(top - this.#mss, this.una)), top, "rescue");
    }
  }

  #resend(from: number, end: number, why: ResendWhy): void {
    this.#from = from;
    this.#length = Math.min(this.#mss, this.#sent.board.holeEnd(from, end) - from, end - from);
    this.#why = why;
  }
}
