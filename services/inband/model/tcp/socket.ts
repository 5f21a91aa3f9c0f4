import type { Errno } from "../../../abi/contract.generated.ts";
import type { Path } from "../path.ts";
import { UNBOUND, type Endpoint } from "../udp/socket.ts";
import type { Connection } from "./connection.ts";
import type { Listener } from "./listener.ts";
import type { TcpSettings } from "./settings.ts";
import type { Deadline } from "./timer-queue.ts";

/** Whose rules a socket follows where systems differ: those of tasks' sockets, or of kernel sockets. */
export type Flavour = "linux" | "illumos";

/** A TCP socket. The layer above owns it until it closes it; from then on it is an orphan, and goes with its connection. */
export interface TcpSocket {
  readonly sk: number;
  readonly flavour: Flavour;
  /** What it is bound to: port 0 when not at all. */
  local: Endpoint;
  /** The only peer, from the beginning of a connection to its end. */
  peer: Endpoint | undefined;
  /** Whether address and port were given by bind, so that the end of a connection leaves them. */
  addressLocked: boolean;
  portLocked: boolean;
  /** `closed`: neither listens nor has or had a connection. One that is over stays, to be read to its end. */
  t: "closed" | "listen" | "connection";
  /** While t is "connection". */
  connection: Connection | undefined;
  /** While t is "listen". */
  listener: Listener<TcpSocket> | undefined;
  /** Of a connection that nobody has accepted yet: the listening socket. */
  parent: TcpSocket | undefined;
  /** What a new connection gets, and what a running one was told last. */
  settings: TcpSettings;
  /** Of AF_INET6: bound to any address it has ::1, too, which is carried as an address of IPv4. */
  inet6: boolean;
  /** SO_BINDTOIFINDEX; 0: none. */
  ifindex: number;
  reuseAddress: boolean;
  reusePort: boolean;
  /** SO_EXCLBIND of illumos. */
  exclusiveBind: boolean;
  ttl: number;
  tos: number;
  pmtudisc: "want" | "do" | "dont";
  /** TCP_MAXSEG; 0: what the path takes. */
  maxseg: number;
  /** What the next call gets (`sk_err`). The layer above takes it. */
  error: Errno | undefined;
  /** What its owner has shut down. */
  rcvShutdown: boolean;
  sndShutdown: boolean;
  /** The peer has said that it sends no more, and all that it sent has come. */
  peerFinished: boolean;
  /** Where the peer's newest urgent byte is in the incoming stream. */
  urgent: number | undefined;
  /** Nobody owns it any more. */
  orphan: boolean;
  /** The way of its segments, as long as no route has changed since. */
  path: Path | undefined;
  pathGeneration: number;
  /** When its connection wants to be called next. */
  timer: Deadline<TcpSocket> | undefined;
  /** The next socket of its chain (`FourTuples`). */
  chain: TcpSocket | undefined;
}

/** A new socket, bound to nothing. */
export const newTcpSocket = (sk: number, flavour: Flavour, settings: TcpSettings): TcpSocket => ({
  sk,
  flavour,
  local: UNBOUND,
  peer: undefined,
  addressLocked: false,
  portLocked: false,
  t: "closed",
  connection: undefined,
  listener: undefined,
  parent: undefined,
  settings,
  inet6: false,
  ifindex: 0,
  reuseAddress: false,
  reusePort: false,
  exclusiveBind: false,
  ttl: 64,
  tos: 0,
  pmtudisc: "want",
  maxseg: 0,
  error: undefined,
  rcvShutdown: false,
  sndShutdown: false,
  peerFinished: false,
  urgent: undefined,
  orphan: false,
  path: undefined,
  pathGeneration: 0,
  timer: undefined,
  chain: undefined,
});
