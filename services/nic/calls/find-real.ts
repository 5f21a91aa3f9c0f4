import { fail, ok, type Result } from "../../abi/result.ts";
import type { Card, Nics } from "../state.ts";

/**
 * The NIC of a real device. EINVAL: it is a device, but none with a NIC of its own (the loopback device, a VLAN device);
 * ENODEV: there is none of that name. VLAN devices that were made later are known by their name, `eth0.42`.
 */
export function findReal({ node, cards }: Nics, dev: string): Result<Card, "ENODEV" | "EINVAL"> {
  const card = cards.get(dev);
  if (card !== undefined) return ok(card);
  const virtual = dev === "lo" || node.vlans.some(({ name }) => name === dev) || cards.has(dev.split(".")[0] ?? "");
  return fail(virtual ? "EINVAL" : "ENODEV");
}
