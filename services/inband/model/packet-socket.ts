import { ETH_P } from "../../abi/packet/ethernet.ts";
import type { Mac } from "../../abi/packet/mac.ts";
import type { VlanTag } from "../../abi/packet/vlan.ts";
import { RCVBUF_DEFAULT, ReceiveQueue } from "./receive-queue.ts";

/** To whom a frame was addressed, as `sll_pkttype` says it (`if_packet.h`). */
export type PacketType =
  "PACKET_HOST" | "PACKET_BROADCAST" | "PACKET_MULTICAST" | "PACKET_OTHERHOST" | "PACKET_OUTGOING";

/** What a tap sees. */
interface TappedFrame {
  /** The whole frame for SOCK_RAW; without the Ethernet header for SOCK_DGRAM. */
  readonly bytes: Uint8Array;
  /** The fields of `sockaddr_ll`. */
  readonly ifindex: number;
  readonly protocol: number;
  readonly type: PacketType;
  readonly source: Mac;
  /** The tag that was taken off, as PACKET_AUXDATA gives it. */
  readonly tag: VlanTag | undefined;
}

/** A socket of PF_PACKET. */
export interface PacketSocket {
  readonly sk: number;
  readonly type: "SOCK_RAW" | "SOCK_DGRAM";
  /** ETH_P_ALL: every protocol, and what is sent too. 0: nothing. */
  protocol: number;
  /** 0: every device. */
  ifindex: number;
  readonly queue: ReceiveQueue<TappedFrame>;
}

/** A frame on its way past the taps. */
export interface Passing {
  readonly ifindex: number;
  readonly protocol: number;
  readonly type: PacketType;
  readonly source: Mac;
  readonly tag: VlanTag | undefined;
  /** The frame from the Ethernet header on, without the tag that was taken off. */
  readonly frame: () => Uint8Array;
  readonly payload: Uint8Array;
}

/** Which sockets got a frame, and how many had no room for it. */
export interface Tapped {
  readonly delivered: readonly number[];
  readonly full: number;
}

/** The packet sockets of a node (`net/packet/af_packet.c`). */
export class PacketSockets {
  readonly #sockets = new Map<number, PacketSocket>();

  /** A new socket. With a protocol it listens on every device from the start (packet(7)). */
  create(sk: number, type: PacketSocket["type"], protocol: number, rcvbuf = RCVBUF_DEFAULT): PacketSocket {
    const socket: PacketSocket = { sk, type, protocol, ifindex: 0, queue: new ReceiveQueue(rcvbuf) };
    this.#sockets.set(sk, socket);
    return socket;
  }

  /** How many there are: where there is none, no frame needs to be shown to anybody. */
  get size(): number {
    return this.#sockets.size;
  }

  find(sk: number): PacketSocket | undefined {
    return this.#sockets.get(sk);
  }

  all(): readonly PacketSocket[] {
    return [...this.#sockets.values()];
  }

  close(sk: number): void {
    this.#sockets.delete(sk);
  }

  /** Offers a frame to the taps of every protocol (`ptype_all`). A sender does not see its own frame. */
  tapAll(passing: Passing, sender?: number): Tapped {
    return this.#offer(passing, (socket) => socket.protocol === ETH_P.ETH_P_ALL && socket.sk !== sender, [
      passing.ifindex,
    ]);
  }

  /** Offers a received frame to those who bound its protocol, on the device it is for or the one it came in on. */
  tapProtocol(passing: Passing, arrivedOn: number): Tapped {
    const { protocol, ifindex } = passing;
    if (protocol === ETH_P.ETH_P_ALL || protocol === 0) return { delivered: [], full: 0 };
    return this.#offer(passing, (socket) => socket.protocol === protocol, [ifindex, arrivedOn]);
  }

  #offer(passing: Passing, wants: (socket: PacketSocket) => boolean, devices: readonly number[]): Tapped {
    const delivered: number[] = [];
    let full = 0;
    for (const socket of this.#sockets.values()) {
      if (!wants(socket) || (socket.ifindex !== 0 && !devices.includes(socket.ifindex))) continue;
      const { ifindex, protocol, type, source, tag } = passing;
      // Each gets a copy of its own: the frame's memory belongs to whoever brought it.
      const bytes = socket.type === "SOCK_RAW" ? passing.frame() : passing.payload.slice();
      if (socket.queue.push({ bytes, ifindex, protocol, type, source, tag }, bytes.length)) delivered.push(socket.sk);
      else full++;
    }
    return { delivered, full };
  }
}
