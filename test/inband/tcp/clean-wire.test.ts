import { describe, expect, test } from "@jest/globals";
import { INADDR_LOOPBACK } from "../../../services/abi/packet/ipv4-address.ts";
import { buildTcp, parseTcp, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import type { Connection } from "../../../services/inband/model/tcp/connection.ts";
import type { Notice, Step } from "../../../services/inband/model/tcp/notice.ts";
import { openActive, openPassive } from "../../../services/inband/model/tcp/open.ts";
import { onSegment } from "../../../services/inband/model/tcp/segment-arrives.ts";
import { LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { onTick, pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import * as user from "../../../services/inband/model/tcp/user-calls.ts";

const ENDS = { source: INADDR_LOOPBACK, destination: INADDR_LOOPBACK };
const DELAY_NS = 1_000_000;

/** Two connections and the wire between them, which loses nothing; segments cross it as bytes. */
class CleanWire {
  nowNs = 0;
  readonly client: Connection;
  server: Connection | undefined;
  readonly notices: { client: Notice[]; server: Notice[] } = { client: [], server: [] };
  #sent: { atNs: number; to: "client" | "server"; bytes: Uint8Array }[] = [];
  readonly #settings: TcpSettings;

  constructor(settings: TcpSettings = LINUX) {
    this.#settings = settings;
    const local = { address: INADDR_LOOPBACK, port: 40000 };
    const remote = { address: INADDR_LOOPBACK, port: 80 };
    const { connection, step } = openActive({ local, remote, iss: 0xffff_fff0, settings }, 0);
    this.client = connection;
    this.perform("client", step);
  }

  perform(who: "client" | "server", step: Step): void {
    this.notices[who].push(...step.notices);
    for (const segment of step.send) {
      const to = who === "client" ? "server" : "client";
      this.#sent.push({ atNs: this.nowNs + DELAY_NS, to, bytes: buildTcp(segment, ENDS) });
    }
  }

  /** Until nothing is on the wire, and no timer expires before `untilNs`. */
  run(untilNs: number): void {
    for (;;) {
      const wire = this.#sent[0]?.atNs ?? Infinity;
      const client = pollAtNs(this.client) ?? Infinity;
      const server = this.server === undefined ? Infinity : (pollAtNs(this.server) ?? Infinity);
      const next = Math.min(wire, client, server);
      if (next > untilNs) break;
      this.nowNs = Math.max(this.nowNs, next);
      if (next === wire) this.#arrive();
      else if (next === client) this.perform("client", onTick(this.client, this.nowNs));
      else if (this.server !== undefined) this.perform("server", onTick(this.server, this.nowNs));
    }
    this.nowNs = untilNs;
  }

  #arrive(): void {
    const one = this.#sent.shift();
    if (one === undefined) return;
    const parsed = parseTcp(one.bytes, ENDS);
    if (!parsed.ok) throw new Error(parsed.drop);
    const segment: TcpSegment = parsed.packet;
    if (one.to === "client") this.perform("client", onSegment(this.client, segment, this.nowNs));
    else if (this.server !== undefined) this.perform("server", onSegment(this.server, segment, this.nowNs));
    else {
      const { local, remote } = this.client;
      const opened = openPassive(
        { local: remote, remote: local, iss: 7, settings: this.#settings },
        segment,
        this.nowNs,
      );
      this.server = opened.connection;
      this.perform("server", opened.step);
    }
  }
}

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >>> 8)) & 0xff);

describe("two connections on a clean wire", () => {
  test("open, transfer both ways, and close", () => {
    const wire = new CleanWire();
    wire.run(10 * DELAY_NS);
    expect(wire.client.state.t).toBe("ESTABLISHED");
    expect(wire.server?.state.t).toBe("ESTABLISHED");
    const { server } = wire;
    if (server === undefined) throw new Error("nobody was called");

    const request = pattern(300_000);
    let written = 0;
    const received: Uint8Array[] = [];
    for (let turn = 0; turn < 200 && (written < request.length || user.readable(server) > 0); turn++) {
      const sent = user.send(wire.client, request.subarray(written, written + 20_000), {}, wire.nowNs);
      written += sent.taken;
      wire.perform("client", sent.step);
      wire.run(wire.nowNs + 5 * DELAY_NS);
      const got = user.receive(server, 1_000_000, {}, wire.nowNs);
      received.push(got.bytes);
      wire.perform("server", got.step);
    }
    expect(Buffer.concat(received).equals(request)).toBe(true);

    const answer = user.send(server, pattern(1000), {}, wire.nowNs);
    wire.perform("server", answer.step);
    wire.perform("client", user.shutdownWrite(wire.client, wire.nowNs));
    wire.run(wire.nowNs + 10 * DELAY_NS);
    expect(wire.client.state.t).toBe("FIN-WAIT-2");
    expect(server.state.t).toBe("CLOSE-WAIT");
    expect(user.receive(wire.client, 2000, {}, wire.nowNs).bytes).toEqual(pattern(1000));
    wire.perform("server", user.close(server, wire.nowNs));
    wire.run(wire.nowNs + 10 * DELAY_NS);
    expect(server.state.t).toBe("CLOSED");
    expect(wire.client.state.t).toBe("TIME-WAIT");
    wire.run(wire.nowNs + LINUX.timeWaitNs);
    expect(wire.client.state.t).toBe("CLOSED");
    expect(wire.notices.client.at(-1)).toEqual({ t: "closed", why: "finished", errno: undefined, from: "TIME-WAIT" });
    expect(pollAtNs(wire.client)).toBeUndefined();
    expect(pollAtNs(server)).toBeUndefined();
    expect(wire.client.counters.retransmits + server.counters.retransmits).toBe(0);
  });
});
