import { describe, test } from "@jest/globals";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { CALLED, run } from "./script.ts";

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "we close first, the peer follows, late segments die out (RFC 9293 3.6, figure 12)",
    {},
    `
    5 shutdown
    5 > F. 1 ack 1
    5 is FIN-WAIT-1
    6 < . 1 ack 2
    6 is FIN-WAIT-2
    7 < F. 1 ack 2
    7 > . 2 ack 2
    7 told fin
    7 is TIME-WAIT
    60006 is TIME-WAIT
    60007 closed finished
    `,
  ],
  [
    "the peer's FIN comes again in TIME-WAIT: it is acknowledged again, and 2 MSL begin anew",
    {},
    `
    5 shutdown
    5 > F. 1 ack 1
    7 < F. 1 ack 2
    7 > . 2 ack 2
    1000 < F. 1 ack 2
    1000 > . 2 ack 2
    60999 is TIME-WAIT
    61000 closed finished
    `,
  ],
  [
    "no reset ends TIME-WAIT (RFC 1337)",
    {},
    `
    5 shutdown
    5 > F. 1 ack 1
    7 < F. 1 ack 2
    7 > . 2 ack 2
    8 < R 2
    8 is TIME-WAIT
    `,
  ],
  [
    "both close at once (figure 13)",
    {},
    `
    5 shutdown
    5 > F. 1 ack 1
    6 < F. 1 ack 1
    6 > . 2 ack 2
    6 is CLOSING
    7 < . 2 ack 2
    7 is TIME-WAIT
    `,
  ],
  [
    "the peer closes first: what we still write reaches it, then our FIN (half-close)",
    {},
    `
    5 < F. 1+10 ack 1
    5 > . 1 ack 12
    5 is CLOSE-WAIT
    5 told fin
    6 read 10
    6 write 500
    6 > . 1+500 ack 12
    7 shutdown
    7 > F. 501 ack 12
    7 is LAST-ACK
    8 < . 12 ack 502
    8 closed finished
    `,
  ],
  [
    "after our FIN the peer may go on sending, and we acknowledge it",
    {},
    `
    5 shutdown
    5 > F. 1 ack 1
    6 < . 1 ack 2
    7 < . 1+1000 ack 2
    7 < . 1001+1000 ack 2
    7 > . 2 ack 2001
    8 read 2000
    `,
  ],
  [
    "FIN goes with the last data, and is sent again with it",
    {},
    `
    5 write 100 more
    5 shutdown
    5 > F. 1+100 ack 1
    205 > F. 1+100 ack 1
    605 > F. 1+100 ack 1
    606 < . 1 ack 102
    606 is FIN-WAIT-2
    `,
  ],
  [
    "a FIN before data that is missing waits for it",
    {},
    `
    5 < F. 11+10 ack 1
    5 > . 1 ack 1
    5 is ESTABLISHED
    6 < . 1+10 ack 1
    6 > . 1 ack 22
    6 is CLOSE-WAIT
    6 told data 0 20
    6 read 20
    `,
  ],
  [
    "what is behind a FIN is not believed",
    {},
    `
    5 < F. 11+10 ack 1
    5 > . 1 ack 1
    6 < . 11+500 ack 1
    6 > . 1 ack 1
    7 < . 1+10 ack 1
    7 > . 1 ack 22
    7 read 20
    `,
  ],
  [
    "text in CLOSE-WAIT is nobody's",
    {},
    `
    5 < F. 1 ack 1
    5 > . 1 ack 2
    6 < . 2+10 ack 1
    6 peek 0
    6 is CLOSE-WAIT
    `,
  ],
  [
    "data for a socket that is closed is answered with a reset (RFC 1122 4.2.2.13)",
    {},
    `
    5 close
    5 > F. 1 ack 1
    6 < . 1 ack 2
    7 < . 1+10 ack 2
    7 > R 2
    7 closed aborted
    `,
  ],
  [
    "a close with unread data is a reset on Linux (RFC 2525 2.17)",
    {},
    `
    5 < . 1+10 ack 1
    6 close
    6 > R. 1 ack 11
    6 closed aborted
    `,
  ],
  [
    "a close with unread data is a FIN on illumos (D9)",
    { closeUnread: "finish" },
    `
    5 < . 1+10 ack 1
    6 close
    6 > F. 1 ack 11
    6 is FIN-WAIT-1
    `,
  ],
  [
    "FIN-WAIT-2 of a closed socket ends after a minute",
    {},
    `
    5 close
    5 > F. 1 ack 1
    6 < . 1 ack 2
    60005 is FIN-WAIT-2
    60006 closed finished
    `,
  ],
  [
    "FIN-WAIT-2 of a socket that somebody has lasts, until it is closed",
    {},
    `
    5 shutdown
    5 > F. 1 ack 1
    6 < . 1 ack 2
    500000 is FIN-WAIT-2
    500000 close
    559999 is FIN-WAIT-2
    560000 closed finished
    `,
  ],
  [
    "an abort resets the peer, and forgets what was not sent",
    {},
    `
    5 write 100 more
    6 abort
    6 > R. 1 ack 1
    6 closed aborted
    `,
  ],
  [
    "an abort when both have closed tells nobody (RFC 9293 3.10.5)",
    {},
    `
    5 < F. 1 ack 1
    5 > . 1 ack 2
    6 shutdown
    6 > F. 1 ack 2
    7 abort
    7 closed aborted
    `,
  ],
  [
    "a FIN alone gets into a window of zero",
    { rcvbuf: 1000 },
    `
    5 < . 1+1000 ack 1
    5 > . 1 ack 1001 win 0
    6 < F. 1001 ack 1
    6 > . 1 ack 1002 win 0
    6 is CLOSE-WAIT
    `,
  ],
];

describe("the end of a connection", () => {
  test.each(SCRIPTS)("%s", (_, settings, script) => {
    run(CALLED + script, settings);
  });
});
