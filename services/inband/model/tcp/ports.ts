import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import { sipHash, type SipKey } from "./siphash.ts";

/** Which ports are given to sockets that name none. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Linux's `ip_local_port_range`. */
export const LINUX_PORTS: PortRange = { first: 32768, last: 60999 };

/** illumos' `_smallest_anon_port` and `_largest_anon_port`. */
export const ILLUMOS_PORTS: PortRange = { first: 32768, last: 65535 };

/** TABLE_LENGTH of RFC 6056 §3.3.4: how many counters destinations share. */
const COUNTERS = 256;

/** What makes the two hashes of one key two functions. */
const F = 0x46;
const G = 0x47;

/**
 * Chooses ports by double hashing (RFC 6056 §3.3.4, algorithm 4): towards one destination ports go up, from a place that others
 * cannot know, so that none is used again before all were; what goes to other destinations does not show.
 */
export class PortChooser {
  readonly #key: SipKey;
  /** Made with the first choice. */
  #counters: Uint16Array | undefined;

  constructor(key: SipKey) {
    this.#key = key;
  }

  /**
   * A port that is free.
   *
   * @param remote address and port of the peer, or zeros where it is not known (RFC 6056 §3.5).
   * @returns undefined when none of the range is free.
   */
  choose(
    { first, last }: PortRange,
    local: Ipv4Address,
    remote: { readonly address: Ipv4Address; readonly port: number },
    free: (port: number) => boolean,
  ): number | undefined {
    const count = last - first + 1;
    const offset = this.#hash(F, local, remote.address, remote.port);
    const index = this.#hash(G, local, remote.address, remote.port) % COUNTERS;
    const counters = (this.#counters ??= this.#begin());
    for (let tries = 0; tries < count; tries++) {
      const counter = counters[index] ?? 0;
      counters[index] = counter + 1;
      const port = first + ((offset + counter) % count);
      if (free(port)) return port;
    }
    return undefined;
  }

  #hash(which: number, local: Ipv4Address, remote: Ipv4Address, port: number): number {
    return sipHash(this.#key, [which, local, remote, port]).low;
  }

  /** "Initialise table[] with random values." */
  #begin(): Uint16Array {
    return Uint16Array.from({ length: COUNTERS }, (_, at) => sipHash(this.#key, [at]).low);
  }
}
