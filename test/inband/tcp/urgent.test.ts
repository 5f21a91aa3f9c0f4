import { describe, test } from "@jest/globals";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { CALLED, run } from "./script.ts";

const TIMES = { timestamps: true };
const STAMPED = `
  0 < S 0 win 65535 mss 1012 ts 1000:0
  0 > S. 0 ack 1 ts 0:1000
  0 < . 1 ack 1 ts 1000:0
`;

const URGENT: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "the pointer is behind the last byte of an urgent write (RFC 9293 3.8.5, RFC 6093)",
    {},
    `
    5 write 10 urgent
    5 > U. 1+10 urg 10
    6 < . 1 ack 11
    7 write 5
    7 > . 11+5
    `,
  ],
  [
    "what goes before the urgent byte announces it, also in pieces; what comes behind does not",
    {},
    `
    5 write 1500 more
    5 > . 1+1000
    6 write 1 urgent
    6 > U. 1001+501 urg 501
    7 write 10
    8 < . 1 ack 1502
    8 > . 1502+10
    `,
  ],
  [
    "urgent data before a shut window announces itself",
    {},
    `
    5 < . 1 ack 1 win 0
    6 write 3 urgent
    6 > U. 1 urg 3
    206 > U. 1+1 urg 3
    `,
  ],
  [
    "a pointer that does not reach is not set",
    { sndbuf: 200000 },
    `
    5 write 70000 urgent
    5 > . 1+1000
    5 > . 1001+1000
    5 > . 2001+1000
    5 > . 3001+1000
    5 > . 4001+1000
    5 > U. 5001+1000 urg 65000
    5 > U. 6001+1000 urg 64000
    5 > U. 7001+1000 urg 63000
    5 > U. 8001+1000 urg 62000
    5 > U. 9001+1000 urg 61000
    `,
  ],
  [
    "the peer's pointer is told, before its byte comes as with it; one that went by is not",
    {},
    `
    5 < U. 1 ack 1 urg 20
    5 told urgent 19
    6 < U. 1+10 ack 1 urg 20
    7 < U. 11+10 ack 1 urg 10
    7 told data 10 10
    8 < U. 21+5 ack 1 urg 3
    8 told urgent 22
    9 < U. 26 ack 1 urg 0
    9 untold urgent
    9 < U. 20 ack 1 urg 40
    9 > . 1 ack 26
    9 read 25
    `,
  ],
];

const STAMPS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "the timestamp echoed is that of the segment which the acknowledgement waited for (RFC 7323 4.3)",
    TIMES,
    `
    5 < . 1+10 ack 1 ts 1005:0
    6 < . 11+10 ack 1 ts 1006:0
    45 > . 1 ack 21 ts 45:1005
    46 < . 31+10 ack 1 ts 1046:0
    46 > . 1 ack 21 ts 46:1005
    47 < . 21+10 ack 1 ts 1047:0
    47 > . 1 ack 41 ts 47:1047
    `,
  ],
  [
    "PAWS: what is older than what came is dropped and answered (5.3 R1), a reset is not tested (R2)",
    TIMES,
    `
    5 < . 1+10 ack 1 ts 999:0
    5 > . 1 ack 1 ts 5:1000
    5 peek 0
    6 < R 1 ts 999:0
    6 closed reset
    `,
  ],
  [
    "without a timestamp a segment is not heard (3.2)",
    TIMES,
    `
    5 < . 1+10 ack 1
    500 peek 0
    `,
  ],
  [
    "after 24 days of silence any timestamp is new (5.5)",
    TIMES,
    `
    2073600001 < . 1+10 ack 1 ts 5:0
    2073600041 > . 1 ack 11 ts 2073600041:5
    `,
  ],
  [
    "a round trip is measured by the echo where segments went twice: the timer does not stay backed off",
    { ...TIMES, blackHoleTimeouts: undefined },
    `
    5 write 10
    5 > . 1+10 ack 1 ts 5:1000
    205 > . 1+10 ack 1 ts 205:1000
    605 > . 1+10 ack 1 ts 605:1000
    615 < . 1 ack 11 ts 1615:605
    616 write 10
    616 > . 11+10 ack 1 ts 616:1615
    # 200 ms and an eighth of the 10 ms that the echo told, not 800 ms
    817 > . 11+10 ack 1 ts 817:1615
    `,
  ],
];

describe("urgent data", () => {
  test.each(URGENT)("%s", (_, settings, script) => {
    run(CALLED + script, settings);
  });
});

describe("timestamps", () => {
  test.each(STAMPS)("%s", (_, settings, script) => {
    run(STAMPED + script, settings);
  });
});

describe("keep-alive (RFC 9293 3.8.4)", () => {
  const keepalive = { on: true, idleNs: 10e9, intervalNs: 1e9, count: 3 };

  test("asks after silence, in intervals, and gives up with a reset", () => {
    run(
      `${CALLED}
      10000 > . 0 ack 1
      11000 > . 0 ack 1
      12000 > . 0 ack 1
      13000 > R. 1 ack 1
      13000 closed keepalive`,
      { keepalive },
    );
  });

  test("is content with any answer, and asks later when something came", () => {
    run(
      `${CALLED}
      10000 > . 0 ack 1
      10500 < . 1 ack 1
      20500 > . 0 ack 1
      20500 < . 1 ack 1
      25000 < . 1+10 ack 1
      25040 > . 1 ack 11
      35000 > . 0 ack 11
      35000 < . 11 ack 1
      35000 is ESTABLISHED`,
      { keepalive },
    );
  });

  test("can be switched on and off while the connection lasts", () => {
    run(`${CALLED}
      5000 set keepalive {"on":true,"idleNs":10000000000,"intervalNs":1000000000,"count":3}
      10000 > . 0 ack 1
      10500 set keepalive {"on":false,"idleNs":10000000000,"intervalNs":1000000000,"count":3}
      99999 is ESTABLISHED`);
  });

  test("does not ask while data waits for an acknowledgement", () => {
    run(
      `${CALLED}
      9000 write 10
      9000 > . 1+10
      9200 > . 1+10
      9600 > . 1+10
      10400 > . 1+10
      10401 < . 1 ack 11
      20401 > . 10 ack 1`,
      { keepalive },
    );
  });
});
