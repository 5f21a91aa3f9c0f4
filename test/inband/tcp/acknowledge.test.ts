import { describe, test } from "@jest/globals";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { CALLED, run } from "./script.ts";

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "every second full segment is acknowledged, a single one after 40 ms (RFC 9293 3.8.6.3)",
    {},
    `
    5 < . 1+1000 ack 1
    6 < . 1001+1000 ack 1
    6 > . 1 ack 2001
    7 < . 2001+10 ack 1
    8 < . 2011+10 ack 1
    47 > . 1 ack 2021
    500 read 2020
    `,
  ],
  [
    "the first acknowledgements are not delayed, where the settings say so",
    { quickAcks: 2 },
    `
    5 < . 1+10 ack 1
    5 > . 1 ack 11
    6 < . 11+10 ack 1
    6 > . 1 ack 21
    7 < . 21+10 ack 1
    47 > . 1 ack 31
    `,
  ],
  [
    "data that goes the other way takes the acknowledgement along",
    {},
    `
    5 < . 1+10 ack 1
    6 write 10
    6 > . 1+10 ack 11
    7 < . 11 ack 11
    500 read 10
    `,
  ],
  [
    "what is out of order is acknowledged at once, and so is what fills the gap (RFC 5681 4.2)",
    {},
    `
    5 < . 101+100 ack 1
    5 > . 1 ack 1
    6 < . 301+100 ack 1
    6 > . 1 ack 1
    7 < . 1+100 ack 1
    7 > . 1 ack 201
    8 < . 201+100 ack 1
    8 > . 1 ack 401
    8 told data 0 200
    8 read 400
    `,
  ],
  [
    "what came before is acknowledged at once, and not read twice",
    {},
    `
    5 < . 1+100 ack 1
    6 < . 1+100 ack 1
    6 > . 1 ack 101
    7 < . 51+100 ack 1
    7 > . 1 ack 151
    8 read 150
    `,
  ],
  [
    "Nagle: a small segment waits for the acknowledgement of another (RFC 9293 3.7.4)",
    {},
    `
    5 write 10
    5 > . 1+10 push
    6 write 10
    7 write 10
    8 < . 1 ack 11
    8 > . 11+20 push
    `,
  ],
  [
    "Nagle does not wait behind full segments only (Minshall)",
    {},
    `
    5 write 1500
    5 > . 1+1000
    5 > . 1001+500 push
    6 write 10
    7 < . 1 ack 1001
    8 < . 1 ack 1501
    8 > . 1501+10
    `,
  ],
  [
    "TCP_NODELAY: nothing waits, and what waited goes when it is set",
    {},
    `
    5 write 10
    5 > . 1+10
    6 write 10
    7 set nodelay true
    7 > . 11+10
    8 write 10
    8 > . 21+10
    `,
  ],
  [
    "TCP_CORK: only full segments go, until it is taken off",
    { cork: true },
    `
    5 write 1500
    5 > . 1+1000
    6 < . 1 ack 1001
    100 write 10
    150 set cork false
    150 > . 1001+510
    `,
  ],
  [
    "TCP_CORK holds nothing longer than 200 ms",
    { cork: true },
    `
    5 write 10
    100 write 10
    205 > . 1+20
    `,
  ],
  [
    "MSG_MORE: a segment waits for the next write, or for a push",
    {},
    `
    5 write 10 more
    6 write 10
    6 > . 1+20
    7 < . 1 ack 21
    8 write 10 more
    9 push
    9 > . 21+10
    `,
  ],
  [
    "a close sends what is corked, with its FIN",
    { cork: true },
    `
    5 write 10
    6 shutdown
    6 > F. 1+10
    `,
  ],
  [
    "SACK blocks: the newest first, duplicates told once (RFC 2018 4, RFC 2883 4)",
    { sack: true },
    `
    5 < . 101+100 ack 1
    5 > . 1 ack 1 sack 101-201
    6 < . 301+100 ack 1
    6 > . 1 ack 1 sack 301-401,101-201
    7 < . 1+100 ack 1
    7 > . 1 ack 201 sack 301-401
    8 < . 1+100 ack 1
    8 > . 1 ack 201 sack 1-101,301-401
    9 < . 201+100 ack 1
    9 > . 1 ack 401
    9 read 400
    `,
  ],
];

const SYN = (script: string): string =>
  script.includes("sack") ? CALLED.replace("mss 1000", "mss 1000 sackok").replace("ack 1\n", "ack 1 sackok\n") : CALLED;

describe("acknowledgements, and when small segments go", () => {
  test.each(SCRIPTS)("%s", (_, settings, script) => {
    run(SYN(script) + script, settings);
  });
});
