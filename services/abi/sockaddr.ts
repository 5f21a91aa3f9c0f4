import { hexText, parseBytesText } from "./bytes-text.ts";
import { AF, ETH_P } from "./flags.ts";
import { ipv4AddressText, parseIpv4Address, type Ipv4Address } from "./packet/ipv4-address.ts";
import { macAt, macText, MAC_BYTES, parseMac, putMac, type Mac } from "./packet/mac.ts";

/** sockaddr_in. */
export interface InetAddress {
  readonly family: "AF_INET";
  readonly address: Ipv4Address;
  readonly port: number;
}

/** sockaddr_ll. */
export interface LinkAddress {
  readonly family: "AF_PACKET";
  /** An ethertype, host byte order. */
  readonly protocol: number;
  readonly ifindex: number;
  /** PACKET_HOST 0, _BROADCAST 1, _MULTICAST 2, _OTHERHOST 3, _OUTGOING 4. */
  readonly pkttype: number;
  /** Undefined where no link address is given. */
  readonly mac: Mac | undefined;
}

/** A socket address. PF_OOB has none of its own yet: a number that its protocol gives a meaning. */
export type SocketAddress =
  { readonly family: "AF_UNSPEC" } | InetAddress | LinkAddress | { readonly family: "PF_OOB"; readonly port: number };

/** Bytes of a sockaddr_in, and of a sockaddr_ll with a link address of 6 bytes. */
export const SOCKADDR_BYTES = { AF_INET: 16, AF_PACKET: 20, PF_OOB: 8 } as const;
const ARPHRD_ETHER = 1;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The address in the layout of Linux on a little-endian machine; ports and ethertypes are in network order. */
export function buildSockaddr(address: SocketAddress): Uint8Array {
  const bytes = new Uint8Array(address.family === "AF_UNSPEC" ? 2 : SOCKADDR_BYTES[address.family]);
  const view = viewOf(bytes);
  view.setUint16(0, AF[address.family], true);
  switch (address.family) {
    case "AF_UNSPEC":
      return bytes;
    case "AF_INET":
      view.setUint16(2, address.port);
      view.setUint32(4, address.address);
      return bytes;
    case "AF_PACKET":
      view.setUint16(2, address.protocol);
      view.setInt32(4, address.ifindex, true);
      view.setUint16(8, ARPHRD_ETHER, true);
      view.setUint8(10, address.pkttype);
      view.setUint8(11, address.mac === undefined ? 0 : MAC_BYTES);
      if (address.mac !== undefined) putMac(bytes, 12, address.mac);
      return bytes;
    case "PF_OOB":
      view.setUint32(4, address.port, true);
      return bytes;
  }
}

/** Reads an address. Undefined: too short for its family, or of a family that is none of these: who asks says EINVAL, or which. */
export function parseSockaddr(bytes: Uint8Array): SocketAddress | undefined {
  if (bytes.length < 2) return undefined;
  const view = viewOf(bytes);
  switch (view.getUint16(0, true)) {
    case AF.AF_UNSPEC:
      return { family: "AF_UNSPEC" };
    case AF.AF_INET:
      if (bytes.length < SOCKADDR_BYTES.AF_INET) return undefined;
      return { family: "AF_INET", port: view.getUint16(2), address: view.getUint32(4) as Ipv4Address };
    case AF.AF_PACKET:
      if (bytes.length < SOCKADDR_BYTES.AF_PACKET) return undefined;
      return {
        family: "AF_PACKET",
        protocol: view.getUint16(2),
        ifindex: view.getInt32(4, true),
        pkttype: view.getUint8(10),
        mac: view.getUint8(11) === 0 ? undefined : macAt(bytes, 12),
      };
    case AF.PF_OOB:
      return bytes.length < SOCKADDR_BYTES.PF_OOB ? undefined : { family: "PF_OOB", port: view.getUint32(4, true) };
    default:
      return undefined;
  }
}

/** The family that an address says, whatever it is; undefined when it is too short to say one. */
export const familyOf = (bytes: Uint8Array): number | undefined =>
  bytes.length < 2 ? undefined : viewOf(bytes).getUint16(0, true);

/** How addresses are written: `10.0.0.1:7000`, `packet/2/ETH_P_IP/02:00:00:00:00:01` (index, ethertype, link address), `oob/1`, `unspec`. */
export const SOCKADDR_FORM =
  "an address such as 10.0.0.1:7000, packet/2/ETH_P_ALL, packet/2/0x88a4/02:00:00:00:00:01, oob/1, unspec, or hex:0200";

/** The text of an address; `hex:…` for what is none, and nothing for no bytes. */
export function sockaddrText(bytes: Uint8Array): string {
  const address = parseSockaddr(bytes);
  switch (address?.family) {
    case undefined:
      return bytes.length === 0 ? "" : hexText(bytes);
    case "AF_UNSPEC":
      return "unspec";
    case "AF_INET":
      return `${ipv4AddressText(address.address)}:${address.port}`;
    case "AF_PACKET": {
      const name = Object.entries(ETH_P).find(([, number]) => number === address.protocol)?.[0];
      const protocol = name ?? `0x${address.protocol.toString(16).padStart(4, "0")}`;
      return ["packet", address.ifindex, protocol, ...(address.mac === undefined ? [] : [macText(address.mac)])].join(
        "/",
      );
    }
    case "PF_OOB":
      return `oob/${address.port}`;
  }
}

const wholeNumber = (text: string | undefined, min: number, max: number): number | undefined => {
  const number = /^-?\d{1,10}$/.test(text ?? "") ? Number(text) : NaN;
  return number >= min && number <= max ? number : undefined;
};

/** Reads the text of an address; undefined for what is none. The text of a link address does not tell the kind of packet. */
export function parseSockaddrText(text: string): SocketAddress | undefined {
  if (text === "unspec") return { family: "AF_UNSPEC" };
  const [kind, ...parts] = text.split("/");
  if (kind === "oob") {
    const port = wholeNumber(parts[0], 0, 2 ** 32 - 1);
    return port !== undefined && parts.length === 1 ? { family: "PF_OOB", port } : undefined;
  }
  if (kind === "packet") {
    const [index, ethertype = "", link] = parts;
    const ifindex = wholeNumber(index, -(2 ** 31), 2 ** 31 - 1);
    const known = Object.hasOwn(ETH_P, ethertype) ? (ETH_P as Readonly<Record<string, number>>)[ethertype] : undefined;
    const protocol = known ?? (/^0x[0-9a-f]{1,4}$/i.test(ethertype) ? Number(ethertype) : undefined);
    const mac = link === undefined ? undefined : parseMac(link);
    if (ifindex === undefined || protocol === undefined || parts.length > 3) return undefined;
    if (link !== undefined && mac === undefined) return undefined;
    return { family: "AF_PACKET", ifindex, protocol, pkttype: 0, mac };
  }
  const inet = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(text);
  const address = parseIpv4Address(inet?.[1] ?? "");
  const port = Number(inet?.[2] ?? -1);
  return address === undefined || port > 0xffff ? undefined : { family: "AF_INET", address, port };
}

/** The bytes of an address that is written as text, or as the bytes themselves; undefined for what is neither. */
export function parseSockaddrBytes(text: string): Uint8Array | undefined {
  const address = parseSockaddrText(text);
  if (address !== undefined) return buildSockaddr(address);
  return text === "" || text.startsWith("hex:") ? parseBytesText(text) : undefined;
}
