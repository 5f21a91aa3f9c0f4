import { describe, expect, test } from "@jest/globals";
import { ILLUMOS, LINUX, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { CALLED, run } from "./script.ts";

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "the timer doubles with each retransmission (RFC 6298 5.5), and one acknowledgement ends that",
    { blackHoleTimeouts: undefined },
    `
    5 write 500
    5 > . 1+500
    205 > . 1+500
    205 told retransmit 4294967041 500 timeout
    605 > . 1+500
    1405 > . 1+500
    1406 < . 1 ack 501
    1406 told room 500
    1407 write 10
    1407 > . 501+10
    3007 > . 501+10
    3008 < . 1 ack 511
    `,
  ],
  [
    "three duplicates: the segment is sent again at once (RFC 5681 3.2, RFC 6582)",
    { congestion: "reno" },
    `
    5 write 6000
    5 > . 1+1000
    5 > . 1001+1000
    5 > . 2001+1000
    5 > . 3001+1000
    5 > . 4001+1000
    5 > . 5001+1000
    6 < . 1 ack 1
    6 < . 1 ack 1
    6 < . 1 ack 1
    6 > . 1+1000
    6 told retransmit 4294967041 1000 recovery
    7 < . 1 ack 6001
    7 told room 6000
    `,
  ],
  [
    "with SACK only what is missing is sent again (RFC 6675)",
    { sack: true },
    `
    5 write 6000
    5 > . 1+1000
    5 > . 1001+1000
    5 > . 2001+1000
    5 > . 3001+1000
    5 > . 4001+1000
    5 > . 5001+1000
    6 < . 1 ack 1001 sack 2001-3001
    6 < . 1 ack 1001 sack 2001-4001
    6 < . 1 ack 1001 sack 2001-5001
    6 > . 1001+1000
    7 < . 1 ack 6001
    `,
  ],
  [
    "a path-MTU error: what is outstanding goes again, in smaller segments, and the window stays (RFC 1191 6)",
    {},
    `
    5 write 2000
    5 > . 1+1000
    5 > . 1001+1000
    6 mss 600
    6 > . 1+600
    6 > . 601+600
    6 > . 1201+600
    6 > . 1801+200
    6 told retransmit 4294967041 600 mtu
    7 < . 1 ack 2001
    8 write 700
    8 > . 2001+600
    8 > . 2601+100
    `,
  ],
  [
    "no path makes segments smaller than 48 bytes, and none larger than the peer takes",
    {},
    `
    5 mss 1
    5 write 100
    5 > . 1+48
    5 > . 49+48
    5 > . 97+4
    6 < . 1 ack 101
    7 mss 9000
    7 write 1500
    7 > . 101+1000
    7 > . 1101+500
    `,
  ],
  [
    "a path that drops large segments and says nothing is found out with the third timeout (RFC 2923 2.1)",
    { blackHoleTimeouts: 3 },
    `
    5 write 1000
    5 > . 1+1000
    205 > . 1+1000
    605 > . 1+1000
    1405 > . 1+536
    1406 < . 1 ack 537
    1406 > . 537+464
    `,
  ],
  [
    "Linux gives up after 924.6 s (tcp_retries2)",
    { blackHoleTimeouts: undefined },
    `
    5 write 10
    ${resends(5, LINUX.retries2)}
    924604 is ESTABLISHED
    924605 closed timeout
    `,
  ],
  [
    "illumos gives up after five minutes, and tells what ICMP said",
    { ...ILLUMOS, timestamps: false, sack: false, windowScaling: false, blackHoleTimeouts: undefined },
    `
    5 write 10
    5 > . 1+10
    405 > . 1+10
    1205 > . 1+10
    2805 > . 1+10
    6005 > . 1+10
    12405 > . 1+10
    25205 > . 1+10
    50805 > . 1+10
    60000 unreachable EHOSTUNREACH hard
    102005 > . 1+10
    162005 > . 1+10
    222005 > . 1+10
    282005 > . 1+10
    300004 is ESTABLISHED
    300005 closed timeout EHOSTUNREACH
    `,
  ],
  [
    "an orphan gives up sooner (tcp_orphan_retries)",
    { blackHoleTimeouts: undefined },
    `
    5 write 10
    5 > . 1+10
    6 close
    6 > F. 11
    205 > F. 1+10
    605 > F. 1+10
    1405 > F. 1+10
    3005 > F. 1+10
    6205 > F. 1+10
    12605 > F. 1+10
    25405 > F. 1+10
    51005 > F. 1+10
    102204 is FIN-WAIT-1
    102205 closed timeout
    `,
  ],
];

/** Each retransmission of ten bytes that Linux makes of them. */
function resends(fromMs: number, count: number): string {
  const lines = [`${String(fromMs)} > . 1+10`];
  let atMs = fromMs;
  for (let at = 0; at < count; at++) lines.push(`${String((atMs += Math.min(120_000, 200 * 2 ** at)))} > . 1+10`);
  return lines.join("\n");
}

const opening = (script: string): string =>
  script.includes("sack") ? CALLED.replace("mss 1000", "mss 1000 sackok").replace("ack 1\n", "ack 1 sackok\n") : CALLED;

describe("what is sent again", () => {
  test.each(SCRIPTS)("%s", (_, settings, script) => {
    run(opening(script) + script, settings);
  });

  test("is counted", () => {
    const { counters } = run(`${CALLED}
      5 write 500
      5 > . 1+500
      205 > . 1+500
      206 < . 1 ack 501`);
    expect(counters).toMatchObject({ timeouts: 1, retransmits: 1, retransmittedBytes: 500, bytesAcked: 500 });
  });
});
