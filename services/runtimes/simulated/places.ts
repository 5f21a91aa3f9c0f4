import { assert } from "../../abi/assert.ts";
import type { FaultReport, House, Stage } from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Kit } from "../../abi/kit.ts";
import type { StagesSpec, Topology } from "../../abi/topology.ts";
import type { Blows } from "../../boundary/blows.ts";
import type { EventRing } from "../../boundary/events/ring.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { lost } from "../../transports/answers.ts";
import { localTransport } from "../../transports/local.ts";
import { createBlowDesk, createPlaceNews, obeyGateOrder, type BlowOrder } from "../blows.ts";
import { control } from "../control.ts";
import { createPlainLink } from "../frames/plain.ts";
import { createGates, type Gates } from "../gates.ts";
import type { ServedHouse } from "../house.ts";
import { buildHouse } from "../houses/all.ts";
import { linksOf, nameOf, placesOf, portsOf, type LinkSpec, type Place } from "../links.ts";
import { nodeSpecOf } from "../thread-kit.ts";
import { createLife, type Life } from "./life.ts";
import { createSimulatedLinks } from "./links.ts";
import { createProcessor } from "./processor.ts";
import type { Scheduler } from "./scheduler.ts";

/** What the places of a simulated world are made of. */
export interface PlacesParts {
  readonly topology: Topology;
  readonly mutant: string | undefined;
  readonly scheduler: Scheduler;
  readonly ring: EventRing;
  /** Waits as long as a hop along an edge takes, in somebody's time. */
  readonly hop: (edge: string, clock: Kit["clock"]) => Promise<void>;
  readonly hopNs: (edge: string) => number;
  readonly kitOf: (
    node: string,
    house: House,
    life?: { readonly incarnation: number; readonly lamport: number },
  ) => Kit;
  /** Of the tasks of each node: what became of places is told there. */
  readonly taskKits: readonly Kit[];
}

/** A place as it is now. */
interface Current {
  readonly place: Place;
  readonly incarnation: number;
  readonly life: Life;
  readonly gates: Gates;
  /** Undefined for a switch. */
  readonly house: ServedHouse | undefined;
}

/** The places of a simulated world, and what strikes them. */
export interface SimulatedPlaces {
  /** The houses, by what they are now. */
  houses(): readonly ServedHouse[];
  /** The road of a caller to the houses of its node; undefined where there is none. */
  reachFrom(node: string, from: House): (to: House) => Transport | undefined;
  /** What answers at a place, whichever life it is in. */
  serveAt(place: string): Transport;
  /** What answers the lab's control there, also while the place stands still: control goes around what strikes places. */
  controlAt(place: string): Transport;
  /** Starts all of them, once. */
  start(): Promise<unknown>;
  readonly blows: Blows;
  /** What the rules did of houses that died. */
  readonly formerReports: FaultReport[];
}

/** What work costs where a world says nothing. */
const FREE: StagesSpec = {
  processors: 1,
  hopNs: 0,
  inband: { callNs: 0, frameNs: 0 },
  oob: { callNs: 0, frameNs: 0 },
};

/** Whose sleepers come first: the core's and, since no node's work can hold up a wire, the switches'. */
const stageOfPlace = (place: Place): Stage => (place.t === "switch" || place.house === "companion" ? "oob" : "inband");

/** On which stage the end of a link is signalled: what the core transmits, and what an adapted driver has its interrupt for. */
function stageOfLink({ nodes }: Topology, { kind, node, dev }: LinkSpec): Stage {
  if (kind !== "wire") return kind === "oob" ? "oob" : "inband";
  const nic = nodes.find(({ name }) => name === node)?.nics.find(({ name }) => name === dev);
  return nic?.driver === "oob-capable" ? "oob" : "inband";
}

/** The end of a link in a life of who holds it. What comes from a wire, the driver itself knows on which stage. */
function openPort(life: Life, end: FramePort, { kind }: LinkSpec): FramePort {
  if (kind === "wire") return life.port(end);
  return life.port(end, kind === "oob" ? "oob" : "inband");
}

/** When a place that was killed is started again. */
const BACK_AFTER_NS = 100e6;

