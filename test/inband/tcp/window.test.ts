import { describe, test } from "@jest/globals";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { CALLED, run } from "./script.ts";

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "a window of zero is probed with one byte, less and less often (RFC 9293 3.8.6.1)",
    {},
    `
    5 < . 1 ack 1 win 0
    5 write 3000
    205 > . 1+1
    205 < . 1 ack 1 win 0
    605 > . 1+1
    605 < . 1 ack 1 win 0
    1405 > . 1+1
    1406 < . 1 ack 1 win 65535
    1406 > . 1+1000
    1406 > . 1001+1000
    1406 > . 2001+1000
    `,
  ],
  [
    "the byte of a probe that found room counts",
    {},
    `
    5 < . 1 ack 1 win 0
    5 write 1001
    205 > . 1+1
    206 < . 1 ack 2 win 5000
    206 > . 2+1000
    207 < . 1 ack 1002 win 5000
    207 is ESTABLISHED
    `,
  ],
  [
    "a FIN before a window of zero is the probe",
    {},
    `
    5 < . 1 ack 1 win 0
    5 shutdown
    205 > F. 1
    206 < . 1 ack 2 win 0
    206 is FIN-WAIT-2
    `,
  ],
  [
    "a peer that answers with a window of zero is waited for for ever (MUST-37)",
    { retries2: 2 },
    `
    5 < . 1 ack 1 win 0
    5 write 10
    ${probes(5, 10)
      .map((atMs) => `${String(atMs)} > . 1+1\n${String(atMs)} < . 1 ack 1 win 0`)
      .join("\n")}
    `,
  ],
  [
    "a peer that does not answer probes is given up",
    { retries2: 2 },
    `
    5 < . 1 ack 1 win 0
    5 write 10
    205 > . 1+1
    605 > . 1+1
    1405 > . 1+1
    3004 is ESTABLISHED
    3005 closed timeout
    `,
  ],
  [
    "a window that shuts over what is outstanding: it is sent again, and the peer lives as long as it acknowledges",
    { retries2: 4 },
    `
    5 write 1000
    5 > . 1+1000
    6 < . 1 ack 1 win 0
    205 > . 1+1000
    205 < . 1 ack 1 win 0
    605 > . 1+1000
    605 < . 1 ack 1 win 0
    1405 > . 1+1000
    1405 < . 1 ack 1 win 0
    3005 > . 1+1000
    3005 < . 1 ack 1 win 0
    6205 > . 1+1000
    6205 < . 1 ack 1001 win 0
    6205 is ESTABLISHED
    `,
  ],
  [
    "a window that shrinks lets nothing new go beyond it",
    {},
    `
    5 write 2000
    5 > . 1+1000
    5 > . 1001+1000
    6 < . 1 ack 1001 win 500
    7 write 1000
    7 < . 1 ack 2001 win 500
    # Half of the greatest window is far more than 500 bytes, so that the override timer has to send them.
    207 > . 2001+500
    `,
  ],
  [
    "a small window is not filled with a small segment (RFC 9293 3.8.6.2.1), until half of the greatest is open",
    {},
    `
    5 < . 1 ack 1 win 900
    5 write 3000
    100 < . 1 ack 1 win 999
    150 < . 1 ack 1 win 1000
    150 > . 1+1000
    350 > . 1+1000
    `,
  ],
  [
    "our window closes as data comes, and opens by a segment or by half at once (3.8.6.2.2)",
    { rcvbuf: 3000 },
    `
    5 < . 1+1000 ack 1
    45 > . 1 ack 1001 win 2000
    50 < . 1001+1000 ack 1
    50 < . 2001+1000 ack 1
    50 > . 1 ack 3001 win 0
    60 read 3000
    60 > . 1 ack 3001 win 3000
    `,
  ],
  [
    "what is beyond our window is cut off, what is before it is not taken again",
    { rcvbuf: 3000 },
    `
    5 < . 1+1000 ack 1
    45 > . 1 ack 1001
    50 < . 1001+4000 ack 1
    50 > . 1 ack 3001 win 0
    50 read 3000
    50 > . 1 ack 3001 win 3000
    51 < . 2001+1500 ack 1
    51 > . 1 ack 3501 win 2500
    51 read 500
    `,
  ],
  [
    "what begins right behind the window is not believed, nor what it acknowledges",
    { rcvbuf: 3000 },
    `
    5 write 10
    5 > . 1+10
    6 < . 3001+10 ack 11
    6 > . 11 ack 1
    6 untold room
    7 < . 1+10 ack 11
    7 told room 10
    47 > . 11 ack 11
    `,
  ],
  [
    "a FIN behind the window is not believed",
    { rcvbuf: 1000 },
    `
    5 < F. 1+2000 ack 1
    5 > . 1 ack 1001 win 0
    6 read 1000
    6 > . 1 ack 1001 win 1000
    7 < F. 1001+200 ack 1
    7 > . 1 ack 1202
    7 is CLOSE-WAIT
    `,
  ],
  [
    "reading a little tells the peer nothing while it has more than half of the window",
    { rcvbuf: 4000 },
    `
    5 < . 1+1000 ack 1
    6 read 1000
    45 > . 1 ack 1001 win 4000
    46 < . 1001+1500 ack 1
    46 < . 2501+1000 ack 1
    46 > . 1 ack 3501 win 1500
    47 read 2500
    47 > . 1 ack 3501 win 4000
    `,
  ],
  [
    "text before a window of zero is answered with it",
    { rcvbuf: 1000 },
    `
    5 < . 1+1000 ack 1
    5 > . 1 ack 1001 win 0
    300 < . 1001+1 ack 1
    300 > . 1 ack 1001 win 0
    300 read 1000
    300 > . 1 ack 1001 win 1000
    `,
  ],
  [
    "a smaller SO_RCVBUF takes nothing back that was told (3.8.6)",
    { rcvbuf: 4000 },
    `
    5 set rcvbuf 1000
    6 < . 1+1000 ack 1
    6 > . 1 ack 1001 win 3000
    47 < . 1001+3000 ack 1
    47 > . 1 ack 4001 win 0
    48 read 4000
    48 > . 1 ack 4001 win 1000
    `,
  ],
  [
    "a window comes with each new acknowledgement, also on a segment that was sent again",
    {},
    `
    5 write 1000
    5 > . 1+1000
    6 < . 11 ack 1 win 65535
    7 < . 1+10 ack 1001 win 100
    8 write 1000
    8 read 10
    47 > . 1001 ack 11
    208 > . 1001+100
    `,
  ],
];

