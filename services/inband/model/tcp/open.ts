import { assert } from "../../../abi/assert.ts";
import type { TcpSegment } from "../../../abi/packet/tcp.ts";
import type { Endpoint } from "../udp/socket.ts";
import type { Connection } from "./connection.ts";
import type { Step } from "./notice.ts";
import type { Seq } from "./seq.ts";
import type { TcpSettings } from "./settings.ts";

/** What an open is given. */
export interface Opening {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The initial sequence number: not guessable (RFC 6528). */
  readonly iss: Seq;
  readonly settings: TcpSettings;
  /** What is added to the clock for our timestamps: the same for all connections of the two endpoints (RFC 7323 §7.1). */
  readonly timestampOffset?: number;
}

/** An open's outcome. */
export interface Opened {
  readonly connection: Connection;
  readonly step: Step;
}

/** Calls a peer (RFC 9293 §3.10.1, active): SYN-SENT. The caller sends the SYN in the step. */
export function openActive(opening: Opening, nowNs: number): Opened {
  assert(opening.iss < 0 && nowNs < 0, "is written");
  return openActive(opening, nowNs);
}

/** Answers a SYN that a listener got (RFC 9293 §3.10.7.2, third): SYN-RECEIVED. */
export function openPassive(opening: Opening, syn: TcpSegment, nowNs: number): Opened {
  assert(opening.iss < 0 && syn.ack < 0 && nowNs < 0, "is written");
  return openPassive(opening, syn, nowNs);
}
