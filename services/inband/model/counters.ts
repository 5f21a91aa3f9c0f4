import type { ReassemblyDrop } from "../../abi/packet/reassembly.ts";
import type { ParseDrop } from "../../abi/packet/parsed.ts";

/** Why a frame that came in went no further. */
type RxDrop =
  | ParseDrop
  | ReassemblyDrop
  | "no_device"
  | "device_down"
  /** No handler and no tap for its protocol. */
  | "protocol_unhandled"
  /** Taps wanted it, and none had room. */
  | "packet_rcvbuf"
  /** Addressed to another station, or tagged for a VLAN without a device. */
  | "other_host"
  /** ARP about somebody else, or from an address that is none. */
  | "arp_ignored"
  | "neighbour_table_full"
  | "martian_source"
  | "martian_destination"
  /** Not for an address of this host, which forwards nothing. */
  | "not_local"
  | "multicast_not_joined"
  | "ip_protocol_unknown"
  | "udp_no_port"
  /** Nobody has a connection for the segment, nor listens: it was answered with RST, unless it was one. */
  | "tcp_no_port"
  /** A segment that was sent to everybody. */
  | "tcp_not_unicast"
  /** A handshake has to wait, since nobody accepts what is complete. */
  | "tcp_listen_overflow"
  | "socket_rcvbuf"
  /** An echo request to everybody (Linux: `icmp_echo_ignore_broadcasts`). */
  | "icmp_echo_broadcast"
  /** A reply or a type that nobody waits for. */
  | "icmp_no_listener"
  /** An error about something that this host did not send. */
  | "icmp_error_unmatched"
  /** A request was fine, and the answer could not be sent. */
  | "unanswerable";

/** How a frame ended. Each frame that came in ends in exactly one way, or waits as a fragment. */
export type RxFate = "delivered" | "answered" | "consumed" | RxDrop;

/** Why a packet was not sent, or a sent one was given up. */
export type TxDrop =
  | "tx_device_down"
  /** There is no way, or not now, to the peer of a connection. */
  | "tx_no_route"
  | "tx_no_carrier"
  /** A frame that was to be passed on named no device, or has no whole header. */
  | "tx_no_device"
  | "tx_invalid"
  /** The ring to the driver had no room. */
  | "tx_ring_full"
  | "neighbour_queue_full"
  | "neighbour_unreachable"
  | "loopback_backlog"
  /** An ICMP error that the rate limit held back. */
  | "icmp_ratelimit";

/** One word's count. */
interface Cell<Word> {
  readonly word: Word;
  count: number;
}

/** How often each of some words happened, in the order in which they first did. */
export class Counters<Word extends string> {
  readonly #cells = new Map<Word, Cell<Word>>();
  /** The word that was counted last is nearly always the next one, too. Before the first it is none. */
  #last: Cell<Word | ""> = { word: "", count: 0 };

  add(word: Word, times = 1): void {
    if (this.#last.word !== word) this.#last = this.#cellOf(word);
    this.#last.count += times;
  }

  of(word: Word): number {
    return this.#cells.get(word)?.count ?? 0;
  }

  total(): number {
    return [...this.#cells.values()].reduce((sum, { count }) => sum + count, 0);
  }

  entries(): readonly (readonly [Word, number])[] {
    return [...this.#cells.values()].map(({ word, count }) => [word, count]);
  }

  #cellOf(word: Word): Cell<Word> {
    const known = this.#cells.get(word);
    if (known !== undefined) return known;
    const cell: Cell<Word> = { word, count: 0 };
    this.#cells.set(word, cell);
    return cell;
  }
}
