import type { Context } from "../../abi/context.ts";
import { PMTUDISC } from "../../abi/flags.ts";
import type { SocketAddress } from "../../abi/sockaddr.ts";
import type { Result } from "../../abi/result.ts";
import type { Efile } from "../efile.ts";
import { MessageQueue, type Message } from "../model/message-queue.ts";
import { Timestamps } from "../model/timestamps.ts";
import type { SendRequest } from "../model/message.ts";
import { WriteRoom } from "../model/write-room.ts";
import type { Sleep } from "../sleep.ts";

/** A thread that waits for a message. EIDRM: what it waits for is gone. ENOMEM: there was one for it, and no memory for a clone. */
export type Reader = Sleep<Message, "EIDRM" | "ETIMEDOUT" | "ENOMEM">;

/** A thread that waits for the times of what it has sent. */
export type TimesReader = Sleep<undefined, "EIDRM" | "ETIMEDOUT">;

/** A thread that waits for room to send. */
export type Writer = Sleep<undefined, "EIDRM" | "ETIMEDOUT">;

/** What sending may be refused with. */
export type SendErrno =
  | "EINVAL"
  | "EDESTADDRREQ"
  | "EMSGSIZE"
  | "EPIPE"
  | "EMULTIHOP"
  | "EINPROGRESS"
  | "ENXIO"
  | "ENOBUFS"
  | "EAGAIN"
  | "ETIMEDOUT"
  | "EINTR"
  | "EIDRM";

/** A message to be sent, with what the file's flags say of it. */
export interface Sending extends SendRequest {
  readonly mayWait: boolean;
}

/** What differs from one protocol to another (struct evl_net_proto in EVL). Made for one socket, whose state it holds. */
export interface Protocol {
  /** Such as `udp`, for people. */
  readonly kind: "udp" | "packet" | "oob";
  readonly bind: (addr: Uint8Array, bound: Uint8Array) => Result<void, "EINVAL" | "EADDRINUSE" | "EAFNOSUPPORT">;
  readonly connect: (addr: Uint8Array, bound: Uint8Array) => Result<void, "EINVAL" | "EAFNOSUPPORT">;
  /** An in-band bind that the core was not asked about: the socket was given this address. */
  readonly rename: (bound: Uint8Array) => void;
  /** The way in is closed: nothing arrives any more. */
  readonly leave: (context: Context) => void;
  readonly send: (sending: Sending, context: Context) => Result<number, SendErrno> | Promise<Result<number, SendErrno>>;
  /** write() out-of-band, which names no address. */
  readonly write: (
    sending: Sending,
    context: Context,
  ) => Result<number, SendErrno | "EFAULT"> | Promise<Result<number, SendErrno | "EFAULT">>;
  /** Bytes that the address of a sender takes at least, where a shorter room for it is refused; else what fits is told. */
  readonly nameBytes: number;
  /** Events of poll that the queues do not tell. */
  readonly poll: () => number;
  /** Whether a frame would find a buffer, as far as it can be known where it would go. */
  readonly writable: () => boolean;
  /** Whether a release wakes those who wait for input. */
  readonly wakesOnRelease: boolean;
  /** What it is bound to, and its peer, for people and for its sender's address. */
  readonly local: () => SocketAddress;
  readonly peer: () => SocketAddress | undefined;
}

/** Directions that a shutdown has closed, as bits, under the kernel's names. */
export const SHUTDOWN = { RCV_SHUTDOWN: 1, SEND_SHUTDOWN: 2 } as const;

/** Of `struct sock`, what the core reads in one kernel, and is told here. */
export interface SockOptions {
  /** SO_BROADCAST. */
  readonly broadcast: boolean;
  /** The device that it is bound to; 0: none. */
  readonly boundIfindex: number;
  /** IP_MTU_DISCOVER. */
  readonly pmtudisc: number;
}

/** Of a socket that nobody has set anything of. */
export const SOCK_OPTIONS: SockOptions = { broadcast: false, boundIfindex: 0, pmtudisc: PMTUDISC.IP_PMTUDISC_WANT };

/** Linux's `rmem_default` and `wmem_default`: attach copies them, and the core sees no later SO_RCVBUF or SO_SNDBUF. */
export const BUFFER_BYTES = 212_992;

/** The out-of-band side of a socket (struct evl_socket in EVL). */
export interface OobSocket {
  readonly sk: number;
  readonly oob_data: number;
  readonly efile: Efile;
  /** Whose protocol it is: of a driver, or the core's own. */
  readonly driver: string;
  readonly protocol: Protocol;
  readonly input: MessageQueue<Reader>;
  readonly room: WriteRoom<Writer>;
  readonly timestamps: Timestamps<TimesReader>;
  /** EVL_SOCKOPT_SENDSZ. */
  sendSize: number;
  /** What the core has to know of the INET socket. */
  options: SockOptions;
  /** Wakes the release that waits until nothing is charged any more. */
  drained: (() => void) | undefined;
  /** Bits of SHUTDOWN. */
  shutdown: number;
  /** Who keeps it: release and destroy each drop theirs; the last one frees it. */
  refs: number;
  /** The datagrams that an in-band worker sends for it, one after the other. */
  offloads: Promise<void>;
}

/** What a socket and its protocol share from the beginning. */
export type SocketParts = Pick<OobSocket, "sk" | "input" | "room" | "timestamps">;

/** The queues of a socket that is being attached. */
export const socketParts = (sk: number): SocketParts => ({
  sk,
  input: new MessageQueue(BUFFER_BYTES),
  room: new WriteRoom(BUFFER_BYTES),
  timestamps: new Timestamps(),
});
