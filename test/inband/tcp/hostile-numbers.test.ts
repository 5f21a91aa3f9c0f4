import { describe, expect, test } from "@jest/globals";
import { TCP_FLAG } from "../../../services/abi/packet/tcp.ts";
import { resetFor } from "../../../services/inband/model/tcp/reset.ts";
import { seqAdd } from "../../../services/inband/model/tcp/seq.ts";
import { close, readable, sendRoom, shutdownWrite } from "../../../services/inband/model/tcp/user-calls.ts";
import { draws } from "../fuzz-frames.ts";
import { Puppet } from "./puppet.ts";

const { SYN, ACK, FIN, RST, PSH } = TCP_FLAG;
const SECOND = 1_000_000_000;
const HELLO = new TextEncoder().encode("hello");
const MARKED = { timestamp: { value: 1000, echo: 0 } } as const;

/** Whether these answers are nothing but one acknowledgment of what is known already: a challenge (RFC 5961 3). */
const isChallenge = (puppet: Puppet, answers: ReturnType<Puppet["says"]>): boolean =>
  answers.length === 1 && answers[0]?.flags === ACK && answers[0].ack === puppet.seq && answers[0].seq === puppet.ack;

describe("who does not see the connection", () => {
  test("resets it with the exact number only; a number in the window is challenged, others are not heard", () => {
    for (const ahead of [1, 2, 1000, 60_000]) {
      const puppet = Puppet.established();
      const answers = puppet.says({ flags: RST, seq: seqAdd(puppet.seq, ahead) });
      expect(isChallenge(puppet, answers)).toBe(true);
      puppet.is("ESTABLISHED");
    }
    for (const away of [-1, -1000, -(2 ** 30), 2 ** 30]) {
      const puppet = Puppet.established({}, { rcvbuf: 65_535 });
      expect(puppet.says({ flags: RST, seq: seqAdd(puppet.seq, away) })).toEqual([]);
      puppet.is("ESTABLISHED");
    }
    const puppet = Puppet.established();
    expect(puppet.says({ flags: RST })).toEqual([]);
    puppet.is("CLOSED");
    expect(puppet.why).toBe("reset");
  });

  test("guesses a million numbers and hits none, since none is exact", () => {
    const draw = draws(5961);
    const puppet = Puppet.established({}, { rcvbuf: 65_535 });
    let answers = 0;
    for (let guess = 0; guess < 20_000; guess++) {
      const seq = (draw(0x10000) * 0x10000 + draw(0x10000)) >>> 0;
      if (seq === puppet.seq) continue;
      answers += puppet.says({ flags: RST, seq }).length;
      puppet.says({ flags: RST | ACK, seq, ack: draw(2 ** 31) });
    }
    puppet.is("ESTABLISHED");
    expect(answers).toBeLessThan(10);
  });

  test.each([0, 1, -1, 5000, -5000, 2 ** 31])("gets a challenge for a SYN %d from the number that is due", (away) => {
    const puppet = Puppet.established();
    expect(isChallenge(puppet, puppet.says({ flags: SYN, ack: 0, seq: seqAdd(puppet.seq, away) }))).toBe(true);
    puppet.is("ESTABLISHED");
    expect(puppet.honestly(HELLO).length).toBeLessThan(2);
    expect(readable(puppet.connection)).toBe(5);
  });

  test("gets no more challenges than their limit, however many SYNs it sends", () => {
    const puppet = Puppet.established();
    let answers = 0;
    for (let second = 0; second < 10; second++) {
      for (let count = 0; count < 1000; count++) {
        answers += puppet.says({ flags: SYN, ack: 0 }).length;
        answers += puppet.says({ flags: RST, seq: seqAdd(puppet.seq, 7) }).length;
      }
      puppet.pass(SECOND);
    }
    puppet.is("ESTABLISHED");
    expect(answers).toBeGreaterThan(0);
    expect(answers).toBeLessThan(10 * 110);
    expect(puppet.connection.counters.challengeAcksHeld).toBeGreaterThan(10_000);
  });

  test("injects no data whose acknowledgment is not of this connection (RFC 5961 5.2)", () => {
    const puppet = Puppet.established();
    puppet.writes(new Uint8Array(3000));
    puppet.take();
    for (const ack of [seqAdd(puppet.ack, 1), seqAdd(puppet.ack, 2 ** 30), seqAdd(puppet.ack, -(2 ** 30))]) {
      puppet.says({ payload: HELLO, ack });
      expect(readable(puppet.connection)).toBe(0);
    }
    // What is behind the window is no data either, nor what is before it.
    puppet.says({ payload: HELLO, seq: seqAdd(puppet.seq, -5) });
    puppet.says({ payload: HELLO, seq: seqAdd(puppet.seq, 2 ** 30) });
    puppet.says({ payload: HELLO, flags: 0 });
    puppet.says({ payload: HELLO, flags: PSH });
    expect(readable(puppet.connection)).toBe(0);
    puppet.says({ payload: HELLO });
    expect(readable(puppet.connection)).toBe(5);
  });

  test("ends the stream by no FIN outside the window", () => {
    const puppet = Puppet.established({}, { rcvbuf: 65_535 });
    for (const away of [-1, -2, 2 ** 30, -(2 ** 30)]) {
      puppet.says({ flags: FIN | ACK, seq: seqAdd(puppet.seq, away) });
      puppet.is("ESTABLISHED");
    }
    // Inside of it, but before what is missing: believed once that has come.
    puppet.says({ flags: FIN | ACK, seq: seqAdd(puppet.seq, 5) });
    puppet.is("ESTABLISHED");
    puppet.honestly(HELLO);
    puppet.is("CLOSE-WAIT");
    expect(puppet.notices.map(({ t }) => t).filter((t) => t === "data" || t === "fin")).toEqual(["data", "fin"]);
  });
});

