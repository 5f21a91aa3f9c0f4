import { assert } from "../../../services/abi/assert.ts";
import type { Ipv4Address } from "../../../services/abi/packet/ipv4-address.ts";
import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { Notice, Step } from "../../../services/inband/model/tcp/notice.ts";
import { openActive, openPassive, type Opening } from "../../../services/inband/model/tcp/open.ts";
import { resetFor } from "../../../services/inband/model/tcp/reset.ts";
import { onSegment } from "../../../services/inband/model/tcp/segment-arrives.ts";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { onTick, pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import { readable, readOffset, setMss } from "../../../services/inband/model/tcp/user-calls.ts";
import { ip } from "../stack-harness.ts";
import type { Agenda } from "./agenda.ts";
import type { Coverage } from "./coverage.ts";
import type { Stream } from "./stream.ts";
import { tell, Watch } from "./watch.ts";

const { ACK, RST, SYN } = TCP_FLAG;

/** The two ends' addresses. */
export const ENDPOINTS = [
  { address: ip("192.0.2.1"), port: 40_000 },
  { address: ip("192.0.2.2"), port: 80 },
] as const;

/** What a connection says when it has ended. */
export type ClosedNotice = Extract<Notice, { t: "closed" }>;

/** What an end is made of. */
export interface EndParts {
  readonly which: 0 | 1;
  readonly iss: number;
  readonly settings: TcpSettings;
  readonly says: Stream;
  readonly hears: Stream;
  readonly agenda: Agenda;
  readonly coverage: Coverage;
  readonly transmit: (bytes: Uint8Array) => void;
  /** Something happened that an application may wait for. */
  readonly wake: () => void;
}

/** One end of a wire: a connection with its clock, and those who watch it. Its application is somebody else. */
export class End {
  readonly watch: Watch;
  readonly #parts: EndParts;
  connection: Connection | undefined;
  /** Somebody listens: the first SYN opens the connection. */
  listens = false;
  closed: ClosedNotice | undefined;
  closedAtNs = 0;
  openedAtNs = 0;
  connectedAtNs: number | undefined;
  /** When something of the peer came last. */
  heardAtNs = 0;
  finCame = false;
  /** Bytes of the peer's stream that became readable. */
  gotBytes = 0;
  /** Bytes that the send buffer has let go of. */
  freedBytes = 0;
  #sndbufMax = 0;
  #rcvbufMax = 0;
  /** Places of the marks that came. */
  readonly urgentCame: number[] = [];
  /** The same, of those whose byte came while they were the last ones. */
  readonly urgentMet: number[] = [];
  ticks = 0;
  /** Resets sent for segments that belong to no connection. */
  strayResets = 0;
  /** Somebody who sees what goes and comes. */
  onTransmit: ((bytes: Uint8Array) => void) | undefined;
  onReceive: ((bytes: Uint8Array) => void) | undefined;
  /** What happened, in lines; only when somebody wants to see it. */
  log: string[] | undefined;
  #armedAtNs: number | undefined;
  #second = 0;
  #ticksInSecond = 0;
  #workInSecond = 0;

  constructor(parts: EndParts) {
    this.#parts = parts;
    this.watch = new Watch("ab".charAt(parts.which), parts.says);
  }

  get #nowNs(): number {
    return this.#parts.agenda.nowNs;
  }

  get settings(): TcpSettings {
    return this.connection?.settings ?? this.#parts.settings;
  }

  #opening(): Opening {
    const { which, iss, settings } = this.#parts;
    return { local: ENDPOINTS[which], remote: ENDPOINTS[which === 0 ? 1 : 0], iss, settings };
  }

  #must(holds: boolean, sentence: string): void {
    if (!holds) assert(false, `${this.watch.name} at ${this.#nowNs / 1e9} s: ${sentence}`);
  }

  #note(what: string, text: string): void {
    this.log?.push(`${(this.#nowNs / 1e9).toFixed(6)} ${this.watch.name} ${what} ${text}`);
  }

  get isOver(): boolean {
    return this.closed !== undefined;
  }

  /** The application calls: what follows from it is done. */
  call(step: Step): void {
    this.#workInSecond++;
    this.perform(step);
  }

  /** Calls the peer. */
  open(): void {
    this.openedAtNs = this.#nowNs;
    const { connection, step } = openActive(this.#opening(), this.#nowNs);
    this.connection = connection;
    this.perform(step);
  }

  /** Does what a step asks for, looks whether all of it may be, and sets the clock. */
  perform(step: Step, ticked = false): void {
    for (const notice of step.notices) this.#heed(notice);
    const before = this.watch.dataTo;
    for (const segment of step.send) this.#send(segment);
    const { connection } = this;
    if (connection === undefined) return;
    // A probe for a tail that was lost is one segment, whatever the window (RFC 8985 7.3).
    if (this.watch.dataTo > before && !(ticked && step.send.length === 1)) this.#keepsItsWindow(connection);
    // A window that was told is kept when the buffer gets smaller.
    this.#rcvbufMax = Math.max(this.#rcvbufMax, this.settings.rcvbuf);
    this.#must(readable(connection) <= this.#rcvbufMax, "the receive buffer is bounded");
    this.#sndbufMax = Math.max(this.#sndbufMax, this.settings.sndbuf);
    this.#must(this.watch.written - this.freedBytes <= this.#sndbufMax, "the send buffer is bounded");
    this.#must(
      readOffset(connection) + readable(connection) === this.gotBytes,
      "what is readable is what was told, from the place where the reader is",
    );
    if (connection.state.t === "CLOSED") {
      this.#must(pollAtNs(connection) === undefined, "a closed connection waits for nothing");
      this.#must(this.closed !== undefined, "the end is told");
    }
    this.#arm();
    this.#parts.wake();
  }

  /**
   * New data went out: no more is on its way than the congestion window and what RFC 3042 and RFC 6582 let out beside it.
   */
  #keepsItsWindow({ state, settings }: Connection): void {
    if (!("rcv" in state)) return;
    const { cwnd } = state.snd.recovery.congestion;
    const { outstanding, duplicates, hearsSack } = this.watch;
    const beside = 3 + (hearsSack ? 0 : 3 + duplicates);
    this.#must(outstanding <= cwnd + beside * settings.mss, `${outstanding} are out, the window is ${cwnd}`);
  }

  #heed(notice: Notice): void {
    this.#must(this.closed === undefined, `nothing follows the end: ${notice.t}`);
    switch (notice.t) {
      case "state":
        this.#note("state", `${notice.from} -> ${notice.to}`);
        this.#parts.coverage.count(notice.from, notice.to);
        return;
      case "connected":
        this.#must(this.connectedAtNs === undefined, "a connection is made once");
        this.connectedAtNs = this.#nowNs;
        return;
      case "data":
        this.#must(notice.offset === this.gotBytes && notice.bytes > 0, "data comes in order, and each byte once");
        this.gotBytes += notice.bytes;
        this.#must(this.gotBytes <= this.watch.reachedBytes, "only what came is data");
        this.#meetsMark();
        this.#must(!this.finCame, "no data follows the end of the stream");
        return;
      case "urgent":
        this.urgentCame.push(notice.offset);
        return;
      case "fin":
        this.#must(!this.finCame, "a stream ends once");
        this.finCame = true;
        return;
      case "room":
        this.#must(notice.acked > 0, "room is not nothing");
        this.freedBytes += notice.acked;
        this.#must(this.freedBytes <= Math.max(0, this.watch.acked - 1), "only what was acknowledged is freed");
        return;
      case "retransmit":
      case "fin-sent":
        return;
      case "closed":
        this.#note("closed", notice.why);
        this.closed = notice;
        this.closedAtNs = this.#nowNs;
        return;
    }
  }

  /**
   * The marked byte has come. A pointer of 16 bits may not reach, and marks a byte that is not urgent; but a better one comes
   * before that byte does.
   */
  #meetsMark(): void {
    const mark = this.urgentCame.at(-1);
    if (mark !== undefined && mark < this.gotBytes && mark !== this.urgentMet.at(-1)) this.urgentMet.push(mark);
  }

  #send(segment: TcpSegment): void {
    this.#note("sends", tell(segment));
    this.watch.sent(segment, this.#parts.settings.mss);
    this.#transmit(segment);
  }

  #transmit(segment: TcpSegment): void {
    const { which, transmit } = this.#parts;
    const ends = { source: ENDPOINTS[which].address, destination: ENDPOINTS[which === 0 ? 1 : 0].address };
    const bytes = buildTcp(segment, ends);
    this.#must(parseTcp(bytes, ends).ok, "what is sent can be read");
    this.onTransmit?.(bytes);
    transmit(bytes);
  }

  /** Where what comes here is from, and to. */
  get arrivalEnds(): { readonly source: Ipv4Address; readonly destination: Ipv4Address } {
    const { which } = this.#parts;
    return { source: ENDPOINTS[which === 0 ? 1 : 0].address, destination: ENDPOINTS[which].address };
  }

  /** Bytes come from the wire. They are this end's, and written over once they were read. */
  receive(bytes: Uint8Array, corrupted: boolean, forged = false): void {
    const parsed = parseTcp(bytes, this.arrivalEnds);
    this.#must(parsed.ok === !corrupted, "the checksum finds each error, and no other");
    if (!parsed.ok) return;
    this.onReceive?.(bytes);
    const { packet: segment } = parsed;
    this.#note("gets", tell(segment));
    this.#workInSecond++;
    if (!forged) {
      this.watch.reached(segment);
      this.heardAtNs = this.#nowNs;
    }
    this.#arrives(segment);
    bytes.fill(0xee);
  }

  #arrives(segment: TcpSegment): void {
    const { connection, listens } = this;
    if (connection !== undefined && connection.state.t !== "CLOSED") {
      this.perform(onSegment(connection, segment, this.#nowNs));
      return;
    }
    if (listens && (segment.flags & (SYN | ACK | RST)) === SYN) {
      this.listens = false;
      this.openedAtNs = this.#nowNs;
      const opened = openPassive(this.#opening(), segment, this.#nowNs);
      this.connection = opened.connection;
      this.perform(opened.step);
      return;
    }
    const reset = resetFor(segment);
    if (reset === undefined) return;
    this.strayResets++;
    this.#transmit(reset);
  }

  /** ICMP tells that the path takes less. */
  pathMtu(mtu: number): void {
    const { connection } = this;
    if (connection === undefined || connection.state.t === "CLOSED") return;
    this.perform(setMss(connection, mtu - 40, this.#nowNs));
  }

  #arm(): void {
    const atNs = this.connection === undefined ? undefined : pollAtNs(this.connection);
    if (atNs === undefined) return;
    this.#must(Number.isFinite(atNs), "a time is a number");
    if (this.#armedAtNs !== undefined && this.#armedAtNs <= atNs) return;
    this.#armedAtNs = atNs;
    this.#parts.agenda.at(atNs, () => this.#due(atNs));
  }

  #due(atNs: number): void {
    if (this.#armedAtNs !== atNs) return;
    this.#armedAtNs = undefined;
    const { connection } = this;
    if (connection === undefined) return;
    const dueNs = pollAtNs(connection);
    if (dueNs === undefined || dueNs > this.#nowNs) {
      this.#arm();
      return;
    }
    this.#countTick();
    this.perform(onTick(connection, this.#nowNs), true);
    const nextNs = pollAtNs(connection);
    this.#must(nextNs === undefined || nextNs > this.#nowNs, "what was due is done by its tick");
  }

  /** A connection ticks when something is due: never in circles. */
  #countTick(): void {
    this.ticks++;
    const second = Math.floor(this.#nowNs / 1e9);
    if (second !== this.#second) {
      this.#second = second;
      this.#ticksInSecond = 0;
      this.#workInSecond = 0;
    }
    this.#ticksInSecond++;
    this.#must(this.#ticksInSecond < 60 + this.#workInSecond, "the number of ticks in a second is bounded");
  }
}
