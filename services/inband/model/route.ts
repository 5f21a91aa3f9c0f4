import { fail, ok, type Result } from "../../abi/result.ts";
import { networkOf, type Ipv4Address } from "../../abi/packet/ipv4-address.ts";

/** What a route does with a packet (`RTN_*`). */
export type RouteType = "unicast" | "local" | "broadcast" | "unreachable";

/** One route. It is the same route as another if all but `source` are equal. */
export interface Route {
  readonly type: RouteType;
  readonly destination: Ipv4Address;
  /** Length of the prefix, 0 to 32. */
  readonly bits: number;
  readonly ifindex: number;
  /** The router to send through; undefined when the destination is on the link. */
  readonly gateway: Ipv4Address | undefined;
  /** Of two routes for one prefix the one with the lower metric is taken. */
  readonly metric: number;
  /** The source that packets get which have none yet (`prefsrc`). */
  readonly source: Ipv4Address | undefined;
}

/** So many addresses are remembered for what they are; anybody can send from any address. */
const TYPES_MAX = 1024;

/** Prefixes of one length, and the routes of each by metric, older first among equals. */
type Level = Map<Ipv4Address, Route[]>;

/** One table: a level for each prefix length, tried from the longest on. */
class Table {
  readonly #levels: readonly Level[] = Array.from({ length: 33 }, () => new Map<Ipv4Address, Route[]>());
  /** The lengths that have prefixes, the longest first: there are few. */
  #lengths: readonly number[] = [];

  at(address: Ipv4Address, bits: number): readonly Route[] {
    return this.#levels[bits]?.get(networkOf(address, bits)) ?? [];
  }

  put(route: Route): void {
    const routes = [...this.at(route.destination, route.bits), route].sort((a, b) => a.metric - b.metric);
    this.#levels[route.bits]?.set(route.destination, routes);
    this.#note();
  }

  remove(doomed: (route: Route) => boolean): readonly Route[] {
    const removed: Route[] = [];
    for (const level of this.#levels) {
      for (const [prefix, routes] of level) {
        removed.push(...routes.filter(doomed));
        const left = routes.filter((route) => !doomed(route));
        if (left.length === 0) level.delete(prefix);
        else level.set(prefix, left);
      }
    }
    this.#note();
    return removed;
  }

  find(address: Ipv4Address, fits: (route: Route) => boolean): Route | undefined {
    for (const bits of this.#lengths) {
      const route = this.at(address, bits).find(fits);
      if (route !== undefined) return route;
    }
    return undefined;
  }

  all(): readonly Route[] {
    return this.#levels.flatMap((level) => [...level.values()].flat()).reverse();
  }

  #note(): void {
    this.#lengths = [...this.#levels.keys()].filter((bits) => (this.#levels[bits]?.size ?? 0) > 0).reverse();
  }
}

const same = (a: Route, b: Route): boolean =>
  a.type === b.type &&
  a.destination === b.destination &&
  a.bits === b.bits &&
  a.ifindex === b.ifindex &&
  a.gateway === b.gateway &&
  a.metric === b.metric;

/**
 * The routing tables: `local` is asked first, then `main`, each for the longest prefix that matches (RFC 1812 §5.2.4.3).
 *
 * Local and broadcast routes come from addresses, the others from hand or from addresses too.
 */
export class RouteTables {
  readonly #local = new Table();
  readonly #main = new Table();
  readonly #types = new Map<Ipv4Address, RouteType>();
  #generation = 0;

  /** Changes whenever a route does: what was looked up before may be wrong. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Adds a route. False when there is the very same one (EEXIST).
   *
   * EINVAL: bits of the destination beyond the prefix are set. ENETUNREACH: the gateway is not on the device's link.
   */
  add(route: Route): Result<boolean, "EINVAL" | "ENETUNREACH"> {
    if (networkOf(route.destination, route.bits) !== route.destination) return fail("EINVAL");
    if (route.gateway !== undefined) {
      const link = this.lookup(route.gateway, route.ifindex);
      if (link?.type !== "unicast" || link.gateway !== undefined) return fail("ENETUNREACH");
    }
    const table = this.#tableOf(route);
    if (table.at(route.destination, route.bits).some((there) => same(there, route))) return ok(false);
    table.put(route);
    this.#changed();
    return ok(true);
  }

  /** Removes one route. ESRCH: there is none like it. */
  remove(route: Route): Result<undefined, "ESRCH"> {
    if (this.#tableOf(route).remove((there) => same(there, route)).length === 0) return fail("ESRCH");
    this.#changed();
    return ok(undefined);
  }

  /** Removes all routes of a device that goes down; answers them. */
  flush(ifindex: number): readonly Route[] {
    const ofDevice = (route: Route): boolean => route.ifindex === ifindex;
    this.#changed();
    return [...this.#local.remove(ofDevice), ...this.#main.remove(ofDevice)];
  }

  /** The route for an address, among those of one device if it is given. Undefined: ENETUNREACH. */
  lookup(address: Ipv4Address, ifindex?: number): Route | undefined {
    const fits = (route: Route): boolean => ifindex === undefined || route.ifindex === ifindex;
    // A host's own addresses are reached whatever device is asked for: the local table knows no device here, as in Linux
    // where such a route leads over the loopback device.
    return (
      this.#local.find(address, (route) => route.type === "local" || fits(route)) ?? this.#main.find(address, fits)
    );
  }

  /** What an address is to this host (`inet_addr_type`). */
  typeOf(address: Ipv4Address): RouteType {
    const known = this.#types.get(address);
    if (known !== undefined) return known;
    const type = this.#local.find(address, () => true)?.type ?? "unicast";
    if (this.#types.size >= TYPES_MAX) this.#types.clear();
    this.#types.set(address, type);
    return type;
  }

  /** All routes: the local table, then the main one, longest prefixes first. */
  all(): readonly Route[] {
    return [...this.#local.all(), ...this.#main.all()];
  }

  #changed(): void {
    this.#generation++;
    this.#types.clear();
  }

  #tableOf({ type }: Route): Table {
    return type === "local" || type === "broadcast" ? this.#local : this.#main;
  }
}
