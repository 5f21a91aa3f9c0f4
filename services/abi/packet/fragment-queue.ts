import { IPV4_TOTAL_MAX, headerBytes, type Ipv4Packet } from "./ipv4.ts";

/** One fragment, and the device that it came in on. */
export interface Arrival {
  readonly packet: Ipv4Packet;
  readonly ifindex: number;
  /** Whether the frame was addressed to this host alone: only then may an ICMP error speak of it. */
  readonly toHost: boolean;
  /** The number under which whoever brought it wants to be told what became of it. */
  readonly ticket?: number | undefined;
}

/** What is wrong with a fragment, and with it the whole datagram; a duplicate alone is harmless. */
export type FragmentFault = "fragment_duplicate" | "fragment_overlap" | "fragment_inconsistent" | "fragment_size";

interface Held extends Arrival {
  readonly start: number;
  readonly end: number;
}

/**
 * The fragments of one datagram, in the order of their offsets, none overlapping another.
 *
 *     0        1480      2960                4000
 *     |--held--|--held--|      (hole)        |        complete: no hole before the end, and the end is known
 */
export class FragmentQueue {
  readonly expiresAtNs: number;
  readonly #held: Held[] = [];
  /** The end of the datagram, known with its last fragment. */
  #end: number | undefined;
  #reached = 0;
  #bytes = 0;

  constructor(expiresAtNs: number) {
    this.expiresAtNs = expiresAtNs;
  }

  /** The fragments that wait, by offset. */
  get arrivals(): readonly Arrival[] {
    return this.#held;
  }

  /** Takes a fragment in, or says what is wrong with it. The rules are those of Linux's `ip_frag_queue`. */
  insert(arrival: Arrival): FragmentFault | undefined {
    const { packet } = arrival;
    const start = packet.fragmentOffset;
    // All but the last end at a multiple of 8; what is beyond is cut off.
    const length = packet.moreFragments ? packet.payload.length & ~7 : packet.payload.length;
    const end = start + length;
    if (headerBytes(packet) + end > IPV4_TOTAL_MAX) return "fragment_size";
    if (packet.moreFragments) {
      if (this.#end !== undefined && end > this.#end) return "fragment_inconsistent";
    } else {
      // A second end, or one before bytes that have been seen.
      if (end < this.#reached || (this.#end !== undefined && end !== this.#end)) return "fragment_inconsistent";
    }
    if (length === 0) return "fragment_inconsistent";

    const at = this.#held.findLastIndex((held) => held.start <= start) + 1;
    const fault = this.#clash(at, start, end);
    if (fault !== undefined) return fault;
    this.#held.splice(at, 0, { ...arrival, start, end });
    if (!packet.moreFragments) this.#end = end;
    this.#reached = Math.max(this.#reached, end);
    this.#bytes += length;
    return undefined;
  }

  /**
   * Whether bytes from `start` on are here already. A fragment that lies wholly within what is there is a duplicate; any
   * other overlap gives the datagram up (RFC 5722 says so for IPv6, Linux does it for IPv4 too, since 4.19:
   * FragmentSmack).
   */
  #clash(at: number, start: number, end: number): "fragment_duplicate" | "fragment_overlap" | undefined {
    const before = this.#held[at - 1];
    const after = this.#held[at];
    const overlaps = (before !== undefined && before.end > start) || (after !== undefined && after.start < end);
    if (!overlaps) return undefined;
    // The run without a hole that the fragment begins in.
    if (before === undefined || before.end < start) return "fragment_overlap";
    let runEnd = before.end;
    for (let next = at; runEnd < end && this.#held[next]?.start === runEnd; next++) runEnd = this.#held[next]?.end ?? 0;
    return runEnd >= end ? "fragment_duplicate" : "fragment_overlap";
  }

  /** The datagram, once all of it is here: the first fragment's header around all bytes (RFC 791 §3.2). */
  complete(): Ipv4Packet | undefined {
    const first = this.#held[0];
    if (first === undefined || this.#end === undefined || this.#bytes !== this.#end) return undefined;
    const payload = new Uint8Array(this.#end);
    for (const { packet, start, end } of this.#held) payload.set(packet.payload.subarray(0, end - start), start);
    return { ...first.packet, moreFragments: false, fragmentOffset: 0, payload };
  }

  /** The fragment that the datagram begins with, if it came. */
  first(): Arrival | undefined {
    const first = this.#held[0];
    return first?.start === 0 ? first : undefined;
  }
}
