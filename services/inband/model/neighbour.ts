import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { FRESH, keyOf, newEntry, victimOf, type Entry } from "./neighbour-entry.ts";
import { macOf, mayFollow, timerOf, type NeighbourChange, type NeighbourState } from "./neighbour-state.ts";
import type { Heard, NeighbourSettings, NeighbourStep, Waiting } from "./neighbour-step.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import type { Mac } from "../../abi/packet/mac.ts";

/**
 * The neighbours of all devices, as `net/core/neighbour.c` keeps them for ARP.
 *
 *     NONE --packet--> INCOMPLETE --reply--> REACHABLE --30 s unused--> STALE --packet--> DELAY --5 s--> PROBE
 * --reply--> REACHABLE
 *                          '--3 broadcasts, no reply--> FAILED <--3 requests, no reply-------------------'
 */
export class NeighbourTable<W extends Waiting> {
  readonly #settings: NeighbourSettings;
  readonly #entries = new Map<number, Entry<W>>();
  #waitingBytes = 0;
  /** The entry that was used last: packets for one neighbour come in bursts. It is in the table, or undefined. */
  #last: Entry<W> | undefined;

  constructor(settings: NeighbourSettings) {
    this.#settings = settings;
  }

  get size(): number {
    return this.#entries.size;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Whether there is an entry, whatever its state. */
  has(ifindex: number, address: Ipv4Address): boolean {
    return this.#entries.has(keyOf(ifindex, address));
  }

  /** What is known of a neighbour. */
  stateOf(ifindex: number, address: Ipv4Address): NeighbourChange["to"] {
    return this.#entries.get(keyOf(ifindex, address))?.state.t ?? "NONE";
  }

  /** The link address of a neighbour that can be reached: confirmed lately, or set by hand. */
  macOf(ifindex: number, address: Ipv4Address): Mac | undefined {
    const state = this.#entries.get(keyOf(ifindex, address))?.state;
    return state?.t === "REACHABLE" || state?.t === "PERMANENT" ? state.mac : undefined;
  }

  /**
   * A packet wants to go to a neighbour whose link address is known and in no need of a confirmation that was not asked for yet:
   * the short way of `output`, which answers what to send it to, and changes no state. Undefined: `output` decides.
   */
  use(ifindex: number, address: Ipv4Address, nowNs: number): Mac | undefined {
    const entry = this.#entryOf(ifindex, address);
    switch (entry?.state.t) {
      case "REACHABLE":
      case "DELAY":
      case "PROBE":
      case "PERMANENT":
        entry.usedAtNs = nowNs;
        return entry.state.mac;
      default:
        return undefined;
    }
  }

  /** The entries, in the order in which they were made. */
  entries(): readonly Pick<NeighbourChange, "ifindex" | "address" | "to" | "mac">[] {
    return [...this.#entries.values()].map(({ ifindex, address, state }) => ({
      ifindex,
      address,
      to: state.t,
      mac: macOf(state),
    }));
  }

  /** A packet wants to go to a neighbour (`neigh_resolve_output`). ENOBUFS: the table is full of entries in use. */
  output(
    ifindex: number,
    address: Ipv4Address,
    packet: W,
    nowNs: number,
  ): Result<readonly NeighbourStep<W>[], "ENOBUFS"> {
    const steps: NeighbourStep<W>[] = [];
    const entry = this.#entries.get(keyOf(ifindex, address)) ?? this.#make(ifindex, address, steps, nowNs);
    if (entry === undefined) return fail("ENOBUFS");
    entry.usedAtNs = nowNs;
    const { state } = entry;
    switch (state.t) {
      case "FAILED": {
        const timerAtNs = nowNs + this.#settings.retransNs;
        const waiting: W[] = [];
        this.#enter(entry, { t: "INCOMPLETE", probes: 1, timerAtNs, waiting }, steps, nowNs);
        steps.push({ t: "probe", ifindex, address, mac: undefined });
        this.#wait(waiting, packet, steps);
        break;
      }
      case "INCOMPLETE":
        this.#wait(state.waiting, packet, steps);
        break;
      case "STALE":
        this.#enter(
          entry,
          { t: "DELAY", mac: state.mac, timerAtNs: nowNs + this.#settings.delayFirstProbeNs },
          steps,
          nowNs,
        );
        steps.push({ t: "send", ifindex, mac: state.mac, packet });
        break;
      case "REACHABLE":
      case "DELAY":
      case "PROBE":
      case "PERMANENT":
        steps.push({ t: "send", ifindex, mac: state.mac, packet });
    }
    return ok(steps);
  }

  /**
   * Somebody said where an address lives (`neigh_update`). Only a request to us makes an entry that was not there,
   * `create`;
   * ENOBUFS when the table is full of entries in use.
   */
  heard(
    ifindex: number,
    address: Ipv4Address,
    heard: Heard,
    create: boolean,
    nowNs: number,
  ): Result<readonly NeighbourStep<W>[], "ENOBUFS"> {
    const steps: NeighbourStep<W>[] = [];
    const known = this.#entries.get(keyOf(ifindex, address));
    if (known === undefined && !create) return ok(steps);
    const entry = known ?? this.#make(ifindex, address, steps, nowNs);
    if (entry === undefined) return fail("ENOBUFS");
    const before = macOf(entry.state);
    if (entry.state.t === "PERMANENT") return ok(steps);
    if (before === heard.mac && heard.to === "STALE") return ok(steps);
    const locked = known !== undefined && nowNs <= entry.updatedAtNs + this.#settings.locktimeNs;
    if (before !== undefined && before !== heard.mac && locked && !heard.gratuitous) return ok(steps);
    if (heard.to === "REACHABLE") entry.confirmedAtNs = nowNs;
    this.#learn(
      entry,
      heard.to === "STALE"
        ? { t: "STALE", mac: heard.mac }
        : { t: "REACHABLE", mac: heard.mac, timerAtNs: nowNs + this.#settings.reachableNs },
      steps,
      nowNs,
    );
    return ok(steps);
  }

  /**
   * Somebody wants to know a neighbour, and has nothing to send: it is asked unless it was confirmed lately, or is set by hand.
   * What was known of it before does not count.
   */
  solicit(ifindex: number, address: Ipv4Address, nowNs: number): Result<readonly NeighbourStep<W>[], "ENOBUFS"> {
    const steps: NeighbourStep<W>[] = [];
    const known = this.#entries.get(keyOf(ifindex, address));
    const state = known?.state.t;
    if (state === "REACHABLE" || state === "PERMANENT" || state === "INCOMPLETE") return ok(steps);
    if (known !== undefined) this.#drop(known, steps, nowNs);
    const entry = this.#make(ifindex, address, steps, nowNs);
    if (entry === undefined) return fail("ENOBUFS");
    const timerAtNs = nowNs + this.#settings.retransNs;
    this.#enter(entry, { t: "INCOMPLETE", probes: 1, timerAtNs, waiting: [] }, steps, nowNs);
    steps.push({ t: "probe", ifindex, address, mac: undefined });
    return ok(steps);
  }

  /** Sets an entry by hand (`ip neigh replace … nud permanent`). */
  setPermanent(
    ifindex: number,
    address: Ipv4Address,
    mac: Mac,
    nowNs: number,
  ): Result<readonly NeighbourStep<W>[], "ENOBUFS"> {
    const steps: NeighbourStep<W>[] = [];
    const entry = this.#entries.get(keyOf(ifindex, address)) ?? this.#make(ifindex, address, steps, nowNs);
    if (entry === undefined) return fail("ENOBUFS");
    this.#learn(entry, { t: "PERMANENT", mac }, steps, nowNs);
    return ok(steps);
  }

  /** A protocol above made progress, so the neighbour lives (RFC 1122 §2.3.2.1; Linux's `dst_confirm`). */
  confirm(ifindex: number, address: Ipv4Address, nowNs: number): void {
    const entry = this.#entryOf(ifindex, address);
    if (entry !== undefined) entry.confirmedAtNs = nowNs;
  }

  /** Forgets the device's entries: all, or all but the permanent ones when only the carrier went. */
  flush(ifindex: number, permanentToo: boolean, nowNs: number): readonly NeighbourStep<W>[] {
    const steps: NeighbourStep<W>[] = [];
    for (const entry of [...this.#entries.values()]) {
      if (entry.ifindex === ifindex && (permanentToo || entry.state.t !== "PERMANENT")) this.#drop(entry, steps, nowNs);
    }
    return steps;
  }

  /** Does what is due (`neigh_timer_handler`). */
  tick(nowNs: number): readonly NeighbourStep<W>[] {
    const steps: NeighbourStep<W>[] = [];
    for (const entry of this.#entries.values()) {
      const at = timerOf(entry.state);
      if (at !== undefined && at <= nowNs) this.#timer(entry, steps, nowNs);
    }
    return steps;
  }

  /** When the next timer runs out. */
  pollAtNs(): number | undefined {
    let next: number | undefined;
    for (const { state } of this.#entries.values()) {
      const at = timerOf(state);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    return next;
  }

  #entryOf(ifindex: number, address: Ipv4Address): Entry<W> | undefined {
    const last = this.#last;
    if (last?.address === address && last.ifindex === ifindex) return last;
    this.#last = this.#entries.get(keyOf(ifindex, address));
    return this.#last;
  }

  #timer(entry: Entry<W>, steps: NeighbourStep<W>[], nowNs: number): void {
    const { reachableNs, delayFirstProbeNs } = this.#settings;
    const { state } = entry;
    switch (state.t) {
      case "REACHABLE": {
        const { mac } = state;
        if (nowNs < entry.confirmedAtNs + reachableNs)
          entry.state = { ...state, timerAtNs: entry.confirmedAtNs + reachableNs };
        else if (nowNs <= entry.usedAtNs + delayFirstProbeNs)
          this.#enter(entry, { t: "DELAY", mac, timerAtNs: nowNs + delayFirstProbeNs }, steps, nowNs);
        else this.#enter(entry, { t: "STALE", mac }, steps, nowNs);
        return;
      }
      case "DELAY": {
        const { mac } = state;
        if (nowNs <= entry.confirmedAtNs + delayFirstProbeNs) {
          this.#enter(entry, { t: "REACHABLE", mac, timerAtNs: entry.confirmedAtNs + reachableNs }, steps, nowNs);
        } else this.#probe(entry, { t: "PROBE", mac, probes: 0, timerAtNs: nowNs }, steps, nowNs);
        return;
      }
      case "PROBE":
      case "INCOMPLETE":
        this.#probe(entry, state, steps, nowNs);
        return;
      case "STALE":
      case "FAILED":
      case "PERMANENT":
        return;
    }
  }

  /** Asks once more, or gives up (`arp_solicit`: a known address is asked itself, an unknown one by broadcast). */
  #probe(
    entry: Entry<W>,
    state: Extract<NeighbourState<W>, { readonly t: "PROBE" | "INCOMPLETE" }>,
    steps: NeighbourStep<W>[],
    nowNs: number,
  ): void {
    const { ucastSolicit, mcastSolicit, retransNs } = this.#settings;
    if (state.probes >= (state.t === "PROBE" ? ucastSolicit : mcastSolicit)) {
      this.#enter(entry, { t: "FAILED" }, steps, nowNs);
      if (state.t === "INCOMPLETE") {
        for (const packet of this.#takeWaiting(state.waiting)) {
          steps.push({ t: "unreachable", ifindex: entry.ifindex, packet });
        }
      }
      return;
    }
    this.#enter(entry, { ...state, probes: state.probes + 1, timerAtNs: nowNs + retransNs }, steps, nowNs);
    steps.push({ t: "probe", ifindex: entry.ifindex, address: entry.address, mac: macOf(state) });
  }

  /** Enters a state that knows the address, and sends what waited for it. */
  #learn(
    entry: Entry<W>,
    next: Extract<NeighbourState<W>, { readonly mac: Mac }>,
    steps: NeighbourStep<W>[],
    nowNs: number,
  ): void {
    const waiting = entry.state.t === "INCOMPLETE" ? entry.state.waiting : [];
    this.#enter(entry, next, steps, nowNs);
    for (const packet of this.#takeWaiting(waiting)) {
      steps.push({ t: "send", ifindex: entry.ifindex, mac: next.mac, packet });
    }
  }

  #enter(entry: Entry<W>, next: NeighbourState<W>, steps: NeighbourStep<W>[], nowNs: number): void {
    const before = entry.state;
    // A fresh entry is made FAILED, which is how one that nothing is known of behaves; to the outside it was NONE.
    const from = before === FRESH ? "NONE" : before.t;
    assert(mayFollow(from, next.t), `a neighbour that is ${from} may become ${next.t}`);
    entry.state = next;
    if (from === next.t && macOf(before) === macOf(next)) return;
    entry.updatedAtNs = nowNs;
    const { ifindex, address } = entry;
    steps.push({ t: "neighbour", ifindex, address, from, to: next.t, mac: macOf(next) });
  }

  #wait(waiting: W[], packet: W, steps: NeighbourStep<W>[]): void {
    const { unresQlenBytes, waitingBytesMax } = this.#settings;
    const size = packet.bytes.length;
    let queued = waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    while (queued + size > unresQlenBytes || this.#waitingBytes + size > waitingBytesMax) {
      const oldest = waiting.shift();
      steps.push({ t: "dropped", drop: "neighbour_queue_full", packet: oldest ?? packet });
      if (oldest === undefined) return;
      queued -= oldest.bytes.length;
      this.#waitingBytes -= oldest.bytes.length;
    }
    waiting.push(packet);
    this.#waitingBytes += size;
  }

  #takeWaiting(waiting: W[]): readonly W[] {
    for (const { bytes } of waiting) this.#waitingBytes -= bytes.length;
    return waiting.splice(0);
  }

  #make(ifindex: number, address: Ipv4Address, steps: NeighbourStep<W>[], nowNs: number): Entry<W> | undefined {
    if (this.#entries.size >= this.#settings.entriesMax) {
      const victim = victimOf(this.#entries.values(), nowNs);
      if (victim === undefined) return undefined;
      this.#drop(victim, steps, nowNs);
    }
    const entry = newEntry<W>(ifindex, address, nowNs);
    this.#entries.set(keyOf(ifindex, address), entry);
    return entry;
  }

  #drop(entry: Entry<W>, steps: NeighbourStep<W>[], nowNs: number): void {
    const { state, ifindex, address } = entry;
    this.#entries.delete(keyOf(ifindex, address));
    if (this.#last === entry) this.#last = undefined;
    entry.updatedAtNs = nowNs;
    steps.push({ t: "neighbour", ifindex, address, from: state.t, to: "NONE", mac: undefined });
    if (state.t !== "INCOMPLETE") return;
    for (const packet of this.#takeWaiting(state.waiting)) steps.push({ t: "dropped", drop: "tx_device_down", packet });
  }
}
