import type { Context } from "../../abi/context.ts";
import type { TcpStateName } from "../model/tcp/state.ts";
import type { TcpSocket } from "../model/stack/tcp-calls.ts";

/** The peer's urgent byte (`tp->urg_data`, `tp->urg_seq`), until the stream was read beyond it. */
interface Urgent {
  /** Its place in the incoming stream: the mark. */
  readonly offset: number;
  /** Whether MSG_OOB has taken it. */
  taken: boolean;
}

/** What a task's stream socket has beside the model's. */
export interface Stream {
  readonly tcp: TcpSocket;
  urgent: Urgent | undefined;
  /** SO_OOBINLINE. */
  oobInline: boolean;
  /** SO_RCVLOWAT; at least 1. */
  rcvlowat: number;
  /** SO_SNDTIMEO; 0: no limit. */
  sndtimeoNs: number;
  /** SO_LINGER: whether, and for how many seconds. */
  linger: { readonly on: boolean; readonly seconds: number };
  /** How far connect(2) is (`SS_UNCONNECTED`, ...): the state of the BSD socket, which learns of an end when it is asked. */
  phase: "unconnected" | "connecting" | "connected" | "disconnecting";
  /** The port of the last connection. */
  formerPort: number;
  /** In whose context the newest bytes came that wait to be received. */
  arrived: Pick<Context, "trace" | "span"> | undefined;
  /** A connection that goes on after the close refers to the socket. */
  held: boolean;
  /** Somebody waits in close(2) for the peer to have everything (SO_LINGER). */
  lingerer: (() => void) | undefined;
}

/**
 * Whether a connection that nobody has a descriptor of refers to its INET socket no more: what is left of it in these states is small
 * (`tcp_time_wait`, which has FIN-WAIT-2 too).
 */
export const isSmall = (state: TcpStateName | "LISTEN"): boolean =>
  state === "FIN-WAIT-2" || state === "TIME-WAIT" || state === "CLOSED";

/**
 * The state of a socket as Linux has it: without a connection, or when that is over for its owner, which it is in TIME-WAIT
 * already (`tcp_time_wait`), CLOSED.
 */
export function stateOf({ t, connection }: TcpSocket): Exclude<TcpStateName, "TIME-WAIT"> | "LISTEN" {
  if (t === "listen") return "LISTEN";
  const state = connection?.state.t ?? "CLOSED";
  return state === "TIME-WAIT" ? "CLOSED" : state;
}

/** A stream socket with Linux's defaults. */
export const newStream = (tcp: TcpSocket): Stream => ({
  tcp,
  urgent: undefined,
  oobInline: false,
  rcvlowat: 1,
  sndtimeoNs: 0,
  linger: { on: false, seconds: 0 },
  phase: "unconnected",
  formerPort: 0,
  arrived: undefined,
  held: false,
  lingerer: undefined,
});
