import { assert } from "../../abi/assert.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { Counters, type RxFate, type TxDrop } from "./counters.ts";
import type { Ipv4Address } from "../../abi/packet/ipv4-address.ts";
import { MAC_ZERO, type Mac } from "../../abi/packet/mac.ts";
import type { VlanProtocol } from "../../abi/packet/vlan.ts";

/** The loopback device's index: it is the first in every network namespace. */
export const LOOPBACK_IFINDEX = 1;
/** Linux's MTU of loopback devices. */
const LOOPBACK_MTU = 65_536;
/** The least MTU that IPv4 works with (RFC 791 §3.2; Linux's ETH_MIN_MTU). */
const MTU_MIN = 68;

/** An address of a device, with the prefix of its link. */
export interface DeviceAddress {
  readonly address: Ipv4Address;
  readonly bits: number;
}

/** What kind of device: a real one has a wire, a VLAN device stands on another device, loopback on nothing. */
export type DeviceKind =
  | { readonly t: "loopback" }
  | { readonly t: "ethernet" }
  | { readonly t: "vlan"; readonly lower: number; readonly vid: number; readonly protocol: VlanProtocol };

/** A network device as the stack sees it (`struct net_device`). */
export interface Device {
  readonly ifindex: number;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly mac: Mac;
  readonly mtu: number;
  /** IFF_UP: somebody wants it to work. */
  readonly up: boolean;
  /** IFF_LOWER_UP: there is a link. A VLAN device has the carrier of the device below. */
  readonly carrier: boolean;
  /** The first is the primary one. */
  readonly addresses: readonly DeviceAddress[];
  readonly rx: Counters<RxFate>;
  readonly tx: Counters<TxDrop | "sent">;
}

/** A device changed. */
export interface DeviceChange {
  readonly t: "device";
  readonly ifindex: number;
  readonly what: "added" | "removed" | "up" | "down" | "carrier_on" | "carrier_off" | "mtu" | "addresses";
}

const writable = (device: Device): { -readonly [K in keyof Device]: Device[K] } => device;

/** The devices of a node, in the order of their indices. The loopback device is always there. */
export class Devices {
  /** By their indices, which are never given twice; undefined where one was removed. */
  readonly #byIndex: (Device | undefined)[] = [];
  #next = LOOPBACK_IFINDEX;

  constructor() {
    const lo = this.#put("lo", { t: "loopback" }, MAC_ZERO, LOOPBACK_MTU);
    assert(lo.ifindex === LOOPBACK_IFINDEX, "the loopback device is the first");
  }

  at(ifindex: number): Device | undefined {
    return this.#byIndex[ifindex];
  }

  byName(name: string): Device | undefined {
    return this.all().find((device) => device.name === name);
  }

  all(): readonly Device[] {
    return this.#byIndex.filter((device) => device !== undefined);
  }

  /** The VLAN devices that stand on a device. */
  above(ifindex: number): readonly Device[] {
    return this.all().filter(({ kind }) => kind.t === "vlan" && kind.lower === ifindex);
  }

  /** The VLAN device that gets a device's frames with this tag. */
  vlanOf(ifindex: number, protocol: VlanProtocol, vid: number): Device | undefined {
    for (const device of this.all()) {
      const { kind } = device;
      if (kind.t === "vlan" && kind.lower === ifindex && kind.vid === vid && kind.protocol === protocol) return device;
    }
    return undefined;
  }

