import { assert } from "../../../services/abi/assert.ts";
import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { Notice, Step } from "../../../services/inband/model/tcp/notice.ts";
import { openActive, openPassive } from "../../../services/inband/model/tcp/open.ts";
import { onSegment } from "../../../services/inband/model/tcp/segment-arrives.ts";
import { seqAdd, seqDiff } from "../../../services/inband/model/tcp/seq.ts";
import { LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import type { TcpStateName } from "../../../services/inband/model/tcp/state.ts";
import { onTick, pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import { receive, send } from "../../../services/inband/model/tcp/user-calls.ts";
import { Coverage } from "./coverage.ts";
import { ENDPOINTS } from "./end.ts";
import { tell } from "./watch.ts";

const { SYN, ACK, FIN, RST } = TCP_FLAG;
const [US, THEM] = ENDPOINTS;

/** What the puppet's SYN says. */
export interface SynOptions {
  readonly mss?: number;
  readonly windowScale?: number;
  readonly sackPermitted?: true;
  readonly timestamp?: { readonly value: number; readonly echo: number };
  readonly window?: number;
}

/**
 * A connection, and a peer that says whatever it is told to: it has no rules of its own, but knows the numbers that an
 * honest one would use.
 */
export class Puppet {
  readonly connection: Connection;
  readonly sent: TcpSegment[] = [];
  readonly notices: Notice[] = [];
  nowNs = 0;
  /** The puppet's own next number, and its window. */
  seq: number;
  window = 65_535;
  /** The timestamp that it sends, once both agreed to. */
  stamp: number | undefined;
  /** What came from the connection last: number after it, its timestamp. */
  #theirNext: number | undefined;
  #theirStamp = 0;
  readonly coverage: Coverage;

  private constructor(connection: Connection, step: Step, seq: number, coverage: Coverage) {
    this.connection = connection;
    this.seq = seq;
    this.coverage = coverage;
    this.perform(step);
  }

  /** The connection listens and gets a SYN; the handshake is not over. */
  static calls(
    syn: SynOptions = {},
    settings: Partial<TcpSettings> = {},
    { iss = 1000, irs = 5000, coverage = new Coverage() } = {},
  ): Puppet {
    const first: TcpSegment = {
      sourcePort: THEM.port,
      destinationPort: US.port,
      seq: irs,
      ack: 0,
      flags: SYN,
      window: 65_535,
      urgent: 0,
      payload: new Uint8Array(0),
      ...syn,
    };
    const opening = { local: US, remote: THEM, iss, settings: { ...LINUX, ...settings } };
    const { connection, step } = openPassive(opening, carried(first), 0);
    const puppet = new Puppet(connection, step, seqAdd(irs, 1), coverage);
    puppet.stamp = syn.timestamp?.value;
    return puppet;
  }

  /** The connection calls; nothing has been answered. */
  static called(
    settings: Partial<TcpSettings> = {},
    { iss = 1000, irs = 5000, coverage = new Coverage() } = {},
  ): Puppet {
    const opening = { local: US, remote: THEM, iss, settings: { ...LINUX, ...settings } };
    const { connection, step } = openActive(opening, 0);
    return new Puppet(connection, step, irs, coverage);
  }

  /** An established connection, called by the puppet. */
  static established(syn: SynOptions = {}, settings: Partial<TcpSettings> = {}, more = {}): Puppet {
    const puppet = Puppet.calls(syn, settings, more);
    puppet.says({});
    puppet.is("ESTABLISHED");
    puppet.take();
    return puppet;
  }

  get ack(): number {
    return this.#theirNext ?? 0;
  }

  get state(): TcpStateName {
    return this.connection.state.t;
  }

  is(state: TcpStateName): this {
    assert(this.state === state, `the connection is in ${this.state}, not in ${state}`);
    return this;
  }

  perform({ send: segments, notices }: Step): void {
    for (const notice of notices) {
      if (notice.t === "state") this.coverage.count(notice.from, notice.to);
      this.notices.push(notice);
    }
    for (const segment of segments) {
      const kept = { ...segment, payload: segment.payload.slice() };
      this.sent.push(kept);
      const length = kept.payload.length + (kept.flags & SYN ? 1 : 0) + (kept.flags & FIN ? 1 : 0);
      const next = seqAdd(kept.seq, length);
      // A reset may have any number.
      const isFirst = this.#theirNext === undefined;
      if ((kept.flags & RST) === 0 && (isFirst || seqDiff(next, this.ack) > 0)) this.#theirNext = next;
      if (kept.timestamp !== undefined) this.#theirStamp = kept.timestamp.value;
    }
    const atNs = pollAtNs(this.connection);
    assert(this.state !== "CLOSED" || atNs === undefined, "a closed connection waits for nothing");
  }

  /** Takes what was sent since the last time. */
  take(): TcpSegment[] {
    return this.sent.splice(0);
  }

  /** The same, in lines. */
  lines(): string[] {
    return this.take().map(tell);
  }

  /** Says something; what is left out is what an honest peer would say. Answers what came back. */
  says(what: Partial<TcpSegment>): TcpSegment[] {
    const { stamp } = this;
    const segment: TcpSegment = {
      sourcePort: THEM.port,
      destinationPort: US.port,
      seq: this.seq,
      ack: this.ack,
      flags: ACK,
      window: this.window,
      urgent: 0,
      payload: new Uint8Array(0),
      ...(stamp === undefined ? {} : { timestamp: { value: stamp, echo: this.#theirStamp } }),
      ...what,
    };
    const before = this.sent.length;
    const arrived = carried(segment);
    this.perform(onSegment(this.connection, arrived, this.nowNs));
    arrived.payload.fill(0xee);
    return this.sent.slice(before);
  }

  /** Sends data, or a FIN, as an honest peer would, and counts on. */
  honestly(payload: Uint8Array, flags: number = ACK): TcpSegment[] {
    const answers = this.says({ payload, flags });
    this.seq = seqAdd(this.seq, payload.length + (flags & FIN ? 1 : 0));
    return answers;
  }

  /** Lets time pass, ticking at each instant that the connection asks for. */
  pass(ns: number): void {
    const end = this.nowNs + ns;
    for (let ticks = 0; ; ticks++) {
      const atNs = pollAtNs(this.connection);
      if (atNs === undefined || atNs > end) break;
      assert(ticks < 20_000 + ns / 1e6, "the number of ticks is bounded");
      this.nowNs = Math.max(this.nowNs, atNs);
      this.perform(onTick(this.connection, this.nowNs));
      const nextNs = pollAtNs(this.connection);
      assert(nextNs === undefined || nextNs > this.nowNs, "what was due is done by its tick");
    }
    this.nowNs = end;
  }

  /** The application writes. */
  writes(bytes: Uint8Array, options: { readonly urgent?: boolean; readonly more?: boolean } = {}): number {
    const { taken, step } = send(this.connection, bytes, options, this.nowNs);
    this.perform(step);
    return taken;
  }

  /** The application reads all that there is. */
  reads(max = 10_000_000): Uint8Array {
    const { bytes, step } = receive(this.connection, max, {}, this.nowNs);
    const kept = bytes.slice();
    this.perform(step);
    return kept;
  }

  /** Why it ended. */
  get why(): string | undefined {
    return this.notices.find((notice) => notice.t === "closed")?.why;
  }
}

/** A segment as it comes out of a wire. */
function carried(segment: TcpSegment): TcpSegment {
  const ends = { source: THEM.address, destination: US.address };
  const parsed = parseTcp(buildTcp(segment, ends), ends);
  assert(parsed.ok, "the puppet's segments can be read");
  return parsed.packet;
}
