import type { Errno } from "../../../abi/contract.generated.ts";
import type { Endpoint } from "../udp/socket.ts";
import type { TcpCounters } from "./counters.ts";
import type { TcpSettings } from "./settings.ts";
import type { TcpState } from "./state.ts";

/**
 * One connection: what RFC 9293 §3.3.1 calls its transmission control block. Only its own steps change it (open.ts,
 * segment-arrives.ts, timers.ts, user-calls.ts); everybody else reads.
 */
export interface Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  settings: TcpSettings;
  state: TcpState;
  readonly counters: TcpCounters;
  /** Nobody has the socket any more: what arrives for it will not be read (RFC 9293 §3.10.4, close). */
  orphan: boolean;
  /** What ICMP told last and was no reason to end (RFC 5461 §2, RFC 9293 §3.9.2.2). */
  softError: Errno | undefined;
}
