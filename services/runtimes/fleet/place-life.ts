import type { Logger } from "pino";
import {
  CONTRACT,
  type CarryRequest,
  type CarryResponse,
  type House,
  type PointName,
} from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { lost, unserved } from "../../transports/answers.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import type { Carrier } from "../../transports/grpc/frame-streams.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { createFrameLinks } from "../frames/remote.ts";
import type { ServedHouse } from "../house.ts";
import { loadHouse, type Builder } from "../houses/load.ts";
import { areJoined, HOUSES, linksOf, nameOf, portsOf, type BuiltHouse, type Place, type PlacePorts } from "../links.ts";
import { createRealClock } from "../real-clock.ts";
import { createThreadKit, nodeSpecOf, type WorldFacts } from "../thread-kit.ts";

/** How long a link may take to stand; one that comes later is taken up then. */
const LINKED_WITHIN_NS = 10e9;

/** Where the places of a world are, by name. */
export type Addresses = Readonly<Record<string, string>>;

/** Who a place is in one of its lives. Plain data. */
export interface LifeFacts {
  readonly place: Place;
  readonly facts: WorldFacts;
  /** Counts its lives in this world, from 1. */
  readonly incarnation: number;
  readonly mutant: string | undefined;
  readonly frames: "auto" | "stream";
}

/** What a life needs of its process. */
export interface LifeParts {
  readonly protos: Protos;
  readonly log: Logger;
  /** An invariant is broken: nothing of this life may go on. */
  readonly onBroken: (error: unknown) => void;
}

/** A house or a switch, from when it learns who it is until it is closed. */
export interface PlaceLife {
  /** Answers calls, those that come too early once the house is built. */
  readonly serve: Transport;
  /** Takes a link for frames that another place connects. */
  accept(carrier: Carrier<CarryResponse, CarryRequest>): void;
  /** Tells it where the others are; resolves when its own links stand, or did not come to stand for too long. */
  connect(addresses: Addresses): Promise<void>;
  /** All places of the world are connected. */
  start(): Promise<void>;
  /** Ends everything: calls are answered with unreachable, links and connections are closed, no timer fires any more. Idempotent. */
  close(): void;
}

/** All that a house may be asked; what it does not serve, it answers as unserved. */
export const pointsTo = (house: House): PointName[] =>
  Object.values(CONTRACT)
    .filter(({ to }) => to === house || to === "any")
    .map(({ name }) => name);

/**
 * Begins the life of a place. The process that it lives in may have others before and after it, one at a time: nothing of
 * them is shared but the process itself.
 */
export async function openPlaceLife(life: LifeFacts, { protos, log, onBroken }: LifeParts): Promise<PlaceLife> {
  const { place, facts, incarnation, mutant, frames } = life;
  const clock = createRealClock(facts.epochMs);
  const closers: (() => void)[] = [];
  let closed = false;
  const isClosed = (): boolean => closed;
  // Loaded while the others come up.
  const builder = place.t === "house" ? loadHouse(place.house) : undefined;
  const links = linksOf(facts);
  const frameLinks = await createFrameLinks({ clock, protos, memory: frames });
  const served = new Map<string, FramePort>();
  for (const { name, ends } of links) if (ends[1] === nameOf(place)) served.set(name, frameLinks.expect(name));

  let house: ServedHouse | undefined;
  let isBuilt: () => void = () => undefined;
  const built = new Promise<void>((resolve) => (isBuilt = resolve));

  async function openPorts(addresses: Addresses): Promise<PlacePorts> {
    const connected: { readonly name: string; ready(): Promise<boolean> }[] = [];
    const ports = portsOf(place, links, ({ name, ends }, side) => {
      const address = addresses[ends[1]];
      if (side === 1 || address === undefined) return served.get(name);
      const link = frameLinks.connect({ address, link: name });
      connected.push({ name, ready: () => link.ready(LINKED_WITHIN_NS) });
      return link.port;
    });
    const ready = await Promise.all(connected.map((link) => link.ready()));
    ready.forEach((is, i) => {
      if (!is) log.error(`the link ${connected[i]?.name ?? ""} cannot be connected`);
    });
    return ports;
  }

  function buildHouse(
    node: string,
    own: BuiltHouse,
    build: Builder,
    parts: { addresses: Addresses; ports: PlacePorts },
  ): ServedHouse {
    const { kit, ring, signals } = createThreadKit(facts, node, own, incarnation, clock);
    const eventsArrived = { wake: (): void => undefined };
    signals.whenFirst = () => eventsArrived.wake();
    const reach = new Map<House, Transport>();
    for (const peer of HOUSES) {
      const address = parts.addresses[nameOf({ t: "house", node, house: peer })];
      if (address === undefined || !areJoined(own, peer)) continue;
      const client = connectHouse({ address, clock, exchange: "auto", protos });
      closers.push(() => client.close());
      reach.set(peer, client.transport);
    }
    return build({
      kit,
      node: nodeSpecOf(facts.topology, node),
      ports: parts.ports,
      identity: `${node}/${own}#${incarnation}`,
      epochMs: facts.epochMs,
      ring,
      eventsArrived,
      reach: (to) => reach.get(to),
      mutant,
      onBroken,
    });
  }

  return {
    async serve(invocation) {
      if (place.t === "switch") return unserved();
      if (house === undefined && !closed) await built;
      if (house === undefined || isClosed()) return lost("unreachable", `${nameOf(place)} has ended`);
      return house.serve(invocation);
    },
    accept: (carrier) => frameLinks.accept(carrier),
    async connect(addresses) {
      const ports = await openPorts(addresses);
      if (isClosed()) return;
      if (place.t === "switch" || builder === undefined) {
        createSwitch(clock, ports.wires);
        return;
      }
      const build = await builder;
      if (isClosed()) return;
      house = buildHouse(place.node, place.house, build, { addresses, ports });
      isBuilt();
    },
    start: async () => house?.start(),
    close() {
      if (closed) return;
      closed = true;
      isBuilt();
      clock.stop();
      frameLinks.close();
      for (const close of closers) close();
    },
  };
}
