import { fail, ok, type Result } from "../../../abi/result.ts";
import { LOOPBACK_IFINDEX, type Device } from "../device.ts";
import {
  IN6ADDR_LOOPBACK,
  INADDR_ANY,
  INADDR_BROADCAST,
  INADDR_LOOPBACK,
  isMulticast,
  networkOf,
  type Ipv4Address,
} from "../../../abi/packet/ipv4-address.ts";
import type { Path } from "../path.ts";
import type { StackState } from "./state.ts";

/** What a socket has fixed. */
export interface Wishes {
  /** The address it is bound to; INADDR_ANY leaves the choice to the route. */
  readonly source: Ipv4Address;
  /** The device it is bound to, or 0. */
  readonly ifindex: number;
}

/**
 * The address of a host to use on a device: one of the target's subnet, or the device's first, or any other
 * (`inet_select_addr`).
 */
export function selectSource(state: StackState, device: Device, target: Ipv4Address): Ipv4Address {
  const near = device.addresses.find(({ address, bits }) => networkOf(address, bits) === networkOf(target, bits));
  if (near !== undefined) return near.address;
  const own = device.addresses[0] ?? state.devices.all().find(hasForeignAddress)?.addresses[0];
  return own?.address ?? INADDR_ANY;
}

const hasForeignAddress = ({ kind, up, addresses }: Device): boolean =>
  kind.t !== "loopback" && up && addresses.length > 0;

/**
 * Finds the way to a destination (`ip_route_output_key`).
 *
 * ENETUNREACH: no route, or the device that was asked for is down. EHOSTUNREACH: a route says that it cannot be reached.
 */
export function routeOutput(
  state: StackState,
  wanted: Ipv4Address,
  { source, ifindex }: Wishes,
): Result<Path, "ENETUNREACH" | "EHOSTUNREACH"> {
  // To nobody means to oneself.
  const destination = wanted !== INADDR_ANY ? wanted : source !== INADDR_ANY ? source : INADDR_LOOPBACK;
  const route = state.routes.lookup(destination, ifindex === 0 ? undefined : ifindex);
  if (route?.type === "unreachable") return fail("EHOSTUNREACH");
  // With a device and no route the destination is taken to be on the link, as Linux does.
  const device = state.devices.at(route?.type === "local" ? LOOPBACK_IFINDEX : (route?.ifindex ?? ifindex));
  if (!device?.up) return fail("ENETUNREACH");
  const everybody = destination === INADDR_BROADCAST || isMulticast(destination);
  const nexthop = everybody ? destination : (route?.gateway ?? destination);
  // ::1 has a number of that subnet, and is an address of its own.
  const preferred = destination === IN6ADDR_LOOPBACK ? destination : route?.source;
  return ok({
    kind: kindOf(destination, route?.type),
    device,
    destination,
    nexthop,
    source: source !== INADDR_ANY ? source : (preferred ?? selectSource(state, device, nexthop)),
  });
}

function kindOf(destination: Ipv4Address, type: "unicast" | "local" | "broadcast" | undefined): Path["kind"] {
  if (isMulticast(destination)) return "multicast";
  if (destination === INADDR_BROADCAST) return "broadcast";
  return type ?? "unicast";
}
