import { describe, expect, test } from "@jest/globals";
import { INADDR_LOOPBACK } from "../../../services/abi/packet/ipv4-address.ts";
import type { TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { Step } from "../../../services/inband/model/tcp/notice.ts";
import { openActive, openPassive } from "../../../services/inband/model/tcp/open.ts";
import { onSegment } from "../../../services/inband/model/tcp/segment-arrives.ts";
import { ILLUMOS, LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { onTick, pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import { readable, receive, send, sendRoom } from "../../../services/inband/model/tcp/user-calls.ts";
import { MS, chance } from "./recovery-harness.ts";

const DELAY_NS = 5 * MS;
const CHUNK = new Uint8Array(65536);

interface Flying {
  readonly atNs: number;
  readonly segment: TcpSegment;
}

/** Where segments wait for each other, and are lost if they would have to wait too long. */
interface Bottleneck {
  readonly nsPerByte: number;
  readonly queueNs: number;
}

/** A transfer from a client to a server that reads at once, on a wire that loses segments with payload. */
class Transfer {
  nowNs = 0;
  readonly client: Connection;
  server: Connection | undefined;
  received = 0;
  lost = 0;
  data = 0;
  acks = 0;
  /** The most segments that left in a single step: bursts say that the clock of acknowledgements does not work. */
  burst = 0;
  readonly #bytes: number;
  #written = 0;
  readonly #settings: TcpSettings;
  readonly #loses: (segment: TcpSegment, nth: number) => boolean;
  readonly #losesAck: () => boolean;
  readonly #bottleneck: Bottleneck;
  /** When the bottleneck has sent all that it holds. */
  #freeAtNs = 0;
  /** In the order of arrival, since all take equally long. */
  readonly #toServer: Flying[] = [];
  readonly #toClient: Flying[] = [];
  #serverAt = 0;
  #clientAt = 0;

  constructor(
    bytes: number,
    settings: TcpSettings,
    loses: (segment: TcpSegment, nth: number) => boolean,
    losesAck = () => false,
    bottleneck: Bottleneck = { nsPerByte: 0, queueNs: Infinity },
  ) {
    this.#bottleneck = bottleneck;
    this.#bytes = bytes;
    this.#settings = settings;
    this.#loses = loses;
    this.#losesAck = losesAck;
    const local = { address: INADDR_LOOPBACK, port: 40000 };
    const remote = { address: INADDR_LOOPBACK, port: 80 };
    const { connection, step } = openActive({ local, remote, iss: 0xffff_0000, settings }, 0);
    this.client = connection;
    this.#fromClient(step);
    while (this.received < bytes && this.nowNs < 1e12) this.#next();
  }

  #next(): void {
    const toServer = this.#toServer[this.#serverAt];
    const toClient = this.#toClient[this.#clientAt];
    const client = pollAtNs(this.client) ?? Infinity;
    const server = this.server === undefined ? Infinity : (pollAtNs(this.server) ?? Infinity);
    this.nowNs = Math.max(this.nowNs, Math.min(toServer?.atNs ?? Infinity, toClient?.atNs ?? Infinity, client, server));
    if (toServer !== undefined && toServer.atNs <= this.nowNs) {
      this.#serverAt++;
      this.#atServer(toServer.segment);
    } else if (toClient !== undefined && toClient.atNs <= this.nowNs) {
      this.#clientAt++;
      this.#fromClient(onSegment(this.client, toClient.segment, this.nowNs));
      this.#write();
    } else if (client <= this.nowNs) this.#fromClient(onTick(this.client, this.nowNs));
    else if (this.server !== undefined) this.#fromServer(onTick(this.server, this.nowNs));
  }

  #atServer(segment: TcpSegment): void {
    if (this.server === undefined) {
      const { local, remote } = this.client;
      const opened = openPassive(
        { local: remote, remote: local, iss: 7, settings: this.#settings },
        segment,
        this.nowNs,
      );
      this.server = opened.connection;
      this.#fromServer(opened.step);
      return;
    }
    this.#fromServer(onSegment(this.server, segment, this.nowNs));
    if (readable(this.server) === 0) return;
    const { bytes, step } = receive(this.server, 1 << 20, {}, this.nowNs);
    this.received += bytes.length;
    this.#fromServer(step);
  }

  #write(): void {
    while (this.#written < this.#bytes && this.client.state.t === "ESTABLISHED" && sendRoom(this.client) > 0) {
      const bytes = CHUNK.subarray(0, Math.min(CHUNK.length, this.#bytes - this.#written));
      const { taken, step } = send(this.client, bytes, {}, this.nowNs);
      this.#written += taken;
      this.#fromClient(step);
    }
  }

  #fromClient(step: Step): void {
    this.burst = Math.max(this.burst, step.send.length);
    for (const segment of step.send) {
      const startNs = Math.max(this.nowNs, this.#freeAtNs);
      const full = startNs - this.nowNs > this.#bottleneck.queueNs;
      if (segment.payload.length > 0 && (this.#loses(segment, this.data++) || full)) {
        this.lost++;
        continue;
      }
      this.#freeAtNs = startNs + segment.payload.length * this.#bottleneck.nsPerByte;
      const atNs = this.#freeAtNs + DELAY_NS;
      this.#toServer.push({ atNs, segment: { ...segment, payload: segment.payload.slice() } });
    }
  }

  #fromServer(step: Step): void {
    this.acks += step.send.length;
    for (const segment of step.send)
      if (!this.#losesAck()) this.#toClient.push({ atNs: this.nowNs + DELAY_NS, segment });
  }
}

const SECOND = 1e9;
const SETTINGS = [
  ["cubic", { ...LINUX, congestion: "cubic" }],
  ["reno", { ...LINUX, congestion: "reno" }],
] as const;

describe("a transfer over a wire with a round trip of 10 ms", () => {
  test.each(SETTINGS)(
    "%s: without loss nothing is sent twice, and acknowledgements are the clock",
    (_name, settings) => {
      const { client, server, data, acks, burst, nowNs } = new Transfer(20e6, settings, () => false);
      expect([client.counters.retransmits, client.counters.timeouts, server?.counters.duplicatesIn]).toEqual([0, 0, 0]);
      expect(data).toBe(Math.ceil(20e6 / 1448));
      // Every second segment is acknowledged, the first ones each.
      expect(acks).toBeLessThan(data / 2 + 50);
      // An acknowledgement of two segments in slow start lets four go; the first window goes at once.
      expect(burst).toBeLessThanOrEqual(10);
      // Slow start from ten segments takes eight round trips to 3 MB; all goes in a dozen more.
      expect(nowNs).toBeLessThan(0.25 * SECOND);
    },
  );

  // Mathis et al. (1997), for acknowledgements of every second segment: MSS / RTT * sqrt(3/4 / p).
  test.each(SETTINGS.flatMap(([name, settings]) => [0.01, 0.05].map((p) => [name, p, settings] as const)))(
    "%s at a loss of %d: as fast as the formula allows, no timeout, hardly anything twice",
    (_name, p, settings) => {
      const draw = chance(11);
      const bytes = 6e6;
      const { client, server, lost, nowNs, received } = new Transfer(bytes, settings, () => draw() < p);
      const formula = (1448 / 0.01) * Math.sqrt(0.75 / p);
      expect(received).toBe(bytes);
      expect(bytes / (nowNs / SECOND) / formula).toBeGreaterThan(0.8);
      expect(client.counters.timeouts).toBeLessThanOrEqual(1);
      expect(client.counters.retransmits - lost).toBeLessThanOrEqual(0.03 * lost);
      expect(server?.counters.duplicatesIn ?? 0).toBeLessThanOrEqual(0.03 * lost);
    },
  );

  test("without SACK each loss still costs one retransmission; timeouts come where a window is too small to tell", () => {
    const draw = chance(12);
    const { client, lost, received } = new Transfer(4e6, { ...LINUX, sack: false }, () => draw() < 0.01);
    expect(received).toBe(4e6);
    expect(client.counters.retransmits).toBeLessThanOrEqual(lost + 2);
    expect(client.counters.timeouts).toBeLessThanOrEqual(3);
  });

  test("half of a window is lost at once: recovery fills the holes in few round trips, without a timeout", () => {
    const { client, lost, received, nowNs } = new Transfer(
      2e6,
      LINUX,
      (_, nth) => nth >= 300 && nth < 420 && nth % 2 === 0,
    );
    expect([lost, received]).toEqual([60, 2e6]);
    expect([client.counters.retransmits, client.counters.timeouts]).toEqual([60, 0]);
    expect(nowNs).toBeLessThan(0.5 * SECOND);
  });

  test("slow start fills a deep queue until it overflows: what was lost is sent again once, though the round trip has become long", () => {
    const bottleneck = { nsPerByte: 800, queueNs: 250 * MS };
    const settings = { ...LINUX, timestamps: false };
    const { client, lost, nowNs } = new Transfer(1e6, settings, () => false, () => false, bottleneck); // prettier-ignore
    const { retransmits, tailProbes, timeouts } = client.counters;
    expect(lost).toBeGreaterThan(100);
    expect([retransmits - lost, tailProbes, timeouts]).toEqual([0, 0, 0]);
    // The bottleneck was never idle for long.
    expect(nowNs).toBeLessThan(0.9 * SECOND);
  });

  test.each([true, false])(
    "half of the acknowledgements are lost, too (timestamps: %s): a timeout is not taken for a part of the round trip",
    (timestamps) => {
      const draw = chance(5);
      const loses = (): boolean => draw() < 0.05;
      const losesAck = (): boolean => draw() < 0.5;
      const { client, received } = new Transfer(300_000, { ...LINUX, timestamps }, loses, losesAck);
      expect(received).toBe(300_000);
      expect(client.rtt.srttNs).toBeLessThan(SECOND);
    },
  );

  test("the last segments are lost: a probe finds it before the timeout, and illumos, which sends none, waits for it", () => {
    const lastLost = (settings: TcpSettings): Transfer =>
      new Transfer(200_000, settings, (_, nth) => nth >= 137 && nth < 139);
    const linux = lastLost(LINUX);
    expect([linux.client.counters.timeouts, linux.client.counters.tailProbes]).toEqual([0, 1]);
    expect(linux.nowNs).toBeLessThan(0.2 * SECOND);
    const illumos = lastLost(ILLUMOS);
    expect([illumos.client.counters.timeouts, illumos.client.counters.tailProbes]).toEqual([1, 0]);
    expect(illumos.received).toBe(200_000);
  });
});
