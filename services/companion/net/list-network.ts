import type { NetworkDevice, NetworkSocket, OobDevice, PointValues } from "../../abi/contract.generated.ts";
import { ipv4AddressText } from "../../abi/packet/ipv4-address.ts";
import { macText } from "../../abi/packet/mac.ts";
import { buildSockaddr, sockaddrText } from "../../abi/sockaddr.ts";
import { vlansText } from "../model/vlan-map.ts";
import { SHUTDOWN, type OobSocket } from "../sockets/socket.ts";
import type { Core } from "../state.ts";

/** The ports and diversions, the sockets, the front caches and the counters, as people see them. */
export function listNetwork(core: Core): PointValues["ctl_list_network"] {
  const { net, sockets } = core;
  return {
    devices: devices(core),
    sockets: [...sockets.values()].map(socketEntry),
    routes: net.front.routes().map(({ destination, gateway, nexthop, dev }) => ({
      destination: `${ipv4AddressText(destination)}/32`,
      gateway: gateway ? ipv4AddressText(nexthop) : "",
      dev,
      metric: 0,
      kind: "cache",
    })),
    neighbours: net.front.neighbours().map(({ address, mac, dev }) => ({
      address: ipv4AddressText(address),
      mac: macText(mac),
      dev,
      state: "REACHABLE",
    })),
    counters: net.counters.entries().map((count) => ({ ...count })),
    oob_devices: oobDevices(core),
    vlan_maps: [{ vlans: vlansText(net.vlans) }],
  };
}

function devices({ net, ports }: Core): NetworkDevice[] {
  const list = vlansText(net.vlans);
  const vlans = list === "" ? [] : [`VLANS=${list}`];
  const diverted = [...net.diversions].map(([dev]) => ({
    dev,
    ifindex: 0,
    kind: "nic",
    mac: "",
    mtu: 0,
    state: ["DIVERSION", ...vlans],
    addresses: [],
    below: "",
    driver: ports.nics.get(dev)?.medium ?? "",
  }));
  const over = [...net.ports.values()].map(({ dev, ifindex, real, mac, mtu, capable }) => ({
    dev,
    ifindex,
    kind: "port",
    mac: macText(mac),
    mtu,
    state: ["OOB_PORT"],
    addresses: [],
    below: dev === real ? "" : real,
    driver: capable ? "oob-capable" : "stock",
  }));
  return [...diverted, ...over];
}

/** The real devices that the core receives from, as it counts them (evl_net_query_port). */
const oobDevices = (core: Core): OobDevice[] =>
  [...core.net.diversions].map(([dev, { stats, program }]) => ({
    dev,
    oob_capable: core.net.transmitters.get(dev)?.thread === true,
    ...stats,
    ...poolOf(core, dev),
    filter: program?.name ?? "",
  }));

/** The buffers that a device transmits from; none without ports. */
function poolOf({ net }: Core, dev: string): Pick<OobDevice, "skb_size" | "skb_free" | "skb_total"> {
  const pool = net.transmitters.get(dev)?.pool;
  if (pool === undefined) return { skb_size: 0, skb_free: 0, skb_total: 0 };
  return { skb_size: pool.sizes.bufferBytes, skb_free: pool.free, skb_total: pool.sizes.buffers };
}

function socketEntry({ sk, oob_data, protocol, input, shutdown, efile }: OobSocket): NetworkSocket {
  const peer = protocol.peer();
  return {
    sk,
    kind: protocol.kind,
    local: sockaddrText(buildSockaddr(protocol.local())),
    peer: peer === undefined ? "" : sockaddrText(buildSockaddr(peer)),
    waiting: input.bytes,
    drops: input.drops,
    oob_data,
    state: [
      ...((shutdown & SHUTDOWN.RCV_SHUTDOWN) === 0 ? [] : ["RCV_SHUTDOWN"]),
      ...((shutdown & SHUTDOWN.SEND_SHUTDOWN) === 0 ? [] : ["SEND_SHUTDOWN"]),
      ...(efile.releasing === undefined ? [] : ["RELEASED"]),
    ],
  };
}
