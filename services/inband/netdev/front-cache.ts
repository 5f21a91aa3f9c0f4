import type { Context } from "../../abi/context.ts";
import { ipv4AddressText } from "../../abi/packet/ipv4-address.ts";
import { MAC_BYTES, putMac, type Mac } from "../../abi/packet/mac.ts";
import type { Kernel } from "../kernel.ts";
import type { NeighbourChange } from "../model/neighbour-state.ts";
import type { Resolved } from "../model/stack/state.ts";
import type { ToldNeighbour } from "./state.ts";

/** Destinations that we remember to have told. */
const ROUTES_MAX = 1024;
/** Notices that may wait for a core that does not answer, as far as packets alone can make them. */
const PENDING_MAX = 4096;

/**
 * Tells the core something for its front caches, in order after what it was told before, while the packet's way goes on.
 * In-band, no lock held: those of the step that it follows from may be released when its turn comes.
 */
function notify(kernel: Kernel, context: Context, call: (inside: Context) => Promise<unknown>): void {
  const { front } = kernel.netdev;
  const inside: Context = { ...context, stage: "inband", locks: [], chain: [] };
  front.pending++;
  front.last = front.last.then(async () => {
    await call(inside);
    front.pending--;
    if (front.pending === 0 && front.behind) catchUp(kernel, inside);
  });
}

/** The core answers again: it is told what became different meanwhile. Routes are told with the next datagrams. */
function catchUp(kernel: Kernel, context: Context): void {
  const { front } = kernel.netdev;
  front.behind = false;
  const now = kernel.stack.neighbours.entries();
  const known = new Set(now.map(keyOf));
  for (const [key, told] of front.neighbours) {
    if (!known.has(key)) tellNeighbour(kernel, context, { ...told, to: "NONE" });
  }
  for (const neighbour of now) tellNeighbour(kernel, context, neighbour);
}

const nameOf = (kernel: Kernel, ifindex: number): string => kernel.stack.devices.at(ifindex)?.name ?? "";

function bytesOf(mac: Mac): Uint8Array {
  const bytes = new Uint8Array(MAC_BYTES);
  putMac(bytes, 0, mac);
  return bytes;
}

const keyOf = ({ ifindex, address }: Pick<NeighbourChange, "ifindex" | "address">): string => `${ifindex} ${address}`;

function updateNeighbour(kernel: Kernel, context: Context, told: ToldNeighbour, reachable: boolean): void {
  const args = {
    dev: nameOf(kernel, told.ifindex),
    address: ipv4AddressText(told.address),
    mac: bytesOf(told.mac),
    reachable,
  };
  notify(kernel, context, (inside) => kernel.hooks.oob_neighbour_update(inside, args));
}

/**
 * A neighbour is in a state: the core is told when it is a port's, and is reachable now or is so no more. The core sends
 * to nobody else, since a STALE address may be another's by now (facts 6.8).
 */
export function tellNeighbour(
  kernel: Kernel,
  context: Context,
  { ifindex, address, to, mac }: Pick<NeighbourChange, "ifindex" | "address" | "to" | "mac">,
): void {
  const { oobPorts, front } = kernel.netdev;
  if (!oobPorts.has(ifindex)) return;
  const key = keyOf({ ifindex, address });
  const told = front.neighbours.get(key);
  const now = to === "REACHABLE" || to === "PERMANENT" ? mac : undefined;
  if (told?.mac === now) return;
  if (front.pending >= PENDING_MAX) {
    front.behind = true;
    return;
  }
  if (now !== undefined) {
    const neighbour = { ifindex, address, mac: now };
    front.neighbours.set(key, neighbour);
    updateNeighbour(kernel, context, neighbour, true);
  } else if (told !== undefined) {
    front.neighbours.delete(key);
    updateNeighbour(kernel, context, told, false);
  }
}

/** A route was resolved for a socket: the core learns it when it leads through a port, and was not told already. */
export function learnRoute(kernel: Kernel, context: Context, resolved: Resolved): void {
  const { oobPorts, front } = kernel.netdev;
  const { destination, source, ifindex, nexthop, mtu, broadcast } = resolved;
  if (!oobPorts.has(ifindex)) return;
  const known = front.routes.get(destination);
  if (known?.ifindex === ifindex && known.nexthop === nexthop && known.mtu === mtu) return;
  if (front.pending >= PENDING_MAX) return;
  for (const oldest of front.routes.keys()) {
    if (front.routes.size < ROUTES_MAX) break;
    front.routes.delete(oldest);
  }
  front.routes.set(destination, resolved);
  const args = {
    destination: ipv4AddressText(destination),
    source: ipv4AddressText(source),
    dev: nameOf(kernel, ifindex),
    nexthop: ipv4AddressText(nexthop),
    mtu,
    gateway: nexthop !== destination,
    broadcast,
    forget: false,
  };
  notify(kernel, context, (inside) => kernel.hooks.oob_route_learn(inside, args));
}

/**
 * Routes changed: the core forgets what it learned, and learns anew when they are used (Linux makes every cached route
 * stale, too, `rt_genid_bump`).
 *
 * @param ifindex of one device only, whose port ended.
 */
export function forgetRoutes(kernel: Kernel, context: Context, ifindex?: number): void {
  const { routes } = kernel.netdev.front;
  const devices = new Set<number>();
  for (const [destination, route] of routes) {
    if (ifindex !== undefined && route.ifindex !== ifindex) continue;
    routes.delete(destination);
    devices.add(route.ifindex);
  }
  for (const of of devices) {
    const none = { destination: "", source: "", nexthop: "", mtu: 0, gateway: false, broadcast: false };
    const args = { ...none, dev: nameOf(kernel, of), forget: true };
    notify(kernel, context, (inside) => kernel.hooks.oob_route_learn(inside, args));
  }
}

/** What the core was told of a device is gone with it: another core is told anew. */
export function forgetTold({ netdev }: Kernel, ifindex: number): void {
  const { neighbours, routes } = netdev.front;
  for (const [key, told] of neighbours) if (told.ifindex === ifindex) neighbours.delete(key);
  for (const [destination, told] of routes) if (told.ifindex === ifindex) routes.delete(destination);
}

/** A device has become a port: the core is told of the neighbours that are known there already. */
export function tellNeighboursOf(kernel: Kernel, context: Context, ifindex: number): void {
  for (const neighbour of kernel.stack.neighbours.entries()) {
    if (neighbour.ifindex === ifindex) tellNeighbour(kernel, context, neighbour);
  }
}

/** A device is a port no more: nothing of it is left in the core's caches, to be found there when it is one again. */
export function forgetPort(kernel: Kernel, context: Context, ifindex: number): void {
  forgetRoutes(kernel, context, ifindex);
  const { neighbours } = kernel.netdev.front;
  for (const [key, told] of neighbours) {
    if (told.ifindex !== ifindex) continue;
    neighbours.delete(key);
    updateNeighbour(kernel, context, told, false);
  }
}
