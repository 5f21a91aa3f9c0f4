/** The drivers of a NIC: one feeds frames from the out-of-band stage, the other is unmodified, its I/O happens in-band. */
export const DRIVERS = ["oob-capable", "stock"] as const;

/** A driver's name. */
export type DriverName = (typeof DRIVERS)[number];

/** A network interface controller. Its device has the same name. */
export interface NicSpec {
  readonly name: string;
  readonly driver: DriverName;
  /** Such as `02:00:00:00:00:01`. */
  readonly mac: string;
  readonly mtu: number;
  /** The name of a switch, `loopback` for a plug that sends everything back, or `` for no cable. */
  readonly wire: string;
  /** What goes wrong there, as nic_netem takes it. */
  readonly netem: string;
  /** A pcapng file that gets every frame that the NIC sends or receives; empty: none. */
  readonly capture: string;
  /** A pcap or pcapng file whose frames arrive from the wire once the link is up; empty: none. */
  readonly replay: string;
}

/** A VLAN device. */
export interface VlanSpec {
  readonly name: string;
  /** The device below. */
  readonly dev: string;
  readonly id: number;
}

/** An address of a device, such as `10.0.0.1/24`. */
interface AddressSpec {
  readonly dev: string;
  readonly address: string;
}

/** A route; an empty gateway is none. */
interface RouteSpec {
  readonly destination: string;
  readonly gateway: string;
  readonly dev: string;
  readonly metric: number;
}

/** What kernel sockets do otherwise than documented, or than illumos does; each is off unless it is written. */
export interface KsockSpec {
  /** P10: a failed connect is told as `disconnected`, an abort later as `connectfailed`, as illumos does since 2014. */
  readonly illumosQuirks: boolean;
  /** P8: a close with unread data resets the connection, as Linux does. */
  readonly linuxCloseRst: boolean;
  /** P9: what waits stays readable after SHUT_RD, as on Linux. */
  readonly linuxShutdownRead: boolean;
}

/** One kernel. */
export interface NodeSpec {
  readonly name: string;
  /** CONFIG_NET_OOB: without it SOCK_OOB is accepted and ignored. */
  readonly netOob: boolean;
  /** Absent: none of it. */
  readonly ksock?: KsockSpec | undefined;
  readonly nics: readonly NicSpec[];
  readonly vlans: readonly VlanSpec[];
  readonly addresses: readonly AddressSpec[];
  readonly routes: readonly RouteSpec[];
}

/** A switch that learns; NICs name it as their wire. */
interface SwitchSpec {
  readonly name: string;
}

/** What a piece of work of one stage costs, in nanoseconds of virtual time. */
export interface WorkCosts {
  /** Serving one call: a system call, a hook, a service of another house. */
  readonly callNs: number;
  /** Handling one frame, in each house that handles it. */
  readonly frameNs: number;
}

/** What work costs on each node, and who does it. Virtual time only: in real time work costs what it costs. */
export interface StagesSpec {
  /** 1: both stages share the node's processor. 2: the out-of-band stage has one of its own (isolcpus). */
  readonly processors: number;
  /** How long every hop between houses takes; 0: drawn from the seed. */
  readonly hopNs: number;
  readonly inband: WorkCosts;
  readonly oob: WorkCosts;
}

/** The nodes of a world, and what joins them. Plain data: it is posted and passed on. */
export interface Topology {
  readonly nodes: readonly NodeSpec[];
  readonly switches: readonly SwitchSpec[];
  /** Absent: no work costs time, and hops are drawn. */
  readonly stages?: StagesSpec | undefined;
}

/** A node without a NIC: its loopback device is all the network it has. */
export const loneNode = (name: string): NodeSpec => ({
  name,
  netOob: true,
  nics: [],
  vlans: [],
  addresses: [],
  routes: [],
});

/** One node, `alpha`, without a NIC: what experiments on files need. */
export const SINGLE: Topology = { nodes: [loneNode("alpha")], switches: [] };

const ofPair = (name: string, number: number): NodeSpec => ({
  ...loneNode(name),
  nics: [
    {
      name: "eth0",
      driver: "oob-capable",
      mac: `02:00:00:00:00:0${number}`,
      mtu: 1500,
      wire: "lan",
      netem: "",
      capture: "",
      replay: "",
    },
  ],
  addresses: [{ dev: "eth0", address: `10.0.0.${number}/24` }],
});

/** The default world: `alpha` (10.0.0.1) and `beta` (10.0.0.2), each with an out-of-band capable eth0 on one switch. */
export const PAIR: Topology = { nodes: [ofPair("alpha", 1), ofPair("beta", 2)], switches: [{ name: "lan" }] };
