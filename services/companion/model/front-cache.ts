import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { isMulticast, multicastMac } from "../../abi/packet/ipv4-address.ts";
import { MAC_BROADCAST, type Mac } from "../../abi/packet/mac.ts";

/** An output route through a port, as the in-band stack has resolved it. */
export interface FrontRoute {
  readonly destination: Ipv4Address;
  readonly source: Ipv4Address;
  readonly dev: string;
  readonly nexthop: Ipv4Address;
  /** The path's MTU; 0: not said. */
  readonly mtu: number;
  readonly gateway: boolean;
  readonly broadcast: boolean;
}

/** A neighbour on a port. */
export interface FrontNeighbour {
  readonly dev: string;
  readonly address: Ipv4Address;
  readonly mac: Mac;
}

/** Each cache holds so many at most; the one that was learnt first goes. */
const ENTRIES_MAX = 4096;

/**
 * What the core knows of the ways out: two caches in front of the in-band stack's tables, which alone fills them
 * (facts/dovetail 6.8). Looking something up never waits and asks nobody.
 */
export class FrontCache {
  readonly #routes = new Map<Ipv4Address, FrontRoute>();
  readonly #neighbours = new Map<string, FrontNeighbour>();

  routes(): readonly FrontRoute[] {
    return [...this.#routes.values()];
  }

  neighbours(): readonly FrontNeighbour[] {
    return [...this.#neighbours.values()];
  }

  learnRoute(route: FrontRoute): void {
    keep(this.#routes, route.destination, route);
  }

  forgetRoute(destination: Ipv4Address): void {
    this.#routes.delete(destination);
  }

  forgetRoutes(): void {
    this.#routes.clear();
  }

  learnNeighbour(neighbour: FrontNeighbour): void {
    keep(this.#neighbours, keyOf(neighbour.dev, neighbour.address), neighbour);
  }

  forgetNeighbour(dev: string, address: Ipv4Address): void {
    this.#neighbours.delete(keyOf(dev, address));
  }

  /** Forgets everything about a device that is no port any more. */
  forgetDevice(dev: string): void {
    for (const [destination, route] of this.#routes) if (route.dev === dev) this.#routes.delete(destination);
    for (const [key, neighbour] of this.#neighbours) if (neighbour.dev === dev) this.#neighbours.delete(key);
  }

  /** The route to an address; undefined: a miss. */
  route(destination: Ipv4Address): FrontRoute | undefined {
    return this.#routes.get(destination);
  }

  /** The link address behind a route; everybody's, or a multicast's, needs no neighbour for its own. */
  linkOf({ dev, destination, nexthop, broadcast }: FrontRoute): Mac | undefined {
    if (broadcast) return MAC_BROADCAST;
    return isMulticast(destination) ? multicastMac(destination) : this.#neighbours.get(keyOf(dev, nexthop))?.mac;
  }
}

const keyOf = (dev: string, address: Ipv4Address): string => `${address} ${dev}`;

function keep<K, V>(cache: Map<K, V>, key: K, value: V): void {
  cache.delete(key);
  cache.set(key, value);
  const [oldest] = cache.keys();
  if (cache.size > ENTRIES_MAX && oldest !== undefined) cache.delete(oldest);
}
