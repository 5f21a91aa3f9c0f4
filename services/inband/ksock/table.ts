import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import type { Effect } from "../model/stack/state.ts";
import type { TcpSocket } from "../model/tcp/socket.ts";
import type { Endpoint, UdpSocket } from "../model/udp/socket.ts";
import { createKsockEvents, type KsockEvents } from "./event-streams.ts";
import type { KsockOptions } from "./options/defaults.ts";
import { newUrgent, type Urgent } from "./urgent.ts";

/** The families that kernel sockets have. AF_INET6 speaks of ::1 and of mapped IPv4 addresses only. */
export type Domain = "AF_INET" | "AF_INET6";

/** The protocol's half of a kernel socket. */
export type KsockHalf = { readonly t: "tcp"; readonly tcp: TcpSocket } | { readonly t: "udp"; readonly udp: UdpSocket };

/** The socket of TCP or UDP, for what the two have in common. */
export const inetOf = ({ half }: Pick<KernelSocket, "half">): TcpSocket | UdpSocket =>
  half.t === "tcp" ? half.tcp : half.udp;

/** Somebody who waits on a kernel socket. */
export interface Sleeper {
  /** Looks again. */
  look(): void;
  /** Ends the sleep of this thread; false: it is another's, or one that a close keeps. */
  interrupt(thread: string): boolean;
}

/** Which of the two interfaces the callbacks of a socket are of: six typed events, or ten slots. */
export type Binding = "ksock" | "ksocket";

/** A kernel socket. The marks are those of illumos (facts/kernel-sockets, appendix B). */
export interface KernelSocket {
  readonly ks: number;
  /** The number of its TCP or UDP socket in the model. */
  readonly sk: number;
  readonly domain: Domain;
  readonly half: KsockHalf;
  readonly options: KsockOptions;
  /** SS_ISCONNECTING: an attempt is under way. */
  connecting: boolean;
  /** SS_ISCONNECTED. */
  connected: boolean;
  /** SS_CANTSENDMORE. */
  cantSend: boolean;
  /** SS_CANTRCVMORE. */
  cantReceive: boolean;
  /** SHUT_RD was called: what comes is thrown away. */
  shutRead: boolean;
  /** SHUT_WR was called and told; our FIN went out; the peer's came. With all three a connection has ended in order. */
  shutWrite: boolean;
  finSent: boolean;
  peerEnded: boolean;
  /** That it has was told, which happens once (Q5). */
  toldEnd: boolean;
  /** SS_NDELAY. */
  nonblocking: boolean;
  /** SS_CLOSING: no call finds it any more. */
  closing: boolean;
  /** Sending is stopped by flow control, until what is queued is below the low-water mark. */
  stopped: boolean;
  /** so_error of TCP; of UDP it is in the model. */
  error: Errno | undefined;
  urgent: Urgent;
  /** What callbacks were told of: of TCP how far the stream has come, of UDP how many bytes are queued. */
  heard: number;
  /** Whom it is connected to, for as long as it is. */
  peer: Endpoint | undefined;
  /**
   * What an AF_INET6 socket was bound to: an address of IPv6, `any6`: all of them and none of IPv4 (IPV6_V6ONLY), or a mapped one.
   * Undefined: nothing, or whatever comes.
   */
  bound: "plain" | "any6" | "mapped" | undefined;
  /** Which interface its callbacks are of, and which of them are on. */
  binding: Binding;
  slots: ReadonlySet<string>;
  /** References beyond the base: `ksocket_hold`. */
  holds: number;
  /** Calls that run: each is a reference, too (P3). */
  calls: number;
  /** Who receives, or waits to: the first one has the read lock. */
  readonly readers: object[];
  readonly sleepers: Set<Sleeper>;
  /** Connections of a listening socket that nobody has accepted, by sk. */
  readonly children: Map<number, KernelSocket>;
  /** It is closed, and waits for its FIN to be acknowledged (SO_LINGER). */
  lingering: boolean;
  /** The close that runs. */
  closed: Promise<void> | undefined;
}

/** What the model says of a socket. */
export type SocketEffect = Extract<Effect, { readonly t: "deliver" | "errno" | "tcp" }>;

/** What it says of a kernel socket, and in whose context. */
export interface Heard {
  readonly context: Context;
  readonly effect: SocketEffect;
}

/** The kernel sockets of a node. */
export interface Ksocks {
  readonly events: KsockEvents;
  /** What the model said and was not heard yet, in order, and whether somebody listens just now. */
  readonly inbox: Heard[];
  hearing: boolean;
  /** Sockets by number; one that is being closed is among them until that is done. */
  at(ks: number): KernelSocket | undefined;
  /** By the number in the model, connections that nobody has accepted included. */
  ofSk(sk: number): KernelSocket | undefined;
  all(): Iterable<KernelSocket>;
  /** Lets the model's word reach a socket that no call can name yet. */
  hearFor(socket: KernelSocket): void;
  /** From now on calls find it. */
  publish(socket: KernelSocket): void;
  /** It is no more. */
  forget(socket: KernelSocket): void;
}

/** No kernel socket yet. @param numbersBefore the number before the first of events, which differs in each life of the house. */
export function createKsocks(numbersBefore: number): Ksocks {
  const byKs = new Map<number, KernelSocket>();
  const bySk = new Map<number, KernelSocket>();
  return {
    events: createKsockEvents(numbersBefore),
    inbox: [],
    hearing: false,
    at: (ks) => byKs.get(ks),
    ofSk: (sk) => bySk.get(sk),
    all: () => byKs.values(),
    hearFor: (socket) => {
      assert(!bySk.has(socket.sk), "a kernel socket is made once");
      bySk.set(socket.sk, socket);
    },
    publish: (socket) => {
      assert(bySk.get(socket.sk) === socket && !byKs.has(socket.ks), "a kernel socket is given out once");
      byKs.set(socket.ks, socket);
    },
    forget: (socket) => {
      assert(bySk.delete(socket.sk), "a kernel socket is forgotten once");
      byKs.delete(socket.ks);
    },
  };
}

/** A kernel socket as it is born: blocking, without callbacks, with the base reference. */
export const newKernelSocket = (
  ks: number,
  sk: number,
  domain: Domain,
  half: KsockHalf,
  options: KsockOptions,
): KernelSocket => ({
  ks,
  sk,
  domain,
  half,
  options,
  connecting: false,
  connected: false,
  cantSend: false,
  cantReceive: false,
  shutRead: false,
  shutWrite: false,
  finSent: false,
  peerEnded: false,
  toldEnd: false,
  nonblocking: false,
  closing: false,
  stopped: false,
  error: undefined,
  urgent: newUrgent(),
  heard: 0,
  peer: undefined,
  bound: undefined,
  binding: "ksock",
  slots: new Set(),
  holds: 0,
  calls: 0,
  readers: [],
  sleepers: new Set(),
  children: new Map(),
  lingering: false,
  closed: undefined,
});
