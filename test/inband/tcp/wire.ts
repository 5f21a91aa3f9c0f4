import type { Agenda } from "./agenda.ts";

/** What a wire does to what it carries. Chances are in thousandths. */
export interface WirePlan {
  readonly delayNs: number;
  /** Each segment takes up to this much longer, so that later ones may overtake it. */
  readonly jitterNs: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly corrupt: number;
  /** A segment that is held back for as long again as three delays. */
  readonly reorder: number;
  /** Now and then this many segments in a row are lost. */
  readonly burst: number;
  /** Bytes in a second; 0: any number. What does not fit into the queue is dropped. */
  readonly bytesPerSecond: number;
  readonly queueBytes: number;
  /** Nothing comes through from `fromNs` on, for `lengthNs`. */
  readonly blackouts: readonly { readonly fromNs: number; readonly lengthNs: number }[];
  /** The largest datagram that passes, from `atNs` on; who sends a larger one is told (ICMP_FRAG_NEEDED). */
  readonly mtus: readonly { readonly atNs: number; readonly mtu: number }[];
}

/** A wire that does nothing but carry. */
export const CLEAN: WirePlan = {
  delayNs: 5_000_000,
  jitterNs: 0,
  loss: 0,
  duplicate: 0,
  corrupt: 0,
  reorder: 0,
  burst: 0,
  bytesPerSecond: 0,
  queueBytes: 0,
  blackouts: [],
  mtus: [],
};

/** Bytes of the IPv4 header that the wire counts, and never builds. */
const IPV4_HEADER = 20;

/** One direction of a wire. */
export class Wire {
  readonly #plan: WirePlan;
  readonly #agenda: Agenda;
  readonly #draw: (below: number) => number;
  readonly #deliver: (bytes: Uint8Array, corrupted: boolean) => void;
  readonly #tooBig: (mtu: number) => void;
  /** When the bottleneck has sent all that waits before it. */
  #busyUntilNs = 0;
  #burstLeft = 0;
  lost = 0;

  /**
   * @param deliver called at the other end.
   * @param tooBig called at this end, a delay after a segment was dropped for its size.
   */
  constructor(
    plan: WirePlan,
    agenda: Agenda,
    draw: (below: number) => number,
    deliver: (bytes: Uint8Array, corrupted: boolean) => void,
    tooBig: (mtu: number) => void,
  ) {
    this.#plan = plan;
    this.#agenda = agenda;
    this.#draw = draw;
    this.#deliver = deliver;
    this.#tooBig = tooBig;
  }

  #chance(thousandths: number): boolean {
    return thousandths > 0 && this.#draw(1000) < thousandths;
  }

  #isDark(nowNs: number): boolean {
    return this.#plan.blackouts.some(({ fromNs, lengthNs }) => nowNs >= fromNs && nowNs < fromNs + lengthNs);
  }

  /** The largest datagram that passes now. */
  mtuAt(nowNs: number): number {
    return this.#plan.mtus.findLast(({ atNs }) => nowNs >= atNs)?.mtu ?? 65_535;
  }

  #drops(nowNs: number): boolean {
    if (this.#isDark(nowNs)) return true;
    if (this.#burstLeft > 0) {
      this.#burstLeft--;
      return true;
    }
    if (this.#plan.burst > 0 && this.#chance(5)) {
      this.#burstLeft = this.#plan.burst - 1;
      return true;
    }
    return this.#chance(this.#plan.loss);
  }

  /** When the bottleneck has sent these bytes; undefined: the queue before it is full. */
  #departure(bytes: number, nowNs: number): number | undefined {
    const { bytesPerSecond, queueBytes } = this.#plan;
    if (bytesPerSecond === 0) return nowNs;
    const waitsNs = Math.max(0, this.#busyUntilNs - nowNs);
    if ((waitsNs / 1e9) * bytesPerSecond > queueBytes) return undefined;
    this.#busyUntilNs = nowNs + waitsNs + (bytes * 1e9) / bytesPerSecond;
    return Math.ceil(this.#busyUntilNs);
  }

  /** Takes a segment; the wire keeps these bytes. */
  carry(bytes: Uint8Array): void {
    const { nowNs } = this.#agenda;
    const { delayNs, jitterNs } = this.#plan;
    const size = bytes.length + IPV4_HEADER;
    const mtu = this.mtuAt(nowNs);
    if (size > mtu) {
      this.lost++;
      // The report may be lost as anything else.
      if (!this.#drops(nowNs)) this.#agenda.at(nowNs + delayNs, () => this.#tooBig(mtu));
      return;
    }
    const departsAtNs = this.#drops(nowNs) ? undefined : this.#departure(size, nowNs);
    if (departsAtNs === undefined) {
      this.lost++;
      return;
    }
    const copies = this.#chance(this.#plan.duplicate) ? 1 + this.#draw(3) : 1;
    for (let copy = 0; copy < copies; copy++) {
      const extraNs =
        (jitterNs > 0 ? this.#draw(jitterNs) : 0) + (this.#chance(this.#plan.reorder) ? 3 * delayNs + 1_000_000 : 0);
      const corrupted = this.#chance(this.#plan.corrupt);
      const carried = corrupted ? this.#corrupt(bytes) : bytes;
      this.#agenda.at(departsAtNs + delayNs + extraNs, () => this.#deliver(carried, corrupted));
    }
  }

  /** One byte becomes another one: an error that the checksum finds for sure (RFC 1071: a burst of up to 15 bits). */
  #corrupt(bytes: Uint8Array): Uint8Array {
    const broken = bytes.slice();
    const at = this.#draw(broken.length);
    broken[at] = (broken[at] ?? 0) ^ (1 + this.#draw(255));
    return broken;
  }
}
