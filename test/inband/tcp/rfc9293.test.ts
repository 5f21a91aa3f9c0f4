import { describe, expect, test } from "@jest/globals";
import { INADDR_LOOPBACK } from "../../../services/abi/packet/ipv4-address.ts";
import { IPPROTO } from "../../../services/abi/packet/ipv4.ts";
import { pseudoHeaderSum } from "../../../services/abi/packet/checksum.ts";
import { buildTcp, parseTcp, TCP_FLAG, type TcpSegment } from "../../../services/abi/packet/tcp.ts";
import { ILLUMOS, LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { sipKeyOf } from "../../../services/inband/model/tcp/siphash.ts";
import { timestampOffset } from "../../../services/inband/model/tcp/timestamp-offset.ts";
import { Puppet } from "./puppet.ts";
import { CALLED, run } from "./script.ts";

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "TCP_USER_TIMEOUT ends a connection whose data is not acknowledged for so long",
    { userTimeoutNs: 1e9 },
    `
    5 write 10
    5 > . 1+10
    205 > . 1+10
    605 > . 1+10
    1005 closed timeout
    `,
  ],
  [
    "TCP_USER_TIMEOUT takes the place of the retries, and may be longer",
    { userTimeoutNs: 5e9, retries2: 2 },
    `
    5 write 10
    5 > . 1+10
    205 > . 1+10
    605 > . 1+10
    1405 > . 1+10
    3005 > . 1+10
    5005 closed timeout
    `,
  ],
  [
    "nobody waits for the peer's FIN with TCP_LINGER2 below zero: the peer is told",
    { finWait2Ns: 0 },
    `
    5 close
    5 > F. 1 ack 1
    6 < . 1 ack 2
    6 > R 2
    6 closed finished
    `,
  ],
  [
    "with TCP_USER_TIMEOUT keep-alive gives up when that is over, however many probes went",
    { keepalive: { on: true, idleNs: 1e9, intervalNs: 1e9, count: 9, silenceNs: 2.5e9 } },
    `
    1000 > . 0
    2000 > . 0
    3000 > R. 1
    3000 closed keepalive
    `,
  ],
  [
    "what waited in small pieces goes in full segments",
    {},
    `
    5 < . 1 ack 1 win 0
    5 write 600
    5 write 600
    5 write 900
    6 < . 1 ack 1 win 65535
    6 > . 1+1000
    6 > . 1001+1000
    6 > . 2001+100
    `,
  ],
  [
    "a reset with text in it is a reset",
    {},
    `
    5 < R. 1+20 ack 1
    5 closed reset
    `,
  ],
  [
    "an option may come in any segment",
    {},
    `
    5 < . 1+10 ack 1 mss 500 ws 3 sackok ts 7:7
    45 > . 1 ack 11
    45 write 1000
    45 > . 1+1000
    46 < F. 11 ack 1001 mss 500
    46 > . 1001 ack 12
    46 is CLOSE-WAIT
    `,
  ],
  [
    "in a window of zero text is not taken, but what it acknowledges is, and its urgent pointer",
    { rcvbuf: 2000 },
    `
    5 < . 1+1000 ack 1
    5 > . 1 ack 1001
    6 < . 1001+1000 ack 1
    6 > . 1 ack 2001 win 0
    7 write 500
    7 > . 1+500 ack 2001 win 0
    8 < U. 2001+10 ack 501 urg 10
    8 > . 501 ack 2001 win 0
    8 told room 500
    9 < U. 2001+20 ack 501 urg 20
    9 > . 501 ack 2001 win 0
    9 told urgent 2019
    10 < . 2001+1 ack 502
    10 > . 501 ack 2001 win 0
    11 read 2000
    11 > . 501 ack 2001
    `,
  ],
];

const ENDS = { source: INADDR_LOOPBACK, destination: INADDR_LOOPBACK };
const HEADER = 20;

const SEGMENT: TcpSegment = {
  sourcePort: 1,
  destinationPort: 2,
  seq: 3,
  ack: 4,
  flags: TCP_FLAG.ACK,
  window: 5,
  urgent: 0,
  payload: Uint8Array.of(6, 7, 8),
};

