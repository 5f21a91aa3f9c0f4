import { assert } from "../../../services/abi/assert.ts";
import { TCP_FLAG, tcpHeaderBytes, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import { seqDiff } from "../../../services/inband/model/tcp/seq.ts";
import { Ranges, type Stream } from "./stream.ts";

const { FIN, SYN, RST, ACK, URG } = TCP_FLAG;

/**
 * Looks at all that one end sends, and at all that reaches it unbroken, and knows what its application has said. It keeps
 * books of its own; nothing is asked of the connection but what a peer could see.
 *
 * Numbers are counted from the SYN on, which is 0: the byte of the stream at `offset` has number `offset + 1`, and the FIN
 * the one after the last byte.
 */
export class Watch {
  readonly name: string;
  readonly #says: Stream;
  /** Bytes that the connection has taken from its application. */
  written = 0;
  /** The application has said that nothing follows. */
  ended = false;
  /** Numbers of the peer that reached this end. */
  readonly #came = new Ranges();
  #peerIss: number | undefined;
  #iss: number | undefined;
  #peerMss = 536;
  #ownScale: number | undefined;
  #peerScale: number | undefined;
  /** One beyond the highest number sent. */
  highest = 0;
  /** The same, of data alone. */
  dataTo = 0;
  /** The highest number that the peer acknowledged, and the end of the furthest window it ever gave. */
  acked = 0;
  #edge = 0;
  #sackedTo = 0;
  /** Duplicates until all was acknowledged that was out when the last of them came. */
  duplicates = 0;
  #duplicatesUntil = 0;
  /** The highest acknowledgment and the furthest window sent. */
  #ackSent = 0;
  #edgeSent = 0;
  /** Timestamp values that reached this end. */
  readonly #values = new Set<number>();
  #lastValue: number | undefined;
  #offeredSack = false;
  #canSack = false;
  #canStamp = false;
  segments = 0;
  resets = 0;
  resetsCame = 0;
  /** Segments without data, SYN or FIN. */
  pure = 0;
  /** Whether the receive buffer was made smaller on the way, so that the window may shrink. */
  mayShrink = false;

  constructor(name: string, says: Stream) {
    this.name = name;
    this.#says = says;
  }

  #must(holds: boolean, sentence: string, segment?: TcpSegment): void {
    if (!holds) assert(false, `${this.name}: ${sentence}${segment === undefined ? "" : ` (${tell(segment)})`}`);
  }

  #scaled(segment: TcpSegment, scale: number | undefined): number {
    const both = this.#ownScale !== undefined && this.#peerScale !== undefined;
    return (segment.flags & SYN) !== 0 || !both ? segment.window : segment.window * 2 ** Math.min(14, scale ?? 0);
  }

  /** This end has sent a segment. */
  sent(segment: TcpSegment, mss: number): void {
    this.segments++;
    const { flags, payload } = segment;
    if ((flags & RST) !== 0) {
      this.resets++;
      this.#must(payload.length === 0, "a reset carries no data", segment);
      return;
    }
    if ((flags & SYN) !== 0) {
      this.#must(this.#iss === undefined || this.#iss === segment.seq, "a SYN keeps its number", segment);
      this.#iss = segment.seq;
      this.#ownScale = segment.windowScale;
      this.#offeredSack = segment.sackPermitted === true;
      this.#must((segment.windowScale ?? 0) <= 14, "a window is scaled by up to 14 (RFC 7323 2.3)", segment);
    }
    this.#must(this.#iss !== undefined, "nothing goes before the SYN", segment);
    const from = this.highest + seqDiff(segment.seq, ((this.#iss ?? 0) + this.highest) >>> 0);
    const to = from + payload.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    this.#must(from >= 0 && from <= this.highest, "no number is left out, none lies before the SYN", segment);
    this.#carries(segment, from, to, mss);
    // Beyond the window goes nothing but what asks whether it is still shut (RFC 9293 3.8.6.1).
    const syn = (flags & SYN) !== 0;
    this.#must(syn || to <= Math.max(this.#edge, 1) + 1 || to <= this.highest, "the window is kept", segment);
    if (to > this.#edge && to > this.highest) this.#must(syn || to - from <= 1, "a probe is one byte", segment);
    this.#answers(segment);
    this.highest = Math.max(this.highest, to);
    // A FIN goes beside the congestion window, as Linux lets it.
    if (payload.length > 0) this.dataTo = Math.max(this.dataTo, from + payload.length);
    if (payload.length === 0 && (flags & (SYN | FIN)) === 0) this.pure++;
  }

  /** What is in a segment is what the application said there, each time it is sent. */
  #carries(segment: TcpSegment, from: number, to: number, mss: number): void {
    const { flags, payload } = segment;
    const syn = (flags & SYN) !== 0;
    const offset = syn ? 0 : from - 1;
    if (payload.length > 0)
      this.#must(offset + payload.length <= this.written, "only what was written is sent", segment);
    this.#must(this.#says.holds(offset, payload), "what is sent is what was written, each time", segment);
    if ((flags & FIN) !== 0)
      this.#must(this.ended && to === this.written + 2, "the FIN follows the last byte, once nothing follows", segment);
    const size = tcpHeaderBytes(segment) - 20 + payload.length;
    const most = Math.max(Math.min(mss, this.#peerMss), 48);
    this.#must(payload.length === 0 || size <= most, `data and options fit into the MSS of ${most}`, segment);
    if ((flags & URG) !== 0)
      this.#must(segment.urgent > 0 || payload.length === 0, "an urgent pointer points", segment);
  }

  /** What a segment says about the other direction is true, and never taken back. */
  #answers(segment: TcpSegment): void {
    const { flags } = segment;
    const { timestamp } = segment;
    if (timestamp !== undefined) {
      const before = this.#lastValue ?? timestamp.value;
      this.#must(seqDiff(timestamp.value, before) >= 0, "timestamps never go back", segment);
      this.#lastValue = timestamp.value;
      if ((flags & ACK) !== 0 && (flags & SYN) === 0)
        this.#must(this.#values.has(timestamp.echo), "a timestamp that is echoed came", segment);
      this.#must((flags & SYN) !== 0 || this.#canStamp, "timestamps are used when both agreed to", segment);
    }
    if ((flags & ACK) === 0) {
      this.#must((flags & SYN) !== 0, "all but the first SYN acknowledge", segment);
      return;
    }
    const peerIss = this.#peerIss;
    if (peerIss === undefined) {
      this.#must(false, "nothing is acknowledged before a SYN came", segment);
      return;
    }
    const ack = this.#ackSent + seqDiff(segment.ack, (peerIss + this.#ackSent) >>> 0);
    this.#must(ack >= this.#ackSent, "acknowledgments never go back", segment);
    this.#must(ack <= this.#came.prefix, `nothing is acknowledged that did not come: ${ack}`, segment);
    const edge = ack + this.#scaled(segment, this.#ownScale);
    const unit = 2 ** Math.min(14, this.#ownScale ?? 0);
    // RFC 9293 3.8.6.2.2 (SHLD-14); a scaled window loses up to a unit by its rounding (RFC 7323 2.4).
    this.#must(this.mayShrink || edge > this.#edgeSent - unit, `the window never shrinks: ${this.#edgeSent}`, segment);
    this.#ackSent = ack;
    this.#edgeSent = Math.max(edge, this.#edgeSent);
    for (const [index, [left, right]] of (segment.sack ?? []).entries()) {
      this.#must(this.hearsSack, "SACK is used when both agreed to", segment);
      const [from, to] = [ack + seqDiff(left, segment.ack), ack + seqDiff(right, segment.ack)];
      this.#must(to > from && this.#came.covers(from, to), "what is in a SACK block came", segment);
      // The first block may tell of a duplicate (RFC 2883).
      this.#must(index === 0 || from > ack, "a SACK block lies beyond the acknowledgment", segment);
    }
  }

  /** A segment of the peer has reached this end, unbroken, and is one that the peer really sent. */
  reached(segment: TcpSegment): void {
    const { flags } = segment;
    if ((flags & RST) !== 0) {
      this.resetsCame++;
      return;
    }
    if (segment.timestamp !== undefined) this.#values.add(segment.timestamp.value);
    if ((flags & SYN) !== 0 && this.#peerIss === undefined) {
      this.#peerIss = segment.seq;
      this.#peerMss = segment.mss ?? 536;
      this.#peerScale = segment.windowScale;
      this.#canSack = segment.sackPermitted === true;
      this.#canStamp = segment.timestamp !== undefined;
    }
    if (this.#peerIss === undefined) return;
    const prefix = this.#came.prefix;
    const from = prefix + seqDiff(segment.seq, (this.#peerIss + prefix) >>> 0);
    const length = segment.payload.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    this.#came.add(Math.max(0, from), from + length);
    if ((flags & ACK) === 0 || this.#iss === undefined) return;
    const ack = this.acked + seqDiff(segment.ack, (this.#iss + this.acked) >>> 0);
    if (ack > this.highest) return;
    if (ack === this.acked && length === 0) {
      this.#duplicatesUntil = this.highest;
      this.duplicates++;
    }
    this.acked = Math.max(this.acked, ack);
    if (this.acked >= this.#duplicatesUntil) this.duplicates = 0;
    this.#edge = Math.max(this.#edge, ack + this.#scaled(segment, this.#peerScale));
    for (const [, right] of segment.sack ?? [])
      this.#sackedTo = Math.max(this.#sackedTo, ack + seqDiff(right, segment.ack));
  }

  /**
   * What is for certain on the wire when new data goes out: all beyond the highest number that arrived. What lies below
   * it may be thought lost (RFC 6675 4).
   */
  get outstanding(): number {
    return this.highest - Math.max(this.acked, this.#sackedTo);
  }

  /** Whether the peer may tell what came beyond a hole. */
  get hearsSack(): boolean {
    return this.#canSack && this.#offeredSack;
  }

  /** Bytes of the peer's stream that came without a hole. */
  get reachedBytes(): number {
    return Math.max(0, this.#came.prefix - 1);
  }
}

const FLAG_WORDS = Object.entries(TCP_FLAG);

/** A segment in a line. */
export function tell(segment: TcpSegment): string {
  const flags = FLAG_WORDS.filter(([, bit]) => (segment.flags & bit) !== 0).map(([word]) => word);
  const sack = (segment.sack ?? []).map(([left, right]) => `${left}-${right}`).join(",");
  return [
    `${flags.join("+") || "no flags"} seq ${segment.seq} ack ${segment.ack} len ${segment.payload.length}`,
    `win ${segment.window}${sack === "" ? "" : ` sack ${sack}`}`,
    ...((segment.flags & URG) !== 0 ? [`urg ${segment.urgent}`] : []),
  ].join(" ");
}
