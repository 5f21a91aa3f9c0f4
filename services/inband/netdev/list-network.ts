import type {
  NetworkCounter,
  NetworkDevice,
  NetworkNeighbour,
  NetworkRoute,
  NetworkSocket,
  PointValues,
} from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import { ipv4AddressText } from "../../abi/packet/ipv4-address.ts";
import { macText } from "../../abi/packet/mac.ts";
import type { Kernel } from "../kernel.ts";
import type { Counters } from "../model/counters.ts";
import type { Device } from "../model/device.ts";
import type { Route } from "../model/route.ts";
import type { Socket } from "../sockets/table.ts";
import { endpointText } from "../sockets/tcp-facts.ts";
import { tcpEnds, tcpQueues } from "./list-tcp.ts";

/** What the stack knows, for people: devices, sockets, routes, neighbours, and the counters that are not zero. */
export const listNetwork = (kernel: Kernel): PointValues["ctl_list_network"] => ({
  devices: kernel.stack.devices.all().map((device) => deviceOf(kernel, device)),
  sockets: [...kernel.sockets.all().map((socket) => socketOf(kernel, socket)), ...otherTcp(kernel)],
  routes: kernel.stack.routes.all().map((route) => routeOf(kernel, route)),
  neighbours: neighboursOf(kernel),
  counters: countersOf(kernel),
  oob_devices: [],
  vlan_maps: [],
});

const nameOf = ({ stack }: Kernel, ifindex: number): string => stack.devices.at(ifindex)?.name ?? "";

function deviceOf(kernel: Kernel, device: Device): NetworkDevice {
  const { ifindex, name, kind, mac, mtu, up, carrier, addresses } = device;
  const state = { UP: up, LOWER_UP: carrier, OOB_PORT: kernel.netdev.oobPorts.has(ifindex) };
  return {
    dev: name,
    ifindex,
    kind: kind.t,
    mac: macText(mac),
    mtu,
    state: Object.entries(state).flatMap(([word, so]) => (so ? [word] : [])),
    addresses: addresses.map(({ address, bits }) => `${ipv4AddressText(address)}/${bits}`),
    below: kind.t === "vlan" ? nameOf(kernel, kind.lower) : "",
    driver: kernel.ports.nics.get(name)?.medium ?? "",
  };
}

/** Where a socket is and whom it talks to. */
function endsOf(kernel: Kernel, { half }: Socket): { local: string; peer: string; state: string[] } {
  switch (half.t) {
    case "udp": {
      const { local, peer, rcvShutdown, sndShutdown } = half.udp;
      const state = [...(rcvShutdown ? ["RCV_SHUTDOWN"] : []), ...(sndShutdown ? ["SEND_SHUTDOWN"] : [])];
      return { local: endpointText(local), peer: peer === undefined ? "" : endpointText(peer), state };
    }
    case "tcp":
      return tcpEnds(half.stream.tcp);
    case "raw": {
      const { local, peer, protocol } = half.raw;
      const text = (address: typeof local): string => `${ipv4AddressText(address)}:${protocol}`;
      return { local: text(local), peer: peer === undefined ? "" : text(peer), state: [] };
    }
    case "packet": {
      const { ifindex, protocol } = half.packet;
      const dev = ifindex === 0 ? "*" : nameOf(kernel, ifindex);
      return { local: `${dev}:0x${protocol.toString(16).padStart(4, "0")}`, peer: "", state: [] };
    }
    case "oob":
      return { local: "", peer: "", state: [] };
  }
}

function queueOf({ half }: Socket): { readonly bytes: number; readonly drops: number } | undefined {
  switch (half.t) {
    case "udp":
      return half.udp.queue;
    case "raw":
      return half.raw.queue;
    case "packet":
      return half.packet.queue;
    case "tcp":
    case "oob":
      return undefined;
  }
}

function socketOf(kernel: Kernel, socket: Socket): NetworkSocket {
  const { sk, sock, half, oob_data } = socket;
  const { local, peer, state } = endsOf(kernel, socket);
  const queue = queueOf(socket);
  const tcp = half.t === "tcp" ? tcpQueues(kernel, half.stream.tcp) : undefined;
  const released = kernel.sockets.at(sock) === undefined ? ["RELEASED"] : [];
  return {
    sk,
    kind: half.t,
    local,
    peer,
    waiting: queue?.bytes ?? 0,
    drops: queue?.drops ?? 0,
    oob_data,
    state: [...state, ...released],
    ...tcp,
  };
}

/** TCP sockets that are no task's: a kernel module's, or a connection that nobody has accepted yet, or has any more. */
function otherTcp(kernel: Kernel): NetworkSocket[] {
  const others = [...kernel.stack.tcp.all()].filter(({ sk }) => kernel.sockets.ofSk(sk) === undefined);
  return others.map((tcp) => {
    const whose = kernel.ksocks.ofSk(tcp.sk) !== undefined ? ["KERNEL"] : tcp.orphan ? ["ORPHAN"] : ["UNACCEPTED"];
    const ends = tcpEnds(tcp);
    const state = [...ends.state, ...whose];
    return { sk: tcp.sk, kind: "tcp", oob_data: 0, ...ends, state, ...tcpQueues(kernel, tcp) };
  });
}

const routeOf = (kernel: Kernel, { type, destination, bits, ifindex, gateway, metric }: Route): NetworkRoute => ({
  destination: `${ipv4AddressText(destination)}/${bits}`,
  gateway: gateway === undefined ? "" : ipv4AddressText(gateway),
  dev: nameOf(kernel, ifindex),
  metric,
  kind: type,
});

const neighboursOf = (kernel: Kernel): NetworkNeighbour[] =>
  kernel.stack.neighbours.entries().map(({ ifindex, address, to, mac }) => ({
    address: ipv4AddressText(address),
    mac: mac === undefined ? "" : macText(mac),
    dev: nameOf(kernel, ifindex),
    state: to,
  }));

/** Those of the node, of each device, of each ring, and of the callbacks of kernel sockets. */
function countersOf({ stack, ports, ksocks }: Kernel): NetworkCounter[] {
  const of = (where: string, counters: Counters<string>): NetworkCounter[] =>
    counters.entries().map(([name, count]) => ({ where, name, count }));
  const counted = (where: string, counts: object): NetworkCounter[] =>
    Object.entries(counts).flatMap(([name, count]: [string, number]) => (count === 0 ? [] : [{ where, name, count }]));
  const ring = (where: string, { counts }: FramePort): NetworkCounter[] => counted(`${where} ring`, { ...counts });
  return [
    ...of("", stack.rx),
    ...of("", stack.tx),
    ...of("tcp", stack.tcpCounters),
    ...stack.devices.all().flatMap(({ name, rx, tx }) => [...of(name, rx), ...of(name, tx)]),
    ...[...ports.nics].flatMap(([name, port]) => ring(name, port)),
    ...(ports.relay === undefined ? [] : ring("relay", ports.relay)),
    ...counted("ksock callbacks", ksocks.events.counts),
  ];
}
