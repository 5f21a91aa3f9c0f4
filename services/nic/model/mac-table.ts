import type { Mac } from "../../abi/packet/mac.ts";

interface Entry {
  port: string;
  seenNs: number;
}

/**
 * Behind which port of a switch an address was seen last (IEEE 802.1Q §8.8, the filtering database).
 *
 * Bounded: where it is full, a new address is not learnt, and its frames are flooded. So somebody who sends from ever new
 * addresses costs the others nothing that they had.
 */
export class MacTable {
  readonly #entries = new Map<Mac, Entry>();
  readonly #ageingNs: number;
  readonly #entriesMax: number;

  constructor(ageingNs: number, entriesMax: number) {
    this.#ageingNs = ageingNs;
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** An address was seen as the source of a frame. False: the table is full of others. */
  learn(mac: Mac, port: string, nowNs: number): boolean {
    const known = this.#entries.get(mac);
    if (known !== undefined) {
      known.port = port;
      known.seenNs = nowNs;
      return true;
    }
    if (this.#entries.size >= this.#entriesMax) this.#forgetAged(nowNs);
    if (this.#entries.size >= this.#entriesMax) return false;
    this.#entries.set(mac, { port, seenNs: nowNs });
    return true;
  }

  /** The port behind which an address is; undefined when it was not seen, or too long ago. */
  find(mac: Mac, nowNs: number): string | undefined {
    const known = this.#entries.get(mac);
    if (known === undefined) return undefined;
    if (nowNs - known.seenNs < this.#ageingNs) return known.port;
    this.#entries.delete(mac);
    return undefined;
  }

  #forgetAged(nowNs: number): void {
    for (const [mac, { seenNs }] of this.#entries) {
      if (nowNs - seenNs >= this.#ageingNs) this.#entries.delete(mac);
    }
  }
}
