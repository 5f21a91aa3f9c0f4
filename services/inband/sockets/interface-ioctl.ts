import type { PointValues } from "../../abi/contract.generated.ts";
import { SIOC } from "../../abi/flags.ts";
import { putMac } from "../../abi/packet/mac.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { buildSockaddr } from "../../abi/sockaddr.ts";
import type { Device } from "../model/device.ts";
import type { StackState } from "../model/stack/state.ts";

/** `struct ifreq`: the name, and from here on what is asked or told. */
const IFREQ_BYTES = 40;
const IFNAMSIZ = 16;

const IFF = { IFF_UP: 0x1, IFF_BROADCAST: 0x2, IFF_LOOPBACK: 0x8, IFF_RUNNING: 0x40, IFF_MULTICAST: 0x1000 } as const;
const ARPHRD = { ARPHRD_ETHER: 1, ARPHRD_LOOPBACK: 772 } as const;

type Served = Result<PointValues["sock_ioctl"], "ENODEV" | "EFAULT" | "EADDRNOTAVAIL" | "ENOTTY">;

/**
 * What can be asked about a device (`dev_ioctl`, `devinet_ioctl`), with an ifreq that names it, or its index.
 *
 * @returns ENOTTY: another command. EFAULT: no whole ifreq. ENODEV: no such device. EADDRNOTAVAIL: it has no address.
 */
export function interfaceIoctl({ devices }: StackState, cmd: number, data: Uint8Array): Served {
  const tell = TELLS.get(cmd);
  if (tell === undefined) return fail("ENOTTY");
  if (data.length < IFREQ_BYTES) return fail("EFAULT");
  const ifreq = data.slice(0, IFREQ_BYTES);
  const view = new DataView(ifreq.buffer);
  const byIndex = cmd === SIOC.SIOCGIFNAME;
  const device = byIndex ? devices.at(view.getInt32(IFNAMSIZ, true)) : devices.byName(nameIn(ifreq));
  if (device === undefined) return fail("ENODEV");
  if (!tell(device, view, ifreq)) return fail("EADDRNOTAVAIL");
  return ok({ value: 0, data: ifreq });
}

/** SIOCGIFCONF: an ifreq with an address for each address of each device. */
export function interfaceConfiguration({ devices }: StackState): Uint8Array {
  const rows = devices.all().flatMap((device) => device.addresses.map(({ address }) => ({ device, address })));
  const bytes = new Uint8Array(rows.length * IFREQ_BYTES);
  for (const [row, { device, address }] of rows.entries()) {
    const ifreq = bytes.subarray(row * IFREQ_BYTES, (row + 1) * IFREQ_BYTES);
    putName(ifreq, device);
    ifreq.set(buildSockaddr({ family: "AF_INET", address, port: 0 }), IFNAMSIZ);
  }
  return bytes;
}

/** Writes into an ifreq what is so. False: the device has no such thing. */
type Tell = (device: Device, view: DataView, ifreq: Uint8Array) => boolean;

const TELLS: ReadonlyMap<number, Tell> = new Map<number, Tell>([
  [
    SIOC.SIOCGIFNAME,
    (device, _view, ifreq) => {
      putName(ifreq, device);
      return true;
    },
  ],
  [
    SIOC.SIOCGIFINDEX,
    ({ ifindex }, view) => {
      view.setInt32(IFNAMSIZ, ifindex, true);
      return true;
    },
  ],
  [
    SIOC.SIOCGIFMTU,
    ({ mtu }, view) => {
      view.setInt32(IFNAMSIZ, mtu, true);
      return true;
    },
  ],
  [
    SIOC.SIOCGIFFLAGS,
    (device, view) => {
      view.setInt16(IFNAMSIZ, flagsOf(device), true);
      return true;
    },
  ],
  [
    SIOC.SIOCGIFADDR,
    ({ addresses }, _view, ifreq) => {
      const [first] = addresses;
      if (first === undefined) return false;
      ifreq.set(buildSockaddr({ family: "AF_INET", address: first.address, port: 0 }), IFNAMSIZ);
      return true;
    },
  ],
  [
    SIOC.SIOCGIFHWADDR,
    ({ kind, mac }, view, ifreq) => {
      const type = kind.t === "loopback" ? ARPHRD.ARPHRD_LOOPBACK : ARPHRD.ARPHRD_ETHER;
      view.setUint16(IFNAMSIZ, type, true);
      putMac(ifreq, IFNAMSIZ + 2, mac);
      return true;
    },
  ],
]);

function flagsOf({ kind, up, carrier }: Device): number {
  const loopback = kind.t === "loopback";
  const what = loopback ? IFF.IFF_LOOPBACK : IFF.IFF_BROADCAST | IFF.IFF_MULTICAST;
  return what | (up ? IFF.IFF_UP : 0) | (up && carrier ? IFF.IFF_RUNNING : 0);
}

/** The name in an ifreq, up to the first zero. */
function nameIn(ifreq: Uint8Array): string {
  const end = ifreq.subarray(0, IFNAMSIZ).indexOf(0);
  return String.fromCharCode(...ifreq.subarray(0, end === -1 ? IFNAMSIZ : end));
}

function putName(ifreq: Uint8Array, { name }: Device): void {
  ifreq.fill(0, 0, IFNAMSIZ);
  // The last byte stays zero, as everywhere in Linux.
  for (let at = 0; at < Math.min(name.length, IFNAMSIZ - 1); at++) ifreq[at] = name.charCodeAt(at);
}
