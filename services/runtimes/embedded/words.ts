import type { MessagePort } from "node:worker_threads";
import type { FaultEffect } from "../../abi/contract.generated.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import type { BlowOrder } from "../blows.ts";
import type { SharedLinkEnd } from "../frames/shared.ts";
import type { BuiltHouse, Place } from "../links.ts";
import type { WorldFacts } from "../thread-kit.ts";

/** A port to a house that this one calls or that calls it. */
export interface PeerPort {
  readonly house: BuiltHouse;
  readonly port: MessagePort;
}

/** What the main thread gives the thread of a house or a switch. */
export interface HouseWorkerData {
  readonly place: Place;
  /** Counts the lives of the place, from 1. */
  readonly incarnation: number;
  /** The Lamport stamp that all of this life comes after. */
  readonly lamport: number;
  readonly facts: WorldFacts;
  readonly mutant: string | undefined;
  /** What the protos say, where somebody is reached by gRPC: that takes longer to read than to pass on. */
  readonly protos?: Protos | undefined;
  /** How nice the thread is to others; absent: as nice as they are. */
  readonly nice?: number | undefined;
  /** The port to the tasks and the lab. */
  readonly lab: MessagePort;
  /** The ports to those that are there already; others come by order. */
  readonly peers: readonly PeerPort[];
  /** Its ends of links to those that are there already, by the links' names. */
  readonly ends: ReadonlyMap<string, SharedLinkEnd>;
}

/** What it is told afterwards. Each order is carried out before the next; those with a number are answered. */
export type WorkerOrder =
  | { readonly t: "start" }
  /** A peer has begun a life: the port to it, and the ends of links to it. */
  | { readonly t: "peer"; readonly port: PeerPort | undefined; readonly ends: ReadonlyMap<string, SharedLinkEnd> }
  /** Tasks that run in another thread call this place by the port. */
  | { readonly t: "admit"; readonly port: MessagePort }
  /** The place at the other end of these links is down. */
  | { readonly t: "gone"; readonly place: string; readonly links: readonly string[] }
  | { readonly t: "blow"; readonly number: number; readonly order: BlowOrder }
  /** The blow that it asked for was struck. */
  | { readonly t: "struck"; readonly number: number };

/** What it says. */
export type WorkerWord =
  | { readonly t: "serving" | "started" }
  | { readonly t: "obeyed"; readonly number: number }
  /** A rule of it asks for a blow. */
  | { readonly t: "ask"; readonly number: number; readonly effect: FaultEffect; readonly lamport: number };