/** Builds the places of a world. Nothing happens in it yet. */
export function createSimulatedPlaces(parts: PlacesParts): SimulatedPlaces {
  const { topology, mutant, scheduler, ring, hop, hopNs, kitOf } = parts;
  const { clock, clockOf } = scheduler;
  const places = placesOf({ topology });
  const specs = linksOf({ topology });
  const onBroken = (error: unknown): void => scheduler.stop(error);
  const links = createSimulatedLinks(specs, (link) =>
    createPlainLink(clockOf(stageOfLink(topology, link)), { hopNs: () => hopNs(link.name), onBroken }),
  );
  const { stages = FREE } = topology;
  const processors = new Map(topology.nodes.map(({ name }) => [name, createProcessor(clockOf, stages)]));
  const current = new Map<string, Current>();
  const formerReports: FaultReport[] = [];
  const news = createPlaceNews(parts.taskKits);
  const desk = createBlowDesk({ topology, orders: obey });
  const blows: Blows = {
    strike(effect, _crossing, lamport) {
      news.after(lamport);
      return desk.strike(effect);
    },
  };

  const serveAt =
    (name: string): Transport =>
    (invocation) => {
      const there = current.get(name);
      return there?.house === undefined
        ? Promise.resolve(lost("unreachable", `${name} is down`))
        : there.life.incoming(there.house.serve)(invocation);
    };
  const controlAt =
    (name: string): Transport =>
    (invocation) =>
      current.get(name)?.house?.serve(invocation) ?? Promise.resolve(lost("unreachable", `${name} is down`));
  const exists = new Set(places.map(nameOf));
  const reachFrom = (node: string, from: House): ((to: House) => Transport | undefined) => {
    const edges = new Map<House, Transport>();
    return (to) => {
      const name = `${node}/${to}`;
      if (!exists.has(name)) return undefined;
      const road =
        edges.get(to) ??
        localTransport(serveAt(name), {
          hop: (_leg, { stage }) => hop(`${node}/${from}>${to}`, clockOf(stage)),
        });
      edges.set(to, road);
      return road;
    };
  };

  function build(place: Place, incarnation: number, lamport: number): Current {
    const name = nameOf(place);
    const life = createLife(
      clockOf(stageOfPlace(place)),
      name,
      place.t === "house" ? processors.get(place.node) : undefined,
    );
    const gates = createGates(life.clock);
    const ports = portsOf(place, specs, (link, side) => openPort(life, links.end(link, side), link), gates);
    if (place.t === "switch") {
      createSwitch(life.clock, ports.wires);
      return { place, incarnation, life, gates, house: undefined };
    }
    const { node, house } = place;
    const reach = reachFrom(node, house);
    const served = buildHouse(house, {
      kit: life.kit(kitOf(node, house, { incarnation, lamport })),
      node: nodeSpecOf(topology, node),
      ports,
      identity: `${node}/${house}#${incarnation}`,
      epochMs: undefined,
      ring,
      eventsArrived: { wake: () => undefined },
      reach(to) {
        const road = reach(to);
        return road && life.outgoing(road);
      },
      hopToSelf: () => hop(`${node}/${house}>${house}`, life.clock),
      mutant,
      blows,
      gates,
      onBroken(error) {
        // What is left of a dead house is wrong about everything.
        if (life.isAlive()) onBroken(error);
      },
    });
    return { place, incarnation, life, gates, house: served };
  }

  async function crash(name: string, { place, incarnation, life, house }: Current): Promise<void> {
    if (house !== undefined) {
      const reply = await control(house.serve, "ctl_list_faults", {});
      if (reply.kind === "returned") formerReports.push(...reply.value.reports);
    }
    if (!life.isAlive()) return;
    life.end();
    current.delete(name);
    links.drop(name);
    const lamport = news.down(name, "crash");
    clock.after(BACK_AFTER_NS, () => {
      const next = build(place, incarnation + 1, lamport);
      current.set(name, next);
      links.connect(name);
      void Promise.resolve(next.house?.start()).then(() => {
        if (next.life.isAlive()) news.up(name, next.incarnation);
      }, onBroken);
    });
  }

  async function obey(name: string, order: BlowOrder): Promise<void> {
    assert(exists.has(name), "orders are given to places of this world");
    const there = current.get(name);
    // It is down: nothing can be done to it, and it will come back with its gates open.
    if (there === undefined) return;
    if (order.t === "gate") obeyGateOrder(there.gates, order);
    else if (order.kind === "hang") there.life.hang(order.forNs);
    else await crash(name, there);
  }

  for (const place of places) current.set(nameOf(place), build(place, 1, 0));
  for (const place of places) links.connect(nameOf(place));
  const houses = (): ServedHouse[] => [...current.values()].flatMap(({ house }) => house ?? []);
  return {
    houses,
    reachFrom,
    serveAt,
    controlAt,
    start: () => Promise.all(houses().map((house) => house.start())),
    blows,
    formerReports,
  };
}
