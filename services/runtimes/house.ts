import type { House, PointName, PointValues, Stage } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";
import type { NodeSpec } from "../abi/topology.ts";
import type { Blows } from "../boundary/blows.ts";
import { createCaller, NOTHING_TO_STRIKE, type CallerParts } from "../boundary/caller.ts";
import { withFrameFaults, type FrameFaultParts } from "../boundary/faults/frames.ts";
import { seenBy } from "../boundary/faults/seen.ts";
import type { EventRing } from "../boundary/events/ring.ts";
import { createFaultEngine } from "../boundary/faults/engine.ts";
import type { Transport } from "../boundary/invocation.ts";
import { createReceiver, type BrokenCall } from "../boundary/receiver.ts";
import { localTransport } from "../transports/local.ts";
import { faultSeed } from "./thread-kit.ts";
import type { Gates } from "./gates.ts";
import { createHouseControl } from "./house-control.ts";
import type { Opener } from "./houses/opener.ts";
import type { BuiltHouse, PlacePorts } from "./links.ts";

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
  /** Who strikes places for its fault rules. */
  readonly blows?: Blows | undefined;
  /** What stands between it and its peers; the ports that it is given stand behind them already (`portsOf`). */
  readonly gates?: Gates | undefined;
  readonly onBroken: (error: unknown, during?: BrokenCall) => void;
}

/** A house behind its boundary. */
export interface ServedHouse {
  readonly house: BuiltHouse;
  readonly serve: Transport;
  /** The points that it answers, control among them. */
  readonly points: readonly PointName[];
  /** To be called once every house of the world answers and every link is there. */
  start(): Promise<void>;
}

const NO_NETWORK: PointValues["ctl_list_network"] = {
  devices: [],
  sockets: [],
  routes: [],
  neighbours: [],
  counters: [],
  oob_devices: [],
  vlan_maps: [],
};

/** The number at the end of a house's identity, such as 2 of `alpha/vfs#2`. */
const incarnationOf = (identity: string): number => Number(identity.slice(identity.lastIndexOf("#") + 1));

/** The ends of its links, where faults strike frames that leave and that arrive. */
function faultyPorts(parts: FrameFaultParts, { host, oob, wires, relay }: PlacePorts): PlacePorts {
  const all = (some: PlacePorts["host"], stage: Stage): PlacePorts["host"] =>
    new Map([...some].map(([dev, port]) => [dev, withFrameFaults(parts, port, { dev, stage })]));
  return {
    host: all(host, "inband"),
    oob: all(oob, "oob"),
    wires: all(wires, "inband"),
    relay: relay && withFrameFaults(parts, relay, { dev: "", stage: "inband" }),
  };
}

/** Builds a house with its boundary on both sides: what is answered goes in, what it calls goes out by `reach`. */
export function createHouse<H extends BuiltHouse>(house: H, open: Opener<H>, parts: HouseParts): ServedHouse {
  const { node, identity, mutant, epochMs, blows, gates, onBroken } = parts;
  const engine = createFaultEngine(faultSeed(parts.kit));
  const kit = { ...parts.kit, events: seenBy(engine, parts.kit) };
  const ports = faultyPorts({ engine, kit, identity }, parts.ports);
  // A hook from a house to itself crosses the boundary like every other: it is traced, and faults strike it.
  const self = localTransport((invocation) => serve(invocation), {
    hop: parts.hopToSelf ?? (() => Promise.resolve()),
  });
  const reach: CallerParts["reach"] = (to) => {
    if (to === house) return self;
    const road = parts.reach(to);
    return road === undefined ? undefined : (gates?.outgoing(`${kit.node}/${to}`, road) ?? road);
  };
  const hooks = createCaller(house, { kit, identity, reach, engine, blows });
  const incarnation = incarnationOf(identity);
  const opened = open({ kit, hooks, node, ports, incarnation, mutant, epochMs });
  const { handlers } = opened;
  const control = createHouseControl({
    engine,
    ring: parts.ring,
    clock: kit.clock,
    eventsArrived: parts.eventsArrived,
    listFiles: () => opened.listFiles?.() ?? [],
    listTasks: () => opened.listTasks?.() ?? [],
    listNetwork: () => opened.listNetwork?.() ?? NO_NETWORK,
    freezeStage: (forNs) => opened.freezeStage?.(forNs),
  });
  const faults = { engine, identity, blows: blows ?? NOTHING_TO_STRIKE };
  const serve = createReceiver({ kit, house, handlers, control, faults, onBroken });
  return {
    house,
    serve: gates?.incoming(serve) ?? serve,
    points: [handlers, control].flatMap((one) => Object.keys(one) as PointName[]),
    start: async () => opened.start?.(),
  };
}
