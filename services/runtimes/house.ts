import type { FileEntry, House, PointName, PointValues } from "../abi/contract.generated.ts";
import { unreachable } from "../abi/assert.ts";
import type { Kit } from "../abi/kit.ts";
import type { NodeSpec } from "../abi/topology.ts";
import { createCaller, type CallerParts } from "../boundary/caller.ts";
import type { EventRing } from "../boundary/events/ring.ts";
import { createFaultEngine } from "../boundary/faults/engine.ts";
import type { Handlers } from "../boundary/hooks.ts";
import type { Transport } from "../boundary/invocation.ts";
import { createReceiver } from "../boundary/receiver.ts";
import { createInband } from "../inband/inband.ts";
import { createNic } from "../nic/nic.ts";
import { createCompanion } from "../companion/companion.ts";
import { MUTANTS, type Mutant } from "../companion/mutants.ts";
import { localTransport } from "../transports/local.ts";
import { faultSeed } from "./thread-kit.ts";
import { createVfs } from "../vfs/vfs.ts";
import { filesOfNics } from "./captures.ts";
import { createHouseControl } from "./house-control.ts";
import type { BuiltHouse, PlacePorts } from "./links.ts";

/** The bad cores by name, for those who get the name at run time. */
const MUTANT_NAMED: ReadonlyMap<string, Mutant> = new Map(Object.entries(MUTANTS));

/** What a runtime gives a house. */
export interface HouseParts {
  readonly kit: Kit;
  readonly node: NodeSpec;
  readonly ports: PlacePorts;
  readonly identity: string;
  /** The wall clock's time when the world booted; undefined where time is virtual. */
  readonly epochMs: number | undefined;
  readonly ring: EventRing;
  /** Wakes whoever waits for events; the runtime calls it from the ring's `whenFirst`. */
  readonly eventsArrived: { wake(): void };
  /** The other houses of the node. */
  readonly reach: (house: House) => Transport | undefined;
  /** How long a leg takes of a call that the house makes to itself. */
  readonly hopToSelf?: () => Promise<void>;
  /** The bad core to build in place of the reference; only the companion has any. */
  readonly mutant: string | undefined;
  readonly onBroken: (error: unknown) => void;
}

/** A house behind its boundary. */
export interface ServedHouse {
  readonly serve: Transport;
  /** The points that it answers, control among them. */
  readonly points: readonly PointName[];
  /** To be called once every house of the world answers and every link is there. */
  start(): Promise<void>;
}

/** What a house is to its runtime. */
interface Opened<H extends BuiltHouse> {
  readonly handlers: Handlers<H>;
  listFiles?(): readonly FileEntry[];
  listNetwork?(): PointValues["ctl_list_network"];
  start?(): void | Promise<void>;
}

const NO_NETWORK: PointValues["ctl_list_network"] = {
  devices: [],
  sockets: [],
  routes: [],
  neighbours: [],
  counters: [],
};

/** Builds a house with its boundary on both sides: what is answered goes in, what it calls goes out by `reach`. */
export function createHouse(house: BuiltHouse, parts: HouseParts): ServedHouse {
  const { kit, node, ports, identity, onBroken } = parts;
  const engine = createFaultEngine(faultSeed(kit));
  // A hook from a house to itself crosses the boundary like every other: it is traced, and faults strike it.
  const self = localTransport((invocation) => served.serve(invocation), {
    hop: parts.hopToSelf ?? (() => Promise.resolve()),
  });
  const reach: CallerParts["reach"] = (to) => (to === house ? self : parts.reach(to));
  const callerParts: CallerParts = { kit, identity, reach, engine };

  function serveHouse<H extends BuiltHouse>(own: H, opened: Opened<H>): ServedHouse {
    const { handlers } = opened;
    const control = createHouseControl({
      engine,
      ring: parts.ring,
      clock: kit.clock,
      eventsArrived: parts.eventsArrived,
      listFiles: () => opened.listFiles?.() ?? [],
      listNetwork: () => opened.listNetwork?.() ?? NO_NETWORK,
    });
    return {
      serve: createReceiver({ kit, house: own, handlers, control, onBroken }),
      points: [handlers, control].flatMap((one) => Object.keys(one) as PointName[]),
      start: async () => opened.start?.(),
    };
  }

  function build(): ServedHouse {
    switch (house) {
      case "vfs":
        return serveHouse(house, createVfs(kit, createCaller(house, callerParts)));
      case "inband": {
        const { host: nics, relay } = ports;
        return serveHouse(house, createInband(kit, createCaller(house, callerParts), node, { nics, relay }));
      }
      case "companion": {
        const temper = parts.mutant === undefined ? undefined : MUTANT_NAMED.get(parts.mutant)?.temper;
        const { oob: nics, relay } = ports;
        return serveHouse(house, createCompanion(kit, createCaller(house, callerParts), { nics, relay }, temper));
      }
      case "nic":
        return serveHouse(
          house,
          createNic(kit, createCaller(house, callerParts), node, { ...ports, ...filesOfNics(node, parts.epochMs) }),
        );
      default:
        return unreachable(house, "the house");
    }
  }
  const served = build();
  return served;
}