/** A segment without text, with options as they are given, byte for byte, and a sum that is right. */
function withOptions(options: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from([...buildTcp({ ...SEGMENT, payload: new Uint8Array(0) }, ENDS), ...options]);
  bytes[12] = (bytes.length / 4) << 4;
  bytes[16] = bytes[17] = 0;
  let sum = pseudoHeaderSum(ENDS.source, ENDS.destination, IPPROTO.IPPROTO_TCP, bytes.length);
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes[16] = (~sum >>> 8) & 0xff;
  bytes[17] = ~sum & 0xff;
  return bytes;
}

const read = (options: readonly number[]): TcpSegment => {
  const parsed = parseTcp(withOptions(options), ENDS);
  if (!parsed.ok) throw new Error(parsed.drop);
  return parsed.packet;
};

describe("what RFC 9293 asks for", () => {
  test.each(SCRIPTS)("%s", (_story, settings, script) => {
    run(`${CALLED}\n${script}`, settings);
  });

  test("TCP_USER_TIMEOUT ends an attempt to connect, too", () => {
    const script = `
      0 connect
      0 > S 0
      1000 > S 0
      2500 closed timeout
    `;
    run(script, { userTimeoutNs: 2.5e9 });
    // Not before it would go once more.
    run("0 connect\n0 > S 0\n1000 closed timeout", { userTimeoutNs: 1 });
  });

  test("a window of 65,535 shifted by 14 is a gigabyte, and nothing negative", () => {
    const connection = run(
      `
      0 < S 0 win 65535 mss 1000 ws 14
      0 > S. 0 ack 1 ws 6
      0 < . 1 ack 1 win 65535
      5 write 1000
      5 > . 1+1000
      6 < . 1 ack 1001 win 65535
      `,
      { windowScaling: true },
    );
    if (connection.state.t !== "ESTABLISHED") throw new Error(connection.state.t);
    expect(connection.state.snd.wnd).toBe(65_535 * 2 ** 14);
    expect(connection.state.snd.maxWnd).toBe(65_535 * 2 ** 14);
  });

  test("a shift above 14 is taken for 14 (RFC 7323 2.3)", () => {
    const script = `
      0 < S 0 win 65535 mss 1000 ws 15
      0 > S. 0 ack 1 ws 6
      0 < . 1 ack 1 win 3
    `;
    const { state } = run(script, { windowScaling: true });
    expect(state).toMatchObject({ snd: { scale: 14, wnd: 3 * 2 ** 14 } });
  });

  test("the clock of timestamps tells nobody how long the host runs, nor of other peers (RFC 7323 7.1)", () => {
    const key = sipKeyOf("a secret");
    const here = { address: INADDR_LOOPBACK, port: 1 };
    const to = (address: number, port: number): number =>
      timestampOffset(key, here, { address: address as typeof INADDR_LOOPBACK, port });
    const offsets = Array.from({ length: 100 }, (_, at) => to(0x0a000001 + at, 80));
    expect(new Set(offsets).size).toBe(100);
    // The same for all connections of two hosts, so that a later one is told from an earlier one.
    expect(to(0x0a000001, 81)).toBe(offsets[0]);
    expect(timestampOffset(sipKeyOf("another"), here, { address: INADDR_LOOPBACK, port: 1 })).not.toBe(
      timestampOffset(key, here, { address: INADDR_LOOPBACK, port: 1 }),
    );
  });

  test("keep-alive is off at first, and its interval two hours", () => {
    for (const { keepalive } of [LINUX, ILLUMOS]) {
      expect(keepalive.on).toBe(false);
      expect(keepalive.idleNs).toBeGreaterThanOrEqual(2 * 3600 * 1e9);
    }
  });

  test("PUSH is on the segment that ends what was written, and on no other", () => {
    const puppet = Puppet.established({ mss: 1000 }, { mss: 1000, timestamps: false });
    puppet.writes(new Uint8Array(2500));
    const pushed = puppet.sent.map(({ payload, flags }) => [payload.length, (flags & TCP_FLAG.PSH) !== 0]);
    expect(pushed.at(-1)?.[1]).toBe(true);
    expect(pushed.filter(([, push]) => push === true)).toHaveLength(1);
  });

  test("MSS is told in SYNs, and in nothing else", () => {
    const puppet = Puppet.calls({ mss: 1000 }, { mss: 1000 });
    puppet.says({});
    puppet.writes(new Uint8Array(2500));
    puppet.honestly(Uint8Array.of(1), TCP_FLAG.ACK | TCP_FLAG.FIN);
    for (const { flags, mss } of puppet.sent) expect(mss !== undefined).toBe((flags & TCP_FLAG.SYN) !== 0);
    expect(puppet.sent.some(({ mss }) => mss === 1000)).toBe(true);
  });
});

