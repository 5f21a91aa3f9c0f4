import { assert } from "../../../services/abi/assert.ts";
import type { Ipv4Address } from "../../../services/abi/packet/ipv4-address.ts";
import { put16 } from "../../../services/abi/packet/bytes.ts";
import { checksum, pseudoHeaderSum } from "../../../services/abi/packet/checksum.ts";
import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { Step } from "../../../services/inband/model/tcp/notice.ts";
import { openActive, openPassive } from "../../../services/inband/model/tcp/open.ts";
import { onSegment } from "../../../services/inband/model/tcp/segment-arrives.ts";
import { ILLUMOS, LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { onTick, pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import {
  abort,
  close,
  readable,
  receive,
  send,
  sendRoom,
  shutdownWrite,
} from "../../../services/inband/model/tcp/user-calls.ts";
import { draws } from "../fuzz-frames.ts";
import { Coverage } from "./coverage.ts";
import { ENDPOINTS } from "./end.ts";

const { SYN, ACK, RST } = TCP_FLAG;
const SECOND = 1_000_000_000;
const HOUR = 3600 * SECOND;
/** Segments that one mutated segment may set free at most: a window of them, when it acknowledges or opens something. */
const ANSWERS_MAX = 3000;
const RCVBUF = 40_000;
type Draw = (below: number) => number;
type Which = 0 | 1;

/** What a storm saw. */
export interface Storm {
  readonly mutated: number;
  /** Mutated segments that could be read. */
  readonly read: number;
  readonly connections: number;
  readonly answers: number;
  readonly coverage: Coverage;
}

/** Makes the checksum of mutated bytes right again, so that the mutation gets past it. */
export function repair(
  bytes: Uint8Array,
  ends: { readonly source: Ipv4Address; readonly destination: Ipv4Address },
): void {
  if (bytes.length < 20) return;
  put16(bytes, 16, 0);
  put16(bytes, 16, checksum(bytes, pseudoHeaderSum(ends.source, ends.destination, 6, bytes.length)));
}

/** A mutation of a segment: of its bits, its numbers, its options, its length. */
export function mutate(good: Uint8Array, draw: Draw): Uint8Array {
  let bytes = good.slice();
  if (draw(10) === 0) {
    // Options of any kind and length behind the header.
    const words = 1 + draw(10);
    bytes = new Uint8Array(20 + words * 4 + draw(30));
    bytes.set(good.subarray(0, 20));
    bytes[12] = (5 + words) << 4;
    for (let at = 20; at < bytes.length; at++) bytes[at] = draw(3) === 0 ? draw(12) : draw(256);
  }
  for (let changes = draw(4); changes >= 0; changes--) {
    const field = draw(10);
    // Numbers move by little, so that many of them stay in the window.
    if (field < 2) bytes[7 - draw(2)] = draw(256);
    else if (field < 4) bytes[11 - draw(2)] = draw(256);
    // Resets are believed when their number is right, and then nothing more happens: they are few.
    else if (field < 6) bytes[13] = draw(256) & (draw(8) === 0 ? 0xff : ~RST);
    else if (field < 7) bytes[14 + draw(2)] = draw(256);
    else if (field < 8) bytes[18 + draw(2)] = draw(256);
    else bytes[draw(bytes.length)] = draw(256);
  }
  if (draw(20) === 0) bytes = bytes.subarray(0, draw(bytes.length + 1));
  return bytes;
}

/** Two live connections that talk to each other, and hear mutations of what they say. */
class Victims {
  readonly #draw: Draw;
  readonly #settings: TcpSettings;
  readonly #coverage: Coverage;
  readonly connections: (Connection | undefined)[] = [];
  nowNs = 0;
  answers = 0;
  /** What was said and not heard yet, and to whom. */
  readonly wire: { readonly to: Which; readonly bytes: Uint8Array }[] = [];

  constructor(draw: Draw, coverage: Coverage) {
    this.#draw = draw;
    this.#coverage = coverage;
    this.#settings = {
      ...(draw(3) === 0 ? ILLUMOS : LINUX),
      rcvbuf: RCVBUF,
      sndbuf: 40_000,
      congestion: draw(2) === 0 ? "cubic" : "reno",
      timestamps: draw(2) === 0,
      sack: draw(2) === 0,
      windowScaling: draw(2) === 0,
      mss: 200 + draw(1300),
    };
    const opened = openActive({ ...this.#ends(0), iss: this.#iss(), settings: this.#settings }, 0);
    this.connections[0] = opened.connection;
    this.perform(0, opened.step);
    if (draw(10) > 0) return;
    const crossed = openActive({ ...this.#ends(1), iss: this.#iss(), settings: this.#settings }, 0);
    this.connections[1] = crossed.connection;
    this.perform(1, crossed.step);
  }

  #iss(): number {
    return (this.#draw(2) === 0 ? 2 ** 32 - this.#draw(50_000) : this.#draw(2 ** 31)) >>> 0;
  }

  #ends(which: Which): { readonly local: (typeof ENDPOINTS)[Which]; readonly remote: (typeof ENDPOINTS)[Which] } {
    return { local: ENDPOINTS[which], remote: ENDPOINTS[which === 0 ? 1 : 0] };
  }

  perform(which: Which, { send: segments, notices }: Step): void {
    for (const notice of notices) if (notice.t === "state") this.#coverage.count(notice.from, notice.to);
    assert(segments.length < ANSWERS_MAX, "a step sends no more than a window");
    this.answers += segments.length;
    const to = which === 0 ? 1 : 0;
    const ends = { source: ENDPOINTS[which].address, destination: ENDPOINTS[to].address };
    // The wire holds some; what is too much is lost.
    for (const segment of segments) if (this.wire.length < 200) this.wire.push({ to, bytes: buildTcp(segment, ends) });
    const connection = this.connections[which];
    if (connection === undefined) return;
    assert(readable(connection) <= RCVBUF + 1500, "the receive buffer is bounded");
    const { t } = connection.state;
    const atNs = pollAtNs(connection);
    assert(t !== "CLOSED" || atNs === undefined, "a closed connection waits for nothing");
  }

  /** Bytes come to one of them. */
  hears(which: Which, bytes: Uint8Array): boolean {
    const ends = { source: ENDPOINTS[which === 0 ? 1 : 0].address, destination: ENDPOINTS[which].address };
    const parsed = parseTcp(bytes, ends);
    if (!parsed.ok) return false;
    this.#arrives(which, parsed.packet);
    bytes.fill(0xee);
    return true;
  }

  #arrives(which: Which, segment: TcpSegment): void {
    const connection = this.connections[which];
    if (connection !== undefined) this.perform(which, onSegment(connection, segment, this.nowNs));
    else if ((segment.flags & (SYN | ACK | RST)) === SYN) {
      const opened = openPassive(
        { ...this.#ends(which), iss: this.#iss(), settings: this.#settings },
        segment,
        this.nowNs,
      );
      this.connections[which] = opened.connection;
      this.perform(which, opened.step);
    }
  }

  /** Applications do something. */
  act(which: Which): void {
    const connection = this.connections[which];
    if (connection === undefined) return;
    const draw = this.#draw;
    const { nowNs } = this;
    const what = draw(100);
    if (what < 60) this.perform(which, receive(connection, 1 + draw(60_000), {}, nowNs).step);
    else if (what < 95 && sendRoom(connection) > 0) {
      const bytes = new Uint8Array(1 + draw(5000)).fill(0x55);
      this.perform(which, send(connection, bytes, { urgent: draw(10) === 0, more: draw(10) === 0 }, nowNs).step);
    } else if (what < 99) this.perform(which, shutdownWrite(connection, nowNs));
    else if (what === 99 && draw(4) === 0) this.perform(which, close(connection, nowNs));
  }

  /** Lets time pass. */
  pass(ns: number): void {
    const endNs = this.nowNs + ns;
    for (let ticks = 0; ; ticks++) {
      const times = this.connections.map((one) => (one === undefined ? Infinity : (pollAtNs(one) ?? Infinity)));
      const atNs = Math.min(...times);
      if (atNs > endNs) break;
      assert(ticks < 10_000, "the number of ticks is bounded");
      this.nowNs = Math.max(this.nowNs, atNs);
      const which = times[0] === atNs ? 0 : 1;
      const connection = this.connections[which];
      if (connection === undefined) break;
      this.perform(which, onTick(connection, this.nowNs));
      const nextNs = pollAtNs(connection);
      assert(nextNs === undefined || nextNs > this.nowNs, "what was due is done by its tick");
    }
    this.nowNs = endNs;
  }

  /** What is on its way arrives as it is, and what answers it. */
  talk(): void {
    for (let count = 0; count < 200; count++) {
      const next = this.wire.shift();
      if (next === undefined) this.pass(SECOND);
      else this.hears(next.to, next.bytes);
      this.act(count % 2 === 0 ? 0 : 1);
    }
  }

  /** Nobody talks any more: everything ends, by itself or by an abort of its user. */
  end(): void {
    this.wire.splice(0);
    for (const which of [0, 1] as const) {
      const connection = this.connections[which];
      if (connection === undefined) continue;
      const { nowNs } = this;
      if (this.#draw(2) === 0) this.perform(which, close(connection, nowNs));
      else this.perform(which, abort(connection, nowNs));
    }
    this.pass(3 * HOUR);
    for (const connection of this.connections)
      assert(connection === undefined || connection.state.t === "CLOSED", "no socket is stuck");
  }
}

/**
 * Throws this many mutated segments at live connections, a few hundred at each pair. Nothing throws; what a step sends,
 * and what a buffer holds, is bounded; ticks are no circles; in the end no connection is left.
 *
 * @param look called after each pair, with the number of mutations so far.
 */
export function storm(seed: number, mutations: number, look: (mutated: number) => void = () => undefined): Storm {
  const draw = draws(seed);
  const coverage = new Coverage();
  let [mutated, read, connections, answers] = [0, 0, 0, 0];
  while (mutated < mutations) {
    const victims = new Victims(draw, coverage);
    connections += 2;
    const end = mutated + 100 + draw(600);
    for (let quiet = 0; mutated < end && quiet < 50; quiet++) {
      const next = victims.wire.shift();
      if (next === undefined) victims.pass(draw(400) * 1_000_000);
      else {
        quiet = 0;
        const ends = {
          source: ENDPOINTS[next.to === 0 ? 1 : 0].address,
          destination: ENDPOINTS[next.to].address,
        };
        for (let copies = draw(6); copies > 0; copies--) {
          const bytes = mutate(next.bytes, draw);
          if (draw(10) > 0) repair(bytes, ends);
          mutated++;
          if (victims.hears(next.to, bytes)) read++;
        }
        if (draw(8) > 0) victims.hears(next.to, next.bytes);
      }
      if (draw(3) === 0) victims.act(draw(2) === 0 ? 0 : 1);
      if (draw(10) === 0) victims.pass(draw(100) * 1_000_000);
    }
    if (draw(2) === 0) victims.talk();
    victims.end();
    ({ answers } = { answers: answers + victims.answers });
    look(mutated);
  }
  return { mutated, read, connections, answers, coverage };
}
