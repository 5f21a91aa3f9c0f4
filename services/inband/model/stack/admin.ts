import { fail, ok, type Result } from "../../../abi/result.ts";
import { LOOPBACK_IFINDEX, type Device, type DeviceAddress, type DeviceChange } from "../device.ts";
import { broadcastOf, networkOf, type Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import type { Mac } from "../../../abi/packet/mac.ts";
import type { VlanProtocol } from "../../../abi/packet/vlan.ts";
import type { Route } from "../route.ts";
import { performNeighbourSteps } from "./neighbour-steps.ts";
import { ask, type Run, type StackState } from "./state.ts";
import { step, type Outcome } from "./step.ts";

/** A new device, and that it is there. */
type Added<E extends "EEXIST" | "EINVAL" | "ENODEV"> = Outcome<Result<Device, E>>;

/** Adds a real device. Errors: `Devices.addEthernet`. */
export const addEthernet = (state: StackState, name: string, mac: Mac, mtu: number): Added<"EEXIST" | "EINVAL"> =>
  added(state.devices.addEthernet(name, mac, mtu));

/** Adds a VLAN device. Errors: `Devices.addVlan`. */
export const addVlan = (
  state: StackState,
  name: string,
  lower: number,
  vid: number,
  protocol: VlanProtocol,
): Added<"ENODEV" | "EINVAL" | "EEXIST"> => added(state.devices.addVlan(name, lower, vid, protocol));

function added<E extends "EEXIST" | "EINVAL" | "ENODEV">(result: Result<Device, E>): Added<E> {
  if (!result.ok) return { result, effects: [] };
  return { result, effects: [{ t: "event", event: { t: "device", ifindex: result.value.ifindex, what: "added" } }] };
}

/**
 * Removes a device and its routes and neighbours. ENODEV: there is none. EBUSY: it is up, or VLAN devices stand on it.
 */
export const removeDevice = (state: StackState, ifindex: number): Outcome<Result<undefined, "ENODEV" | "EBUSY">> =>
  step(state, 0, (run) => follow(run, state.devices.remove(ifindex)));

/**
 * Brings a device up or takes it down; routes and neighbours follow (`fib_netdev_event`). ENETDOWN: the device below is
 * down.
 */
export const setUp = (
  state: StackState,
  ifindex: number,
  up: boolean,
  nowNs: number,
): Outcome<Result<undefined, "ENODEV" | "ENETDOWN">> =>
  step(state, nowNs, (run) => follow(run, up ? state.devices.up(ifindex) : state.devices.down(ifindex)));

/** The link of a real device came or went. ENODEV: it is none. */
export const setCarrier = (
  state: StackState,
  ifindex: number,
  carrier: boolean,
  nowNs: number,
): Outcome<Result<undefined, "ENODEV">> =>
  step(state, nowNs, (run) => follow(run, state.devices.setCarrier(ifindex, carrier)));

/** Sets a device's MTU. EINVAL: below 68, or above that of the device below. */
export const setMtu = (
  state: StackState,
  ifindex: number,
  mtu: number,
): Outcome<Result<undefined, "ENODEV" | "EINVAL">> =>
  step(state, 0, (run) => follow(run, state.devices.setMtu(ifindex, mtu)));

/** Does what follows from a change of devices, and passes the change on. */
function follow<E extends "ENODEV" | "EBUSY" | "ENETDOWN" | "EINVAL">(
  run: Run,
  changes: Result<readonly DeviceChange[], E>,
): Result<undefined, E> {
  if (!changes.ok) return changes;
  const { state, nowNs } = run;
  for (const event of changes.value) {
    const { ifindex, what } = event;
    ask(run, { t: "event", event });
    const device = state.devices.at(ifindex);
    if (what === "up" && device !== undefined) {
      for (const address of device.addresses) addRoutes(state, device, address);
    }
    if (what === "down" || what === "removed") state.routes.flush(ifindex);
    if (what === "down" || what === "carrier_off") {
      performNeighbourSteps(run, state.neighbours.flush(ifindex, what === "down", nowNs));
    }
  }
  return ok(undefined);
}

/** The routes that an address brings along (`fib_add_ifaddr`). */
function routesOf({ ifindex }: Device, { address, bits }: DeviceAddress): readonly Route[] {
  const base = { ifindex, gateway: undefined, metric: 0, source: address };
  const network = networkOf(address, bits);
  const local = { ...base, type: "local", destination: address, bits: 32 } as const;
  if (bits === 32) return [local];
  // All of 127.0.0.0/8 is this host; the network of another device is on its link.
  const type = ifindex === LOOPBACK_IFINDEX ? "local" : "unicast";
  const link = { ...base, type, destination: network, bits } as const;
  // Two hosts have no need of a broadcast (RFC 3021).
  if (bits === 31) return [local, link];
  return [local, link, { ...base, type: "broadcast", destination: broadcastOf(address, bits), bits: 32 }];
}

function addRoutes(state: StackState, device: Device, address: DeviceAddress): void {
  for (const route of routesOf(device, address)) state.routes.add(route);
}

/** Gives a device one more address. ENODEV: no such device. EEXIST: it has the address. */
export function addAddress(
  state: StackState,
  ifindex: number,
  address: DeviceAddress,
): Outcome<Result<undefined, "ENODEV" | "EEXIST">> {
  const device = state.devices.at(ifindex);
  if (device === undefined) return { result: fail("ENODEV"), effects: [] };
  if (device.addresses.some((there) => there.address === address.address))
    return { result: fail("EEXIST"), effects: [] };
  const event = state.devices.setAddresses(device, [...device.addresses, address]);
  if (device.up) addRoutes(state, device, address);
  return { result: ok(undefined), effects: [{ t: "event", event }] };
}

/** Takes an address away, with its routes. EADDRNOTAVAIL: the device does not have it. */
export function removeAddress(
  state: StackState,
  ifindex: number,
  address: Ipv4Address,
): Outcome<Result<undefined, "ENODEV" | "EADDRNOTAVAIL">> {
  const device = state.devices.at(ifindex);
  if (device === undefined) return { result: fail("ENODEV"), effects: [] };
  const gone = device.addresses.find((there) => there.address === address);
  if (gone === undefined) return { result: fail("EADDRNOTAVAIL"), effects: [] };
  const event = state.devices.setAddresses(
    device,
    device.addresses.filter((there) => there !== gone),
  );
  for (const route of routesOf(device, gone)) state.routes.remove(route);
  // Another address of the same network has the same routes.
  if (device.up) for (const left of device.addresses) addRoutes(state, device, left);
  return { result: ok(undefined), effects: [{ t: "event", event }] };
}

/** Adds a route by hand. False: it is there. ENODEV, ENETDOWN: of its device. Others: `RouteTables.add`. */
export function addRoute(
  state: StackState,
  route: Route,
): Result<boolean, "ENODEV" | "ENETDOWN" | "EINVAL" | "ENETUNREACH"> {
  const device = state.devices.at(route.ifindex);
  if (device === undefined) return fail("ENODEV");
  return device.up ? state.routes.add(route) : fail("ENETDOWN");
}
