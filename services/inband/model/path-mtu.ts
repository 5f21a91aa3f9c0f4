import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";

/** Linux's `ip_rt_mtu_expires` and `ip_rt_min_pmtu`; the bound on entries is ours. */
const EXPIRES_NS = 600_000_000_000;
const MIN_PMTU = 552;
const ENTRIES_MAX = 1024;

/** What routers told of the way to hosts (RFC 1191). */
export class PathMtus {
  readonly #known = new Map<Ipv4Address, { readonly mtu: number; readonly untilNs: number }>();

  get size(): number {
    return this.#known.size;
  }

  /** A router could not send so large a packet on. Only a smaller value than the known one counts (RFC 1191 §3). */
  learn(destination: Ipv4Address, mtu: number, current: number, nowNs: number): void {
    if (mtu >= this.of(destination, current, nowNs)) return;
    this.#known.delete(destination);
    this.#known.set(destination, { mtu: Math.min(Math.max(mtu, MIN_PMTU), current), untilNs: nowNs + EXPIRES_NS });
    if (this.#known.size <= ENTRIES_MAX) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  /** The largest packet that gets there, given what the device takes. */
  of(destination: Ipv4Address, deviceMtu: number, nowNs: number): number {
    const known = this.#known.get(destination);
    return known === undefined || known.untilNs <= nowNs ? deviceMtu : Math.min(known.mtu, deviceMtu);
  }
}