describe("who acknowledges what was never sent", () => {
  test("frees no buffer, opens no window, and is told what was sent", () => {
    const puppet = Puppet.established({}, { sndbuf: 50_000 });
    puppet.window = 3000;
    puppet.says({});
    puppet.writes(new Uint8Array(50_000));
    const out = puppet.take().reduce((sum, { payload }) => sum + payload.length, 0);
    expect(out).toBeLessThanOrEqual(3000);
    const before = sendRoom(puppet.connection);
    const answers = puppet.says({ ack: seqAdd(puppet.ack, 1), window: 65_535 });
    expect(answers.every(({ payload, flags }) => payload.length === 0 && flags === ACK)).toBe(true);
    expect(answers.length).toBeLessThan(2);
    expect(sendRoom(puppet.connection)).toBe(before);
    expect(puppet.take().every(({ payload }) => payload.length === 0)).toBe(true);
  });

  test("gets a reset while the connection is being made", () => {
    const passive = Puppet.calls();
    passive.take();
    const answers = passive.says({ ack: seqAdd(passive.ack, 1) });
    expect(answers).toEqual([expect.objectContaining({ flags: RST, seq: seqAdd(passive.ack, 1) })]);
    passive.is("SYN-RECEIVED").says({});
    passive.is("ESTABLISHED");

    const active = Puppet.called();
    active.take();
    for (const away of [1, -1, 2 ** 30]) {
      const ack = seqAdd(active.ack, away);
      expect(active.says({ flags: SYN | ACK, ack })).toEqual([expect.objectContaining({ flags: RST, seq: ack })]);
      expect(active.says({ flags: RST | ACK, ack })).toEqual([]);
      active.is("SYN-SENT");
    }
    expect(active.says({ flags: RST, ack: 0 })).toEqual([]);
    active.is("SYN-SENT").says({ flags: SYN | ACK });
    active.is("ESTABLISHED");
  });
});

describe("a connection in TIME-WAIT", () => {
  const timeWait = (): Puppet => {
    const puppet = Puppet.established();
    puppet.perform(shutdownWrite(puppet.connection, puppet.nowNs));
    puppet.says({});
    puppet.honestly(new Uint8Array(0), FIN | ACK);
    puppet.is("TIME-WAIT").take();
    return puppet;
  };

  test("is not assassinated by a reset (RFC 1337), old data or acknowledgments", () => {
    const puppet = timeWait();
    puppet.says({ flags: RST });
    puppet.says({ flags: RST | ACK });
    puppet.is("TIME-WAIT");
    puppet.says({ payload: HELLO, seq: seqAdd(puppet.seq, -6) });
    puppet.says({ ack: seqAdd(puppet.ack, 5) });
    puppet.is("TIME-WAIT");
    puppet.pass(SECOND);
    // The peer's FIN again: the last acknowledgment was lost, and is sent again (RFC 9293 3.10.7.4, eighth).
    const answers = puppet.says({ flags: FIN | ACK, seq: seqAdd(puppet.seq, -1) });
    expect(answers).toEqual([expect.objectContaining({ flags: ACK, ack: puppet.seq })]);
    puppet.pass(300 * SECOND);
    puppet.is("CLOSED");
    expect(puppet.why).toBe("finished");
  });

  test("ends in time though the peer sends its FIN for ever", () => {
    const puppet = timeWait();
    for (let count = 0; count < 100 && puppet.state !== "CLOSED"; count++) {
      puppet.says({ flags: RST, seq: seqAdd(puppet.seq, count) });
      puppet.pass(SECOND);
    }
    puppet.is("CLOSED");
  });
});

test("storms of FINs and resets in every state end nothing that they do not belong to, and nothing is stuck", () => {
  const draw = draws(1337);
  for (let run = 0; run < 300; run++) {
    const puppet = draw(2) === 0 ? Puppet.established(MARKED) : Puppet.called();
    if (puppet.state === "SYN-SENT" && draw(2) === 0) puppet.says({ flags: SYN | ACK });
    for (let count = 0; count < 60; count++) {
      const flags = draw(256);
      puppet.says({ flags, seq: seqAdd(puppet.seq, draw(5) - 2), ack: seqAdd(puppet.ack, draw(5) - 2) });
      if (draw(8) === 0 && puppet.state !== "CLOSED") puppet.writes(HELLO);
      if (draw(20) === 0 && puppet.state !== "CLOSED") puppet.perform(shutdownWrite(puppet.connection, puppet.nowNs));
      if (draw(4) === 0) puppet.pass(draw(1000) * 1_000_000);
    }
    if (puppet.state !== "CLOSED") puppet.perform(close(puppet.connection, puppet.nowNs));
    puppet.pass(4 * 3600 * SECOND);
    puppet.is("CLOSED");
  }
});

test("a reset is never answered with a reset, and all else that belongs to nothing is", () => {
  const puppet = Puppet.established();
  for (let flags = 0; flags < 256; flags++) {
    const segment = { ...puppet.says({ flags: ACK, payload: HELLO })[0], flags };
    const answer = resetFor({
      sourcePort: 1,
      destinationPort: 2,
      seq: 2 ** 32 - 3,
      ack: 77,
      window: 0,
      urgent: 0,
      payload: HELLO,
      ...segment,
    });
    if (flags & RST) expect(answer).toBeUndefined();
    else expect(answer?.flags).toBe(flags & ACK ? RST : RST | ACK);
  }
});