  /** Adds a real device, down and without a carrier. EEXIST: the name is taken. EINVAL: the MTU is below 68. */
  addEthernet(name: string, mac: Mac, mtu: number): Result<Device, "EEXIST" | "EINVAL"> {
    if (this.byName(name) !== undefined) return fail("EEXIST");
    if (mtu < MTU_MIN) return fail("EINVAL");
    return ok(this.#put(name, { t: "ethernet" }, mac, mtu));
  }

  /**
   * Adds a VLAN device over another one, with its address and MTU, down.
   *
   * ENODEV: no device below. EINVAL: ids 0 and 4095 are reserved; loopback carries none. EEXIST: name or tag is taken.
   */
  addVlan(
    name: string,
    lower: number,
    vid: number,
    protocol: VlanProtocol,
  ): Result<Device, "ENODEV" | "EINVAL" | "EEXIST"> {
    const below = this.at(lower);
    if (below === undefined) return fail("ENODEV");
    if (vid < 1 || vid > 4094 || below.kind.t === "loopback") return fail("EINVAL");
    if (this.byName(name) !== undefined || this.vlanOf(lower, protocol, vid) !== undefined) return fail("EEXIST");
    const device = this.#put(name, { t: "vlan", lower, vid, protocol }, below.mac, below.mtu);
    writable(device).carrier = below.carrier;
    return ok(device);
  }

  /** Removes a device that is down and carries none. EBUSY: it is up, or loopback, or VLAN devices stand on it. */
  remove(ifindex: number): Result<readonly DeviceChange[], "ENODEV" | "EBUSY"> {
    const device = this.at(ifindex);
    if (device === undefined) return fail("ENODEV");
    if (device.up || device.kind.t === "loopback" || this.above(ifindex).length > 0) return fail("EBUSY");
    this.#byIndex[ifindex] = undefined;
    return ok([{ t: "device", ifindex, what: "removed" }]);
  }

  /** Brings a device up, and the VLAN devices on it (`vlan_device_event`). ENETDOWN: the device below is down. */
  up(ifindex: number): Result<readonly DeviceChange[], "ENODEV" | "ENETDOWN"> {
    const device = this.at(ifindex);
    if (device === undefined) return fail("ENODEV");
    if (device.kind.t === "vlan" && this.at(device.kind.lower)?.up !== true) return fail("ENETDOWN");
    return ok(this.#spread(device, "up", true, "up"));
  }

  /** Takes a device down, after the VLAN devices on it. */
  down(ifindex: number): Result<readonly DeviceChange[], "ENODEV"> {
    const device = this.at(ifindex);
    if (device === undefined) return fail("ENODEV");
    return ok(this.#spread(device, "up", false, "down").reverse());
  }

  /** The link of a real device came or went, and with it that of the VLAN devices on it. */
  setCarrier(ifindex: number, carrier: boolean): Result<readonly DeviceChange[], "ENODEV"> {
    const device = this.at(ifindex);
    if (device?.kind.t !== "ethernet") return fail("ENODEV");
    return ok(this.#spread(device, "carrier", carrier, carrier ? "carrier_on" : "carrier_off"));
  }

  /** Sets the MTU; VLAN devices on it shrink along. EINVAL: below 68, or above that of the device below. */
  setMtu(ifindex: number, mtu: number): Result<readonly DeviceChange[], "ENODEV" | "EINVAL"> {
    const device = this.at(ifindex);
    if (device === undefined) return fail("ENODEV");
    const lower = device.kind.t === "vlan" ? this.at(device.kind.lower) : undefined;
    if (mtu < MTU_MIN || mtu > (lower?.mtu ?? Infinity)) return fail("EINVAL");
    writable(device).mtu = mtu;
    const shrunk = this.above(ifindex)
      .filter((vlan) => vlan.mtu > mtu)
      .map((vlan) => this.setMtu(vlan.ifindex, mtu));
    return ok([{ t: "device", ifindex, what: "mtu" }, ...shrunk.flatMap((done) => (done.ok ? done.value : []))]);
  }

  /** Replaces the addresses; the routes that follow from them are the stack's business. */
  setAddresses(device: Device, addresses: readonly DeviceAddress[]): DeviceChange {
    writable(device).addresses = addresses;
    return { t: "device", ifindex: device.ifindex, what: "addresses" };
  }

  /** Changes a device and the VLAN devices on it; those that are so already change nothing and tell nothing. */
  #spread(device: Device, field: "up" | "carrier", value: boolean, what: DeviceChange["what"]): DeviceChange[] {
    if (device[field] === value) return [];
    writable(device)[field] = value;
    const { ifindex } = device;
    return [
      { t: "device", ifindex, what },
      ...this.above(ifindex).flatMap((vlan) => this.#spread(vlan, field, value, what)),
    ];
  }

  #put(name: string, kind: DeviceKind, mac: Mac, mtu: number): Device {
    const ifindex = this.#next++;
    const rx = new Counters<RxFate>();
    const tx = new Counters<TxDrop | "sent">();
    const carrier = kind.t === "loopback";
    const device: Device = { ifindex, name, kind, mac, mtu, up: false, carrier, addresses: [], rx, tx };
    this.#byIndex[ifindex] = device;
    return device;
  }
}
