import type { CongestionControl } from "./congestion/congestion.ts";
import { WindowUse } from "./congestion/window-use.ts";
import { Inflation } from "./inflation.ts";
import { Outstanding, type Phase, type ResendWhy } from "./outstanding.ts";
import type { RttEstimator } from "./rtt.ts";
import { DUP_THRESH } from "./scoreboard.ts";
import { TailProbe } from "./tail-probe.ts";

/** L of RFC 3465 §2.3; one while it is not known what of the outstanding data arrived. */
const LIMIT = 2;
/** Segments that duplicates allow beyond the window (RFC 3042 §2). */
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
  readonly #inflation = new Inflation();
  /** The segment at `una` is sent again, whatever the window. */
  #forced = false;
  /** How much had been sent again when the window was reduced last: the loss of what came later is another one. */
  #reducedAt = 0;
  /** `una` when the timer expired last. */
  #expiredUna = -1;
  /** All below it is lost that the peer does not hold, as a probe has shown. */
  #shownLost = 0;
  readonly #probe: TailProbe | undefined;
  #lastSentNs = -1;

  /** @param probes whether tail loss probes are sent (RFC 8985); only with SACK. */
  constructor(mss: number, sack: boolean, congestion: CongestionControl, rtt: RttEstimator, probes = false) {
    this.#mss = mss;
    this.#sack = sack;
    this.#probe = probes && sack ? new TailProbe() : undefined;
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

  /** FlightSize. */
  get flight(): number {
    return this.#sent.flight;
  }

  /** Estimate of what is in the network (RFC 6675 §4, SetPipe()); without SACK it is one after a timeout only. */
  get pipe(): number {
    return this.#sent.pipe;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Where all of it is believed to be. */
  get outstanding(): Readonly<Outstanding> {
    return this.#sent;
  }

  /** Where what `due` found begins, and why it is sent again. */
  get from(): number {
    return this.#sent.from;
  }
  get why(): ResendWhy {
    return this.#sent.why;
  }

  /** A tail loss probe is to be sent: new data, or what `due` says. */
  get probing(): boolean {
    return this.#probe?.wanted === true;
  }

  /** How long after a step that sent or acknowledged something `onProbe` is to be called; Infinity: never. */
  get probeDelayNs(): number {
    if (this.#probe === undefined || this.flight === 0 || this.#phase === "loss") return Infinity;
    return this.#probe.delayNs(this.#rtt, this.flight, this.#mss);
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
    if (this.probing) this.#probe?.sent(this.nxt, end, false);
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
    const acked = Math.max(0, ack - sent.una);
    if (ack > sent.nxt) return 0;
    // RFC 8985 §7.4.2: a loss that the probe has mended is a loss all the same.
    if (this.#probe?.mended(ack, blocks) === true && this.#phase === "open")
      this.congestion.onLoss(this.#inUse(), nowNs);
    if (acked > 0) {
      sent.acknowledge(ack);
      if (this.#phase === "open" && this.#dupAcks === 0 && blocks.length === 0 && sent.board.count === 0) {
        // In order, nothing lost: nearly always.
        this.#probe?.news(ack);
        this.#grow(acked, LIMIT * this.#mss, nowNs);
        return acked;
      }
    }
    if (this.#sack && sent.inVain(ack, blocks)) this.onSpurious(nowNs);
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
   * Nothing was heard for two round trips. If the peer holds something beyond a gap, the gap is a loss: there is no reordering
   * that takes so long (RFC 8985 §6.2). If not, one more segment is due, new data or the last one, to make it speak (§7.3).
   */
  onProbe(nowNs: number): void {
    const { board } = this.#sent;
    if (this.#probe === undefined || this.flight === 0 || this.#phase === "loss") return;
    this.#probe.expired(board.count === 0);
    if (board.count > 0) this.#enterRecovery(nowNs, board.highest);
  }

  /** The path carries other segments. What was `dropped` for being too long says nothing of congestion (RFC 1191 §6.5). */
  onMss(mss: number, dropped: boolean, nowNs: number): void {
    this.#mss = mss;
    this.congestion.setMss(mss);
    if (dropped && this.flight > 0) this.#resendAll();
    else if (this.#phase !== "open") this.#review(nowNs);
  }

  /** The timeout or the loss was none, as a timestamp or a D-SACK tells (RFC 3522, RFC 3708): goes on as before it. */
  onSpurious(nowNs: number): void {
    this.congestion.undo(nowNs);
    if (this.#phase === "open") return;
    this.#open();
    this.#point = -1;
    this.#sent.review(this.#mss, 0);
  }

  /** How many bytes of new data may be sent now. What is due goes first. */
  room(): number {
    const { cwnd } = this.congestion;
    if (this.probing) return Math.max(this.#mss, cwnd - this.#sent.pipe);
    switch (this.#phase) {
      case "open":
        // With SACK, what arrived beyond a gap is not in the pipe any more, and that allows the same as RFC 3042.
        if (this.#sack) return Math.max(0, cwnd - this.#sent.pipe);
        return Math.max(0, cwnd + Math.min(this.#dupAcks, LIMITED_TRANSMIT) * this.#mss - this.flight);
      case "recovery":
        if (this.#sack) return Math.max(0, cwnd - this.#sent.pipe);
        return Math.max(0, Math.max(this.#mss, cwnd + this.#inflation.bytes) - this.flight);
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
    const sent = this.#sent;
    sent.findNothing();
    switch (this.#phase) {
      case "open":
        break;
      case "recovery":
        if (this.#forced) sent.find(this.una, this.nxt, this.#mss, "fast");
        else if (this.#sack && this.congestion.cwnd - sent.pipe >= this.#mss)
          sent.nextSegment(this.#mss, newData, this.una > this.#rescueRxt);
        break;
      case "loss": {
        const hole = sent.nextHole();
        const mayGo = sent.pipe <= 0 || this.congestion.cwnd - sent.pipe >= this.#mss;
        if (hole < this.#point && mayGo) sent.find(hole, this.#point, this.#mss, "timeout");
        break;
      }
    }
    if (sent.length === 0 && !newData && this.probing) sent.findLast(this.#mss, "probe");
    return sent.length;
  }

  /** What `due` found was sent. */
  resent(nowNs: number): void {
    const { why, from, length } = this.#sent;
    this.#lastSentNs = nowNs;
    if (this.probing) this.#probe?.sent(from, from + length, true);
    if (why === "probe") return;
    if (why === "rescue") {
      // Rule (4): once in a recovery; HighRxt is not updated.
      this.#rescueRxt = this.#point;
      return;
    }
    // RFC 6675 §5 step (4.3): no rescue before that, either.
    if (this.#forced) this.#rescueRxt = from + length;
    this.#forced = false;
    this.#sent.resent();
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
        } else if (this.#sack) break;
        else if (acked === 0) this.#inflation.duplicate(this.#mss, this.#point - this.una);
        else {
          this.#inflation.partial(acked, this.#mss);
          this.#forced = true;
        }
        break;
      case "loss":
        if (acked > 0) this.#grow(acked, this.#mss, nowNs);
        if (this.una >= this.#point) this.#open();
        break;
    }
    this.#review(nowNs);
    if (this.#phase === "open" && this.#lossFound()) this.#enterRecovery(nowNs);
    const shown = this.#probe?.news(Math.max(this.una, this.#sent.board.highest)) ?? 0;
    if (shown > this.una && this.#phase !== "loss") this.#enterRecovery(nowNs, shown);
  }

  /** RFC 6675 §5 (1) and (2); without SACK three duplicates of what was sent after the last recovery (RFC 6582 §3.2 step 2). */
  #lossFound(): boolean {
    if (this.#sack) return this.una >= this.#point && (this.#dupAcks >= DUP_THRESH || this.#sent.lostBelow > this.una);
    return this.una > this.#point && this.#dupAcks >= DUP_THRESH;
  }

  /** RFC 6675 §5 step (4), RFC 6582 §3.2 steps 2 and 3. */
  #enterRecovery(nowNs: number, shownLost = 0): void {
    this.#shownLost = shownLost;
    // A loss within a recovery must not make a window greater that is smaller than half of what is outstanding.
    const flight = this.#phase === "open" ? this.flight - this.#limitedBytes : this.#inUse();
    this.congestion.onLoss(flight, nowNs);
    this.#phase = "recovery";
    this.#point = this.nxt;
    this.#reducedAt = this.#sent.resends;
    this.#limitedBytes = 0;
    if (!this.#sack) this.#inflation.begin(this.#mss);
    this.#forced = true;
    this.#sent.begin();
    this.#review(nowNs);
  }

  #inUse(): number {
    return Math.min(this.flight, this.congestion.cwnd);
  }

  #grow(acked: number, limitBytes: number, nowNs: number): void {
    if (this.#use.mayGrow(this.congestion)) this.congestion.onAck(acked, limitBytes, this.#rtt.srttNs, nowNs);
    else this.congestion.onAckUnused(nowNs);
  }

  #open(): void {
    this.#phase = "open";
    this.#dupAcks = 0;
    this.#limitedBytes = 0;
    this.#inflation.bytes = 0;
    this.#forced = false;
    this.#shownLost = 0;
    this.#sent.restart();
  }

  #resendAll(): void {
    this.#open();
    this.#probe?.clear();
    this.#phase = "loss";
    this.#point = this.nxt;
    this.#sent.begin();
    this.#sent.review(this.#mss, this.#point);
  }

  /** RFC 6675 §4: where every byte is. The loss of a retransmission is a second indication of congestion (RFC 5681 §4.3). */
  #review(nowNs: number): void {
    if (this.#phase !== "open" && this.#sack && this.#sent.findLostAgain(this.#mss) > this.#reducedAt) {
      this.congestion.onLoss(this.#inUse(), nowNs);
      this.#reducedAt = this.#sent.resends;
    }
    this.#sent.review(this.#mss, this.#phase === "loss" ? this.#point : this.#shownLost);
  }
}
