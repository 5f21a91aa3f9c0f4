import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Errno } from "../../abi/contract.generated.ts";
import type { PacketSocket } from "../model/packet-socket.ts";
import type { Numbers } from "../model/stack/state.ts";
import type { RawSocket } from "../model/raw.ts";
import type { UdpSocket } from "../model/udp/socket.ts";
import type { Stream } from "./stream.ts";

/** A family that has sockets here. */
export type Family = "PF_INET" | "PF_PACKET" | "PF_OOB";

/** The protocol's own half of a socket; PF_OOB's is in the core. */
export type Protocol =
  | { readonly t: "udp"; readonly udp: UdpSocket }
  | { readonly t: "raw"; readonly raw: RawSocket }
  | { readonly t: "tcp"; readonly stream: Stream }
  | { readonly t: "packet"; readonly packet: PacketSocket }
  | { readonly t: "oob" };

/** Somebody who waits for a socket. */
export interface Waiter {
  /** Looks again. True: it has what it waited for, or an errno, and is gone. */
  serve(waker: Context): boolean;
  /** The socket is closed. */
  end(waker: Context): void;
  /** A signal for this task ends the wait, if it is the task's. */
  interrupt(waker: Context, task: string): void;
}

/** What a core has agreed to extend, or would have been asked to if it had been there. */
interface Extended {
  /** The address that bind(2) named. */
  bind: Uint8Array | undefined;
  /** What connect(2) was asked. */
  connect: { readonly addr: Uint8Array; readonly flags: number } | undefined;
  /** The directions that shutdown(2) shut: 1 is receiving, 2 sending. */
  shut: number;
  /** What setsockopt(2) set of what a core reads, in words. */
  options: string;
}

/** What a socket is told when it is made. */
interface Birth {
  readonly family: Family;
  /** Linux's number, without flags. */
  readonly type: number;
  /** Host byte order. */
  readonly protocol: number;
  /** The file that it is for, by the VFS's number; 0: there is none yet. */
  file: number;
}

/** A BSD socket (`sock`) and its INET socket (`sk`). The second outlives the first as long as somebody refers to it. */
export interface Socket extends Birth {
  readonly sock: number;
  readonly sk: number;
  readonly half: Protocol;
  /** Whether it is tied to its file (sock_map_file). */
  mapped: boolean;
  /** Why it could not be, for who asks once more: the VFS closes it then. */
  attachFailed: Errno | undefined;
  /** The flags of its file when it was mapped. */
  flags: number;
  /** What attach gave; 0: plain. */
  oob_data: number;
  /** Whether a core that comes up in the place of another one is told of it: one attached to it, and none refused it since. */
  oobWanted: boolean;
  /** What the core extended, and another core would have to. */
  readonly extended: Extended;
  /** Who refers to the INET socket: the BSD socket, and work that goes on behind it. Charged packets count apart. */
  references: number;
  /** SO_RCVTIMEO; 0: no limit. */
  rcvtimeoNs: number;
  /** Options that are only remembered, by number. */
  readonly remembered: Map<number, number>;
  /** FIOSETOWN. */
  owner: number;
  readonly waiters: Set<Waiter>;
  /** Calls in progress that may still fire a hook. */
  readonly calls: Set<Promise<unknown>>;
}

/** In whose context each message was delivered that waits in a socket. It goes with the message. */
export type Deliveries = WeakMap<object, Pick<Context, "trace" | "span">>;

/** The sockets of a node. */
export interface Sockets {
  /** Whether the core has registered PF_OOB. */
  readonly oobFamily: { registered: boolean };
  /**
   * A new socket, with one reference: that of its BSD socket. `half` gets the number of the INET socket, which is given where
   * there was one before: a connection that is accepted now.
   */
  create(birth: Birth, half: (sk: number) => Protocol, sk?: number): Socket;
  /** By the number that the VFS knows; undefined once it is closed. */
  at(sock: number): Socket | undefined;
  /** By its file, until it is closed. */
  ofFile(file: number): Socket | undefined;
  /** Files whose sockets were closed before they were made: a creation that was lost on its way must not come true later. */
  readonly givenUp: Set<number>;
  /** By INET socket, until it is destroyed. */
  ofSk(sk: number): Socket | undefined;
  /** Every INET socket that is not destroyed. */
  all(): readonly Socket[];
  /** Takes the BSD socket away: no call finds it any more. */
  close(socket: Socket): void;
  /** Takes the INET socket away. */
  forget(socket: Socket): void;
}

/** The options of a socket that nobody has set anything of: no broadcast, no device, no sizes, IP_PMTUDISC_WANT, one user. */
export const OPTIONS_UNSET = "false,0,0,0,1,false";

/** Whether the core manages a socket (`sock_oob_capable`): only then a hook fires for it. */
export const oobCapable = ({ oob_data }: Socket): boolean => oob_data !== 0;

/** An empty table, whose sockets get the next numbers. */
export function createSockets(numbers: Numbers): Sockets {
  const bySock = new Map<number, Socket>();
  const bySk = new Map<number, Socket>();
  return {
    oobFamily: { registered: false },
    create(birth, half, known) {
      // One count for both, so that no call can take the one for the other.
      const sock = numbers.next();
      const sk = known ?? numbers.next();
      const socket: Socket = {
        ...birth,
        sock,
        sk,
        half: half(sk),
        mapped: false,
        attachFailed: undefined,
        flags: 0,
        oob_data: 0,
        oobWanted: false,
        extended: { bind: undefined, connect: undefined, shut: 0, options: OPTIONS_UNSET },
        references: 1,
        rcvtimeoNs: 0,
        remembered: new Map(),
        owner: 0,
        waiters: new Set(),
        calls: new Set(),
      };
      bySock.set(socket.sock, socket);
      bySk.set(socket.sk, socket);
      return socket;
    },
    at: (sock) => bySock.get(sock),
    ofFile: (file) => [...bySock.values()].find((socket) => socket.file === file),
    givenUp: new Set(),
    ofSk: (sk) => bySk.get(sk),
    all: () => [...bySk.values()],
    close: (socket) => {
      assert(bySock.delete(socket.sock), "a socket is closed once");
    },
    forget: (socket) => {
      assert(bySk.delete(socket.sk), "an INET socket is destroyed once");
    },
  };
}
