import { describe, test } from "@jest/globals";
import { ILLUMOS, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { run } from "./script.ts";

const MODERN = { timestamps: true, sack: true, windowScaling: true, rcvbuf: 1_000_000, mss: 1460 };

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "an active open offers its options and agrees on them (RFC 9293 3.10.1, RFC 7323, RFC 2018)",
    MODERN,
    `
    5 connect
    5 > S 0 win 65535 mss 1460 ws 4 sackok ts 5:0
    25 < S. 0 ack 1 win 60000 mss 1200 ws 7 sackok ts 700:5
    25 > . 1 ack 1 win 62500 ts 25:700
    25 is ESTABLISHED
    25 told connected
    30 write 3000                 # 1200 less 12 for the timestamp
    30 > . 1+1188 ack 1 ts 30:700
    30 > . 1189+1188 ack 1 ts 30:700
    30 > . 2377+624 ack 1 push ts 30:700
    `,
  ],
  [
    "a passive open offers what the peer does, and no more",
    MODERN,
    `
    0 < S 0 win 8000 mss 1300 sackok
    0 > S. 0 ack 1 win 65535 mss 1460 sackok
    0 is SYN-RECEIVED
    9 < . 1 ack 1 win 8000
    9 is ESTABLISHED
    9 told connected
    `,
  ],
  [
    "a peer without an MSS gets segments of 536 bytes (RFC 9293 3.7.1, MUST-15)",
    {},
    `
    0 < S 0 win 65535
    0 > S. 0 ack 1 mss 1000
    0 < . 1 ack 1
    0 write 1000
    0 > . 1+536
    0 > . 537+464
    `,
  ],
  [
    "a SYN is sent again after 1, 3, 7, 15, 31 and 63 s, and given up after 127 s (Linux)",
    {},
    `
    0 connect
    0 > S 0
    1000 > S 0
    3000 > S 0
    7000 > S 0
    15000 > S 0
    31000 > S 0
    63000 > S 0
    126999 is SYN-SENT
    127000 closed timeout
    127000 is CLOSED
    `,
  ],
  [
    "illumos gives a connect three minutes, and tells the soft error that came",
    { ...ILLUMOS, timestamps: false, sack: false, windowScaling: false },
    `
    0 connect
    0 > S 0
    500 unreachable EHOSTUNREACH
    1000 > S 0
    3000 > S 0
    7000 > S 0
    15000 > S 0
    31000 > S 0
    63000 > S 0
    123000 > S 0
    179999 is SYN-SENT
    180000 closed timeout EHOSTUNREACH
    `,
  ],
  [
    "a hard ICMP error ends an open at once (RFC 5461 4.1)",
    {},
    `
    0 connect
    0 > S 0
    1 unreachable ECONNREFUSED hard
    1 closed unreachable ECONNREFUSED
    `,
  ],
  [
    "a refused call: RST that acknowledges the SYN; others are not heard (RFC 9293 3.10.7.3)",
    {},
    `
    0 connect
    0 > S 0
    1 < R 0
    1 < R. 0 ack 0
    1 < R. 0 ack 2
    1 is SYN-SENT
    2 < R. 0 ack 1
    2 closed refused
    `,
  ],
  [
    "an acknowledgement of something else in SYN-SENT is answered with a reset, and nothing without SYN is heard",
    {},
    `
    0 connect
    0 > S 0
    1 < S. 77 ack 5
    1 > R 5
    2 < . 0 ack 1
    2 is SYN-SENT
    `,
  ],
  [
    "both call at once: the SYNs cross, the answers cross, both are established (RFC 9293 3.5, figure 7)",
    {},
    `
    0 connect
    0 > S 0
    1 < S 0 win 65535 mss 900
    1 > S. 0 ack 1
    1 is SYN-RECEIVED
    2 < S. 0 ack 1 win 65535
    2 is ESTABLISHED
    `,
  ],
  [
    "both call at once, and the peer's answer is lost: its acknowledgement of ours does as well",
    {},
    `
    0 connect
    0 > S 0
    1 < S 0 mss 900
    1 > S. 0 ack 1
    1000 > S. 0 ack 1
    1001 < . 1 ack 1
    1001 is ESTABLISHED
    `,
  ],
  [
    "both call at once, and the peer thinks better of it",
    {},
    `
    0 connect
    0 > S 0
    1 < S 0 mss 900
    1 > S. 0 ack 1
    2 < R 1
    2 closed refused
    `,
  ],
  [
    "our answer to a SYN is sent again when it comes again, and by the clock, five times",
    {},
    `
    0 < S 0 mss 1000
    0 > S. 0 ack 1
    500 < S 0 mss 1000
    500 > S. 0 ack 1
    1000 > S. 0 ack 1
    3000 > S. 0 ack 1
    7000 > S. 0 ack 1
    15000 > S. 0 ack 1
    31000 > S. 0 ack 1
    62999 is SYN-RECEIVED
    63000 closed timeout
    `,
  ],
  [
    "in SYN-RECEIVED a wrong acknowledgement is reset, a RST ends it, one that is not exact is challenged",
    {},
    `
    0 < S 0 mss 1000
    0 > S. 0 ack 1
    1 < . 1 ack 2
    1 > R 2
    2 < R 5
    2 > . 1 ack 1
    2 is SYN-RECEIVED
    3 < R 1
    3 closed reset
    `,
  ],
  [
    "in SYN-RECEIVED of a passive open another SYN in the window sends it back to the listener (3.10.7.4, fourth)",
    {},
    `
    0 < S 0 mss 1000
    0 > S. 0 ack 1
    1 < S 100 mss 1000
    1 closed reset
    `,
  ],
  [
    "text and FIN in the answer to our SYN count",
    {},
    `
    0 connect
    0 > S 0
    1 < SF. 0+10 ack 1 mss 1000
    1 > . 1 ack 12
    1 is CLOSE-WAIT
    1 told data 0 10
    1 read 10
    `,
  ],
  [
    "what is written before the handshake is done follows it, and so does a close",
    {},
    `
    0 connect
    0 > S 0
    0 write 100
    0 shutdown
    0 is SYN-SENT
    1 < S. 0 ack 1 mss 1000
    1 > F. 1+100 ack 1
    1 is FIN-WAIT-1
    `,
  ],
  [
    "after a SYN that was lost the initial window is one segment (RFC 5681 3.1)",
    {},
    `
    0 connect
    0 > S 0
    1000 > S 0
    1001 < S. 0 ack 1 mss 1000
    1001 > . 1 ack 1
    1002 write 5000
    1002 > . 1+1000
    `,
  ],
  [
    "a close in SYN-SENT is silent on Linux",
    {},
    `
    0 connect
    0 > S 0
    1 close
    1 closed aborted
    `,
  ],
  [
    "a close in SYN-SENT is a reset on illumos",
    { closeConnecting: "reset" },
    `
    0 connect
    0 > S 0
    1 close
    1 > R 1
    1 closed aborted
    `,
  ],
];

describe("the handshake", () => {
  test.each(SCRIPTS)("%s", (_, settings, script) => {
    run(script, settings);
  });
});