/** When a probe goes out that is answered each time: the wait doubles up to two minutes. */
function probes(fromMs: number, count: number): number[] {
  const times: number[] = [];
  let atMs = fromMs;
  for (let at = 0; at < count; at++) times.push((atMs += Math.min(120_000, 200 * 2 ** at)));
  return times;
}

describe("windows", () => {
  test.each(SCRIPTS)("%s", (_, settings, script) => {
    run(CALLED + script, settings);
  });

  test("a peer whose windows are all small gets half of the greatest at least", () => {
    run(`
      0 < S 0 win 100 mss 1000
      0 > S. 0 ack 1
      1 < . 1 ack 1 win 100
      5 write 2000
      5 > . 1+100
      6 < . 1 ack 101 win 100
      6 > . 101+100
      7 < . 1 ack 201 win 40
      8 < . 1 ack 201 win 50
      8 > . 201+50
    `);
  });

  test("both shift theirs (RFC 7323 2.2, 2.3)", () => {
    const connection = run(
      `
      0 < S 0 win 1000 mss 1000 ws 3
      0 > S. 0 ack 1 win 65535 ws 2
      1 < . 1 ack 1 win 1000
      1 write 9000
      1 > . 1+1000
      1 > . 1001+1000
      1 > . 2001+1000
      1 > . 3001+1000
      1 > . 4001+1000
      1 > . 5001+1000
      1 > . 6001+1000
      1 > . 7001+1000
      2 < . 1+1000 ack 8001 win 1000
      2 > . 8001+1000 ack 1001 win 49750
      `,
      { windowScaling: true, rcvbuf: 200_000 },
    );
    if (connection.state.t !== "ESTABLISHED") throw new Error("not established");
  });
});
