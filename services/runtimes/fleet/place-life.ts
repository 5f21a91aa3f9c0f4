import type { Logger } from "pino";
import {
  CONTRACT,
  type CarryRequest,
  type CarryResponse,
  type FaultEffect,
  type House,
  type PointName,
} from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { BrokenCall } from "../../boundary/receiver.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { lost, unserved } from "../../transports/answers.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import type { Carrier } from "../../transports/grpc/frame-streams.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { refusalFacts, type Refusal } from "../../transports/refusals.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import { createRoad, type Road } from "../distributed/road.ts";
import { createFrameLinks } from "../frames/remote.ts";
import { createGates, type Gates } from "../gates.ts";
import type { ServedHouse } from "../house.ts";
import { loadHouse, type Builder } from "../houses/load.ts";
import {
  areJoined,
  HOUSES,
  linksOf,
  nameOf,
  portsOf,
  type LinkSpec,
  type BuiltHouse,
  type Place,
  type PlacePorts,
} from "../links.ts";
import { createRealClock } from "../real-clock.ts";
import { createBlowRequests } from "./blow-requests.ts";
import { createThreadKit, nodeSpecOf, originOf, type WorldFacts } from "../thread-kit.ts";

/** How long a link may take to stand; one that comes later is taken up then. */
const LINKED_WITHIN_NS = 10e9;
/** How long to wait for a peer that is said to be back. */
const REACHED_WITHIN_NS = 2e9;

/** Where the places of a world are, by name. */
export type Addresses = Readonly<Record<string, string>>;

/** Who a place is in one of its lives. Plain data. */
export interface LifeFacts {
  readonly place: Place;
  readonly facts: WorldFacts;
  /** Counts its lives in this world, from 1. */
  readonly incarnation: number;
  /** The Lamport stamp that all of this life comes after: 0 for the first one. */
  readonly lamport: number;
  readonly mutant: string | undefined;
  readonly frames: "auto" | "stream";
}

/** What a life needs of its process. */
export interface LifeParts {
  readonly protos: Protos;
  readonly log: Logger;
  /** Who the process is to peers on other machines. */
  readonly tls?: TlsIdentity | undefined;
  /** The folder for memory that is shared with the other places of the node; absent: the usual one. */
  readonly shm?: string | undefined;
  /** Asks for a blow that a rule of the place wants; the answer is `struck`. */
  readonly askBlow: (blow: number, effect: FaultEffect, lamport: number) => void;
  /** An invariant is broken: nothing of this life may go on. */
  readonly onBroken: (error: unknown, during?: BrokenCall) => void;
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
  /** A peer has begun another life: connects to it anew. Resolves when it is reached, or is not for too long. */
  reach(peer: string): Promise<void>;
  /** What stands between it and its peers. */
  readonly gates: Gates;
  /** The blow of this number was struck. */
  struck(blow: number): void;
  /** Somebody was refused at the door of this place: that is an event of its house. */
  refused(refusal: Refusal): void;
  /** For so long, calls wait before they are acted on: it is about to stand still. */
  hold(forNs: number): void;
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
export async function openPlaceLife(life: LifeFacts, parts: LifeParts): Promise<PlaceLife> {
  const { protos, log, tls, shm, onBroken } = parts;
  const { place, facts, incarnation, lamport, mutant, frames } = life;
  const clock = createRealClock(facts.epochMs);
  const closers: (() => void)[] = [];
  let closed = false;
  const isClosed = (): boolean => closed;
  // Loaded while the others come up.
  const builder = place.t === "house" ? loadHouse(place.house) : undefined;
  const links = linksOf(facts);
  const gates = createGates(clock);
  const blows = createBlowRequests(parts.askBlow);
  let held: Promise<void> | undefined;
  let tellRefused: (refusal: Refusal) => void = (refusal) => log.warn(refusal, "a peer was refused");
  const frameLinks = await createFrameLinks({ clock, protos, memory: frames, tls, shm, origin: originOf(facts) });
  if (shm !== undefined && frames === "auto" && frameLinks.whyStream !== "")
    log.warn({ shm, why: frameLinks.whyStream }, "no memory is shared here: frames travel over streams");
  const served = new Map<string, FramePort>();
  for (const { name, ends } of links) if (ends[1] === nameOf(place)) served.set(name, frameLinks.expect(name));

  /** What this place connects to, and connects to again when a peer is back. */
  const roads = new Map<string, Road>();
  const linked: { readonly peer: string; again(waitNs: number): Promise<boolean> }[] = [];
  let house: ServedHouse | undefined;
  let isBuilt: () => void = () => undefined;
  const built = new Promise<void>((resolve) => (isBuilt = resolve));

  async function openPorts(addresses: Addresses): Promise<PlacePorts> {
    const connected: { readonly name: string; ready(): Promise<boolean> }[] = [];
    const open = ({ name, ends }: LinkSpec, side: 0 | 1): FramePort | undefined => {
      const address = addresses[ends[1]];
      if (side === 1 || address === undefined) return served.get(name);
      const link = frameLinks.connect({ address, link: name });
      connected.push({ name, ready: () => link.ready(LINKED_WITHIN_NS) });
      linked.push({ peer: ends[1], again: (waitNs) => link.again(waitNs) });
      return link.port;
    };
    const ports = portsOf(place, links, open, gates);
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
    const { kit, ring, signals } = createThreadKit(facts, node, own, incarnation, lamport, clock);
    tellRefused = refusalFacts(kit);
    const eventsArrived = { wake: (): void => undefined };
    signals.whenFirst = () => eventsArrived.wake();
    const reach = new Map<House, Transport>();
    for (const peer of HOUSES) {
      const name = nameOf({ t: "house", node, house: peer });
      const address = parts.addresses[name];
      if (address === undefined || !areJoined(own, peer)) continue;
      const road = createRoad(() => connectHouse({ address, clock, tls, exchange: "auto", protos }));
      closers.push(() => road.close());
      roads.set(name, road);
      void road.up(0);
      reach.set(peer, road.transport);
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
      blows,
      gates,
      onBroken,
    });
  }

  return {
    async serve(invocation) {
      if (place.t === "switch") return unserved();
      if (house === undefined && !closed) await built;
      if (held !== undefined) await held;
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
    async reach(peer) {
      const again = linked.filter((link) => link.peer === peer).map((link) => link.again(REACHED_WITHIN_NS));
      await Promise.all([roads.get(peer)?.up(REACHED_WITHIN_NS), ...again]);
    },
    gates,
    struck: (blow) => blows.struck(blow),
    refused: (refusal) => tellRefused(refusal),
    hold(forNs) {
      const holding: Promise<void> = clock.sleepNs(forNs).then(() => {
        if (held === holding) held = undefined;
      });
      held = holding;
    },
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
