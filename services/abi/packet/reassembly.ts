import type { Ipv4Packet } from "./ipv4.ts";
import { FragmentQueue, type Arrival, type FragmentFault } from "./fragment-queue.ts";

/** Why fragments do not become a datagram. */
export type ReassemblyDrop = FragmentFault | "fragment_memory" | "fragment_timeout";

/** What becomes of a fragment. `arrivals` are all whose fate is decided by it. */
export type Reassembly =
  | { readonly t: "held" }
  | { readonly t: "complete"; readonly packet: Ipv4Packet; readonly arrivals: readonly Arrival[] }
  | { readonly t: "dropped"; readonly drop: ReassemblyDrop; readonly arrivals: readonly Arrival[] };

/** A datagram that did not become whole in time. An ICMP error may be due if its first fragment is known (RFC 792). */
export interface Expired {
  readonly arrivals: readonly Arrival[];
  readonly first: Arrival | undefined;
}

/** Linux's defaults: `ipfrag_time` and `ipfrag_high_thresh`. */
export interface ReassemblyLimits {
  readonly timeoutNs: number;
  readonly bytesMax: number;
}

/** What a fragment costs beside its bytes, so that many small ones are bounded too. */
const FRAGMENT_OVERHEAD = 256;

const costOf = ({ packet }: Arrival): number => packet.payload.length + packet.options.length + FRAGMENT_OVERHEAD;
const keyOf = (packet: Ipv4Packet): string =>
  `${packet.source}/${packet.destination}/${packet.protocol}/${packet.identification}`;

/**
 * Puts fragmented datagrams together (RFC 791 §3.2, RFC 815's bookkeeping by sorted fragments instead of holes).
 *
 * Fragments belong together by source, destination, protocol and identification, on whatever device they came in.
 */
export class Reassembler {
  readonly #limits: ReassemblyLimits;
  /** In the order of their deadlines, since all wait equally long. */
  readonly #queues = new Map<string, FragmentQueue>();
  #bytes = 0;
  #held = 0;

  constructor(limits: ReassemblyLimits) {
    this.#limits = limits;
  }

  /** Bytes held, overhead included; never more than the limit. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Fragments that wait for others. */
  get held(): number {
    return this.#held;
  }

  /** A fragment arrived. */
  add(arrival: Arrival, nowNs: number): Reassembly {
    const key = keyOf(arrival.packet);
    // Linux refuses new datagrams above the limit, and lets begun ones grow beyond it; here the limit is a wall for both.
    if (this.#bytes + costOf(arrival) > this.#limits.bytesMax)
      return { t: "dropped", drop: "fragment_memory", arrivals: [arrival] };
    const queue = this.#queues.get(key) ?? new FragmentQueue(nowNs + this.#limits.timeoutNs);
    const fault = queue.insert(arrival);
    if (fault === "fragment_duplicate") return { t: "dropped", drop: fault, arrivals: [arrival] };
    if (fault !== undefined) {
      return { t: "dropped", drop: fault, arrivals: [...this.#remove(key), arrival] };
    }
    this.#queues.set(key, queue);
    this.#bytes += costOf(arrival);
    this.#held++;
    const packet = queue.complete();
    return packet === undefined ? { t: "held" } : { t: "complete", packet, arrivals: this.#remove(key) };
  }

  /**
   * Gives up what is older than the timeout: 30 s from the first arrival on (RFC 1122 §3.3.2 wants a fixed time, 60 to
   * 120).
   */
  tick(nowNs: number): readonly Expired[] {
    const expired: Expired[] = [];
    for (const [key, queue] of this.#queues) {
      if (queue.expiresAtNs > nowNs) break;
      const first = queue.first();
      expired.push({ arrivals: this.#remove(key), first });
    }
    return expired;
  }

  /** When the oldest datagram will be given up. */
  pollAtNs(): number | undefined {
    for (const queue of this.#queues.values()) return queue.expiresAtNs;
    return undefined;
  }

  #remove(key: string): readonly Arrival[] {
    const arrivals = this.#queues.get(key)?.arrivals ?? [];
    this.#queues.delete(key);
    this.#held -= arrivals.length;
    this.#bytes -= arrivals.reduce((sum, arrival) => sum + costOf(arrival), 0);
    return arrivals;
  }
}