describe("options, byte by byte (RFC 9293 3.1, 3.2)", () => {
  test("options are read wherever they stand, and those that nobody knows are passed over", () => {
    expect(read([1, 2, 4, 5, 220, 1, 3, 3, 7, 0, 0, 0])).toMatchObject({ mss: 1500, windowScale: 7 });
    expect(read([254, 4, 9, 9, 30, 3, 1, 2, 4, 1, 244, 0])).toMatchObject({ mss: 500 });
    expect(read([1, 1, 1, 2, 4, 2, 0, 0])).toMatchObject({ mss: 512, payload: new Uint8Array(0) });
    expect(read([0, 2, 4, 2])).toMatchObject({ mss: undefined });
    expect(read([2, 4, 1, 0, 2, 4, 2, 0])).toMatchObject({ mss: 512 });
  });

  test("an option with an illegal length ends the list, and the segment counts all the same", () => {
    expect(read([8, 0, 2, 4, 2, 0, 0, 0])).toMatchObject({ mss: undefined, seq: 3 });
    expect(read([8, 1, 2, 4, 2, 0, 0, 0])).toMatchObject({ mss: undefined, seq: 3 });
    expect(read([2, 4, 2, 0, 8, 10, 0, 0])).toMatchObject({ mss: 512, timestamp: undefined, seq: 3 });
    expect(read([2, 3, 2, 1, 3, 3, 9, 0])).toMatchObject({ mss: undefined, windowScale: 9 });
    expect(read([1, 1, 1, 2])).toMatchObject({ mss: undefined, seq: 3 });
  });

  test("our options have lengths, begin at words, and are padded", () => {
    const syn = { ...SEGMENT, flags: TCP_FLAG.SYN, mss: 1460, windowScale: 7, sackPermitted: true as const };
    const segments: readonly TcpSegment[] = [
      syn,
      { ...syn, timestamp: { value: 1, echo: 0 } },
      {
        ...SEGMENT,
        timestamp: { value: 1, echo: 2 },
        sack: [
          [1, 2],
          [5, 6],
          [8, 9],
        ],
      },
      { ...SEGMENT, sack: [[1, 2]] },
    ];
    for (const segment of segments) {
      const bytes = buildTcp(segment, ENDS);
      const end = ((bytes[12] ?? 0) >>> 4) * 4;
      let at = HEADER;
      // No end of the list is written: what is no option is a no-operation, and nothing is left behind the last one.
      while (at < end) at += bytes[at] === 1 ? 1 : (bytes[at + 1] ?? 0);
      expect(at).toBe(end);
      expect(bytes.length - end).toBe(SEGMENT.payload.length);
      const parsed = parseTcp(bytes, ENDS);
      expect(parsed).toMatchObject({ ok: true, packet: { timestamp: segment.timestamp, mss: segment.mss } });
    }
  });

  test("a flipped bit anywhere is found by the sum", () => {
    const bytes = buildTcp(SEGMENT, ENDS);
    expect(parseTcp(bytes, ENDS).ok).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(parseTcp(flipped, ENDS).ok).toBe(false);
    }
    // The addresses are summed, too.
    expect(parseTcp(bytes, { ...ENDS, source: (INADDR_LOOPBACK + 1) as typeof INADDR_LOOPBACK }).ok).toBe(false);
  });
});
