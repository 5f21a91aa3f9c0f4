import type { House, PointName } from "../abi/contract.generated.ts";
import { unreachable } from "../abi/assert.ts";
import type { Kit } from "../abi/kit.ts";
import { createCaller } from "../boundary/caller.ts";
import type { EventRing } from "../boundary/events/ring.ts";
import { createFaultEngine } from "../boundary/faults/engine.ts";
import type { Transport } from "../boundary/invocation.ts";
import { createReceiver } from "../boundary/receiver.ts";
import { createCompanion } from "../companion/companion.ts";
import { MUTANTS, type Mutant } from "../companion/mutants.ts";
import { createVfs } from "../vfs/vfs.ts";
import { createHouseControl } from "./house-control.ts";

/** The houses that are built. The others' hooks answer like empty weak definitions. */
export const HOUSES = ["vfs", "companion"] as const satisfies readonly House[];

/** A house that is built. */
export type BuiltHouse = (typeof HOUSES)[number];

/** The bad cores by name, for those who get the name at run time. */
const MUTANT_NAMED: ReadonlyMap<string, Mutant> = new Map(Object.entries(MUTANTS));

/** What a runtime gives a house. */
export interface HouseParts {
  readonly kit: Kit;
  readonly identity: string;
  readonly ring: EventRing;
  /** Wakes whoever waits for events; the runtime calls it from the ring's `whenFirst`. */
  readonly eventsArrived: { wake(): void };
  readonly reach: (house: House) => Transport | undefined;
  /** The bad core to build in place of the reference; only the companion has any. */
  readonly mutant: string | undefined;
  readonly onBroken: (error: unknown) => void;
}

/** A house behind its boundary. */
export interface ServedHouse {
  readonly serve: Transport;
  /** The points that it answers, control among them. */
  readonly points: readonly PointName[];
}

const pointsOf = (...handlers: readonly object[]): PointName[] =>
  handlers.flatMap((one) => Object.keys(one) as PointName[]);

/** Builds a house with its boundary on both sides: what is answered goes in, what it calls goes out by `reach`. */
export function createHouse(house: BuiltHouse, parts: HouseParts): ServedHouse {
  const { kit, identity, reach, onBroken } = parts;
  const engine = createFaultEngine(kit.seed);
  const withControl = (
    listFiles: Parameters<typeof createHouseControl>[0]["listFiles"],
  ): ReturnType<typeof createHouseControl> =>
    createHouseControl({ engine, ring: parts.ring, clock: kit.clock, eventsArrived: parts.eventsArrived, listFiles });
  switch (house) {
    case "vfs": {
      const vfs = createVfs(kit, createCaller("vfs", { kit, identity, reach, engine }));
      const control = withControl(() => vfs.listFiles());
      const serve = createReceiver({ kit, house, handlers: vfs.handlers, control, onBroken });
      return { serve, points: pointsOf(vfs.handlers, control) };
    }
    case "companion": {
      const temper = parts.mutant === undefined ? undefined : MUTANT_NAMED.get(parts.mutant)?.temper;
      const hooks = createCaller("companion", { kit, identity, reach, engine });
      const companion = createCompanion(kit, hooks, { nics: new Map(), relay: undefined }, temper);
      const control = withControl(() => companion.listFiles());
      const serve = createReceiver({ kit, house, handlers: companion.handlers, control, onBroken });
      return { serve, points: pointsOf(companion.handlers, control) };
    }
    default:
      return unreachable(house, "the house");
  }
}
