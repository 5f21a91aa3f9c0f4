import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";

interface Bucket {
  tokens: number;
  filledAtNs: number;
}

interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Linux's `icmp_msgs_per_sec` and `icmp_msgs_burst`, and for each peer `icmp_ratelimit` with XRLIM_BURST_FACTOR. */
const ALL: Rate = { perSecond: 1000, burst: 50 };
const ONE_PEER: Rate = { perSecond: 1, burst: 6 };
const PEERS_MAX = 1024;

function fill(bucket: Bucket, rate: Rate, nowNs: number): void {
  bucket.tokens = Math.min(rate.burst, bucket.tokens + ((nowNs - bucket.filledAtNs) * rate.perSecond) / 1e9);
  bucket.filledAtNs = nowNs;
}

/** How many ICMP errors may be sent (RFC 1812 §4.3.2.8): a token bucket for all, and one for each peer. */
export class IcmpLimit {
  readonly #all: Bucket = { tokens: ALL.burst, filledAtNs: 0 };
  /** The peers that were sent an error last, oldest first; who falls out begins anew with a full bucket. */
  readonly #peers = new Map<Ipv4Address, Bucket>();

  get peers(): number {
    return this.#peers.size;
  }

  /** Takes a token of each bucket, or of none when one is empty. */
  take(peer: Ipv4Address, nowNs: number): boolean {
    const one = this.#peers.get(peer) ?? { tokens: ONE_PEER.burst, filledAtNs: nowNs };
    fill(this.#all, ALL, nowNs);
    fill(one, ONE_PEER, nowNs);
    if (this.#all.tokens < 1 || one.tokens < 1) return false;
    this.#all.tokens--;
    one.tokens--;
    this.#peers.delete(peer);
    this.#peers.set(peer, one);
    if (this.#peers.size > PEERS_MAX) for (const oldest of this.#peers.keys()) return this.#peers.delete(oldest);
    return true;
  }
}
