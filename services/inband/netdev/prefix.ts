import { INADDR_ANY, parseIpv4Address } from "../../abi/packet/ipv4-address.ts";
import type { DeviceAddress } from "../model/device.ts";

/** Reads `10.0.0.1/24`, as ip(8) does: without a length it is one host. Undefined for what is none. */
export function parsePrefix(text: string): DeviceAddress | undefined {
  const [head = "", tail = "32", ...rest] = text.split("/");
  const address = parseIpv4Address(head);
  const bits = /^\d{1,2}$/.test(tail) ? Number(tail) : 33;
  return address === undefined || bits > 32 || rest.length > 0 ? undefined : { address, bits };
}

/** Reads the destination of a route, where `default` is everybody. */
export const parseDestination = (text: string): DeviceAddress | undefined =>
  text === "default" ? { address: INADDR_ANY, bits: 0 } : parsePrefix(text);
