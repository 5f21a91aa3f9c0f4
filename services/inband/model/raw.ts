import { INADDR_ANY, type Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Ipv4Packet } from "../../abi/packet/ipv4.ts";
import { buildIpv4, totalBytes } from "../../abi/packet/ipv4.ts";
import { RCVBUF_DEFAULT, ReceiveQueue } from "./receive-queue.ts";
import type { Errno } from "../../abi/contract.generated.ts";

/** A whole datagram, header included, as raw(7) hands it out. */
interface RawDatagram {
  readonly bytes: Uint8Array;
  readonly from: Ipv4Address;
  readonly ifindex: number;
}

/** A raw socket of PF_INET. */
export interface RawSocket {
  readonly sk: number;
  readonly protocol: number;
  local: Ipv4Address;
  peer: Ipv4Address | undefined;
  ifindex: number;
  broadcast: boolean;
  ttl: number;
  tos: number;
  rcvShutdown: boolean;
  sndShutdown: boolean;
  error: Errno | undefined;
  readonly queue: ReceiveQueue<RawDatagram>;
}

const NOBODY: readonly number[] = [];

/** The raw sockets of a node (`net/ipv4/raw.c`). */
export class RawSockets {
  readonly #sockets = new Map<number, RawSocket>();

  create(sk: number, protocol: number, rcvbuf = RCVBUF_DEFAULT): RawSocket {
    const queue = new ReceiveQueue<RawDatagram>(rcvbuf);
    const local = INADDR_ANY;
    const socket: RawSocket = {
      sk,
      protocol,
      local,
      peer: undefined,
      ifindex: 0,
      broadcast: false,
      ttl: 64,
      tos: 0,
      rcvShutdown: false,
      sndShutdown: false,
      error: undefined,
      queue,
    };
    this.#sockets.set(sk, socket);
    return socket;
  }

  /** How many there are. */
  get size(): number {
    return this.#sockets.size;
  }

  find(sk: number): RawSocket | undefined {
    return this.#sockets.get(sk);
  }

  all(): readonly RawSocket[] {
    return [...this.#sockets.values()];
  }

  close(sk: number): void {
    this.#sockets.delete(sk);
  }

  /** Gives every socket that fits a copy, before the protocol's own handler gets the datagram; answers who has room. */
  deliver(packet: Ipv4Packet, ifindex: number): readonly number[] {
    if (this.#sockets.size === 0) return NOBODY;
    const takers: number[] = [];
    for (const socket of this.#sockets.values()) {
      const fits =
        socket.protocol === packet.protocol &&
        (socket.local === INADDR_ANY || socket.local === packet.destination) &&
        (socket.peer === undefined || socket.peer === packet.source) &&
        (socket.ifindex === 0 || socket.ifindex === ifindex);
      if (!fits) continue;
      const item = { bytes: buildIpv4(packet), from: packet.source, ifindex };
      if (socket.queue.push(item, totalBytes(packet))) takers.push(socket.sk);
    }
    return takers;
  }
}
