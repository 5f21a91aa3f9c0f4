import { assert } from "../abi/assert.ts";
import { ETH_P } from "../abi/packet/ethernet.ts";
import { networkOf, parseIpv4Address } from "../abi/packet/ipv4-address.ts";
import { parseMac } from "../abi/packet/mac.ts";
import type { Kernel } from "./kernel.ts";
import type { Device } from "./model/device.ts";
import { addAddress, addEthernet, addRoute, addVlan, setCarrier, setUp } from "./model/stack/admin.ts";
import { parseDestination, parsePrefix } from "./netdev/prefix.ts";

/**
 * Builds the devices of the node and brings them up, with their addresses and routes, before anybody watches: no fact is
 * recorded, and no event told. A NIC's device has a carrier until netif_carrier says otherwise.
 *
 * The world's file was checked when it was read, so what does not fit here is a mistake of ours.
 */
export function bringUp({ node, stack, kit }: Kernel): void {
  const nowNs = kit.clock.nowNs();
  const named = (name: string): Device => {
    const device = stack.devices.byName(name);
    assert(device !== undefined, `the device ${name} of the node ${node.name} is there`);
    return device;
  };
  for (const { name, mac, mtu } of node.nics) {
    const address = parseMac(mac);
    assert(address !== undefined, `${mac} is a link address`);
    const added = addEthernet(stack, name, address, mtu).result;
    assert(added.ok, `the device ${name} can be added`);
    setCarrier(stack, added.value.ifindex, true, nowNs);
    setUp(stack, added.value.ifindex, true, nowNs);
  }
  for (const { name, dev, id } of node.vlans) {
    const added = addVlan(stack, name, named(dev).ifindex, id, ETH_P.ETH_P_8021Q).result;
    assert(added.ok, `the VLAN device ${name} can be added`);
    setUp(stack, added.value.ifindex, true, nowNs);
  }
  for (const { dev, address } of node.addresses) {
    const prefix = parsePrefix(address);
    assert(prefix !== undefined, `${address} is an address with its prefix`);
    addAddress(stack, named(dev).ifindex, prefix);
  }
  for (const { destination, gateway, dev, metric } of node.routes) {
    const prefix = parseDestination(destination);
    assert(prefix !== undefined, `${destination} is a prefix`);
    const added = addRoute(stack, {
      type: "unicast",
      destination: networkOf(prefix.address, prefix.bits),
      bits: prefix.bits,
      ifindex: named(dev).ifindex,
      gateway: gateway === "" ? undefined : parseIpv4Address(gateway),
      metric,
      source: undefined,
    });
    assert(added.ok, `the route to ${destination} can be added`);
  }
}
