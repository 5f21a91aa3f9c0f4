import { describe, expect, test } from "@jest/globals";
import { TCP_FLAG } from "../../../services/abi/packet/tcp.ts";
import { resetFor } from "../../../services/inband/model/tcp/reset.ts";
import type { TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import { CALLED, run } from "./script.ts";

const SCRIPTS: readonly (readonly [string, Partial<TcpSettings>, string])[] = [
  [
    "a RST that is exactly next ends the connection; what came before can still be read (RFC 5961 3.2)",
    {},
    `
    5 < . 1+10 ack 1
    6 < R 11
    6 closed reset
    6 read 10
    `,
  ],
  [
    "a RST elsewhere in the window is challenged, one outside of it is not heard",
    {},
    `
    5 < R 2
    5 > . 1 ack 1
    5 < R 65000
    5 > . 1 ack 1
    5 < R 65536
    5 < R 0
    5 < R -1
    5 is ESTABLISHED
    `,
  ],
  [
    "in a window of zero a RST that is exactly next counts",
    { rcvbuf: 1000 },
    `
    5 < . 1+1000 ack 1
    5 > . 1 ack 1001
    6 < R 1002
    6 is ESTABLISHED
    6 < R 1001
    6 closed reset
    `,
  ],
  [
    "a SYN is challenged wherever it is (RFC 5961 4.2)",
    {},
    `
    5 < S 1 mss 1000
    5 > . 1 ack 1
    5 < S. 20 ack 1 mss 1000
    5 > . 1 ack 1
    5 < S 100000 mss 1000
    5 > . 1 ack 1
    5 < S 0 mss 1000
    5 > . 1 ack 1
    5 is ESTABLISHED
    `,
  ],
  [
    "data is believed only with an acknowledgement between SND.UNA - MAX.SND.WND and SND.MAX (RFC 5961 5.2)",
    {},
    `
    5 < . 1+10 ack 2
    5 > . 1 ack 1
    5 < . 1+10 ack -65535
    5 > . 1 ack 1
    5 peek 0
    5 < . 1+10 ack -65534
    45 > . 1 ack 11
    45 read 10
    `,
  ],
  [
    "no acknowledgement at all: the text is dropped",
    {},
    `
    5 < P 1+10
    500 peek 0
    `,
  ],
  [
    "ten challenges in five seconds are enough (RFC 5961 7)",
    {},
    `
    ${Array.from({ length: 10 }, (_, at) => `5 < R ${String(at + 2)}\n5 > . 1 ack 1`).join("\n")}
    5 < R 50
    6 < R 51
    4999 < R 52
    5005 < R 53
    5005 > . 1 ack 1
    `,
  ],
  [
    "acknowledgements outside the window are answered ten times in five seconds, text each time",
    {},
    `
    ${Array.from({ length: 10 }, () => `5 < . 0 ack 1\n5 > . 1 ack 1`).join("\n")}
    5 < . 0 ack 1
    5 < . -99+100 ack 1
    5 > . 1 ack 1
    `,
  ],
  [
    "a reset in LAST-ACK ends it, and so it does in CLOSING",
    {},
    `
    5 < F. 1 ack 1
    5 > . 1 ack 2
    6 shutdown
    6 > F. 1 ack 2
    7 < R 2
    7 closed reset
    `,
  ],
];

describe("resets and challenges", () => {
  test.each(SCRIPTS)("%s", (_, settings, script) => {
    run(CALLED + script, settings);
  });
});

describe("a segment for no connection (RFC 9293 3.10.7.1)", () => {
  const segment = {
    sourcePort: 1,
    destinationPort: 2,
    seq: 100,
    ack: 7,
    window: 0,
    urgent: 0,
    payload: new Uint8Array(5),
  };

  test("with an acknowledgement is reset with that number", () => {
    expect(resetFor({ ...segment, flags: TCP_FLAG.ACK })).toMatchObject({ seq: 7, flags: TCP_FLAG.RST, sourcePort: 2 });
  });

  test("without one is reset with an acknowledgement of all it takes", () => {
    const flags = TCP_FLAG.SYN | TCP_FLAG.FIN;
    expect(resetFor({ ...segment, flags })).toMatchObject({ seq: 0, ack: 107, flags: TCP_FLAG.RST | TCP_FLAG.ACK });
  });

  test("that is a reset is not answered", () => {
    expect(resetFor({ ...segment, flags: TCP_FLAG.RST | TCP_FLAG.ACK })).toBeUndefined();
  });
});
