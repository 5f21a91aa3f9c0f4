import type { NetemClause, NetemDirection, WireFault } from "../../abi/netem.ts";
import type { Device } from "../device.ts";
import { chancesFor } from "../model/chance.ts";
import type { Packet, Take, Wire } from "../wires/wire.ts";
import type { Stage } from "./stage.ts";
import { createStage } from "./stages.ts";

/** A wire on which things go wrong. */
export interface NetemWire extends Wire {
  /** From now on, these go wrong. Frames that the former clauses hold go on first, so that nothing is lost or overtaken. */
  set(clauses: readonly NetemClause<WireFault>[]): void;
}

/** One direction: the stages of its clauses, one after the other. */
class Pipeline {
  readonly #device: Device;
  readonly #direction: NetemDirection;
  readonly #out: (packet: Packet) => void;
  readonly #flush: () => void;
  #stages: Stage[] = [];

  constructor(device: Device, direction: NetemDirection, out: (packet: Packet) => void, flush: () => void) {
    this.#device = device;
    this.#direction = direction;
    this.#out = out;
    this.#flush = flush;
  }

  set(clauses: readonly NetemClause<WireFault>[]): void {
    // From the first stage on: what one lets go of may be held by the next.
    for (const stage of this.#stages) stage.drain();
    if (this.#stages.length > 0) this.#flush();
    const own = clauses.filter(({ directions }) => directions.includes(this.#direction));
    const { kit, dev } = this.#device;
    const chances = chancesFor(kit.seed, `${kit.node}/${dev}/${this.#direction}`, own);
    const stages: Stage[] = [];
    own.forEach(({ fault }, i) => {
      const chance = chances[i];
      if (chance === undefined) return;
      const emit = (packet: Packet): void => (stages[i + 1]?.push ?? this.#out)(packet);
      stages.push(createStage(fault, { device: this.#device, chance, emit, flush: this.#flush }));
    });
    this.#stages = stages;
  }

  push(packet: Packet): void {
    const first = this.#stages[0];
    if (first === undefined) this.#out(packet);
    else first.push(packet);
  }
}

/** Puts netem around a wire, in both directions; as long as nothing is set, it is not felt. */
export function createNetemWire(device: Device, wire: Wire): NetemWire {
  let take: Take = () => undefined;
  let done: () => void = () => undefined;
  /** What the receiver answered for the last frame: the wire waits for it, unless the frame came out later. */
  let pending: void | Promise<void>;
  const tx = new Pipeline(
    device,
    "tx",
    (packet) => wire.send(packet),
    () => wire.flush(),
  );
  const rx = new Pipeline(
    device,
    "rx",
    (packet) => void (pending = take(packet)),
    () => done(),
  );

  return {
    send: (packet) => tx.push(packet),
    flush: () => wire.flush(),
    receive(taker, whenDone) {
      take = taker;
      done = whenDone;
      wire.receive((packet) => {
        pending = undefined;
        rx.push(packet);
        return pending;
      }, whenDone);
    },
    set(clauses) {
      tx.set(clauses);
      rx.set(clauses);
    },
  };
}
