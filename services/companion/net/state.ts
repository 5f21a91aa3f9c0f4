import type { FramePort } from "../../abi/frame.ts";
import type { Timer } from "../../abi/kit.ts";
import type { Context } from "../../abi/context.ts";
import type { EthernetFrame } from "../../abi/packet/ethernet.ts";
import type { Ipv4Packet } from "../../abi/packet/ipv4.ts";
import type { Mac } from "../../abi/packet/mac.ts";
import { Reassembler } from "../../abi/packet/reassembly.ts";
import type { RunnableProgram } from "../../bpf/program.ts";
import type { Gate } from "../gate.ts";
import type { BufferPool } from "../model/buffer-pool.ts";
import { Counters } from "../model/counters.ts";
import { FrontCache } from "../model/front-cache.ts";
import type { DeviceStats } from "../model/device-stats.ts";
import type { RxBuffer } from "../model/rx-buffer.ts";
import { type Endpoint, UdpSlots } from "../model/udp-slots.ts";
import type { OobSocket } from "../sockets/socket.ts";
import type { Sleep } from "../sleep.ts";

/** The links for what the core transmits. */
export interface CompanionPorts {
  /** To the NIC of each real device, by its name: the full path. */
  readonly nics: ReadonlyMap<string, FramePort>;
  /** To the in-band stack, which transmits for stock drivers: the partial path. */
  readonly relay: FramePort | undefined;
}

/** An out-of-band port: a device that threads receive from and send to. Who uses it is inside. */
export interface OobPort extends Gate {
  readonly dev: string;
  readonly ifindex: number;
  /** The real device at the bottom. */
  readonly real: string;
  /** 0: it is the real device. */
  readonly vlan: number;
  readonly mac: Mac;
  readonly mtu: number;
  /** Whether the real device's driver transmits out-of-band. */
  readonly capable: boolean;
}

/** A program that was verified, and sits at a device. */
interface AttachedFilter {
  readonly name: string;
  /** Whether it says how many bytes it wants, and no verdict. */
  readonly classic: boolean;
  readonly runnable: RunnableProgram;
}

/** A real device whose input is diverted, or is about to be. */
export interface Diversion {
  /** Whether somebody asked for it, ports apart. */
  wanted: boolean;
  /** The filter program, where one is attached: its seat. */
  program: AttachedFilter | undefined;
  /** What handles the frames that are taken. */
  readonly thread: ReceiveThread;
  readonly stats: DeviceStats;
  /** The buffers of a capable driver that frames are in which nobody has received yet. */
  held: number;
}

/** The thread that handles what is received on a real device (`<dev>.rx` in EVL). */
export interface ReceiveThread {
  readonly name: string;
  /** SCHED_FIFO. */
  readonly priority: number;
  /** Frames that it has still to handle, in the order in which they were taken. */
  queue: RxFrame[];
  /** The end of its work, as far as there is some by now. */
  done: Promise<void>;
  awake: boolean;
}

/** A thread that waits for a buffer. EIDRM: the last port of the device has ended. */
export type BufferWaiter = Sleep<undefined, "EIDRM" | "ETIMEDOUT">;

/** A frame that waits for its device, in a buffer of its pool, charged to its socket. */
export interface Queued {
  readonly frame: EthernetFrame;
  /** The number that it is known by in the trace. */
  readonly number: number;
  readonly port: OobPort;
  readonly socket: OobSocket;
  readonly charge: number;
  /** When its call began, and when it was queued. */
  readonly handedNs: number;
  readonly queuedNs: number;
  /** Where its way goes on: no task's, in the sender's trace. */
  readonly context: Context;
}

/** The transmit side of a real device, as long as it has ports. */
export interface Transmitter {
  readonly real: string;
  readonly pool: BufferPool<BufferWaiter>;
  /** Whether a thread of its own transmits (`<dev>.tx`); else a list is relayed to the in-band stack. */
  readonly thread: boolean;
  /** First in, first out: the queueing discipline before the device, or the relay list. */
  readonly queue: Queued[];
  /** The end of what is being transmitted. */
  busy: Promise<void>;
  running: boolean;
  stopped: boolean;
  /** Ends the sleep before a link that had no room is tried again. */
  tryAgain: (() => void) | undefined;
}

/** Somebody who is bound to a UDP port. */
export interface UdpReceiver {
  readonly socket: () => OobSocket;
  /** Whether a datagram is for it, by its peer and by the device that it came in on. */
  readonly accepts: (from: Endpoint, ifindex: number) => boolean;
}

/** Somebody who listens to frames. */
export interface PacketListener {
  readonly socket: () => OobSocket;
  readonly protocol: number;
  /** 0: every device. */
  readonly ifindex: number;
}

/** A frame that the core has taken. */
export interface RxFrame {
  readonly context: Context;
  readonly frame: number;
  /** What counts for the real device. */
  readonly stats: DeviceStats;
  /** What it came in; undefined: there was none for it, so it is dropped. */
  readonly buffer: RxBuffer | undefined;
  /** When it came to the device, and when the receive thread took it; undefined: nobody wanted to know when it came. */
  readonly times: { readonly deviceNs: number; readonly queuingNs: number } | undefined;
  /** The device that it arrived on: the port, or the real device where none is meant. */
  readonly dev: string;
  readonly port: OobPort | undefined;
  /** Without its tags. */
  readonly ethernet: EthernetFrame;
}

/** What the core knows of the network. */
export interface Net {
  /** By device. */
  readonly ports: Map<string, OobPort>;
  /** By real device. */
  readonly diversions: Map<string, Diversion>;
  /** By real device. */
  readonly transmitters: Map<string, Transmitter>;
  vlans: ReadonlySet<number>;
  readonly front: FrontCache;
  readonly slots: UdpSlots<UdpReceiver>;
  /** In the order in which they were bound. */
  readonly listeners: Set<PacketListener>;
  /** The sockets that want to know the times of what they receive. */
  readonly stampers: Set<OobSocket>;
  /** Clones that can be made still: a frame for many is cloned for each of them. */
  clones: number;
  /** In-band buffers that the core is done with, and which wait for an in-band worker to free them. */
  recycling: number;
  readonly reassembler: Reassembler;
  /** The frames whose fragments wait, by their datagram. */
  readonly fragments: Map<Ipv4Packet, RxFrame>;
  fragmentTimer: Timer | undefined;
  readonly counters: Counters;
  /** Of the datagrams that the core makes: the upper half of the numbers, so that they never meet the in-band stack's. */
  nextIdentification: number;
}

/** Linux's `ipfrag_time` and `ipfrag_high_thresh`. */
const REASSEMBLY = { timeoutNs: 30e9, bytesMax: 4 * 1024 * 1024 };

/** How many clones of frames there can be at once: the core makes no memory while it receives. EVL has a number of its own. */
const CLONES = 128;

/** The first number that the core gives a datagram. */
export const IDENTIFICATION_FIRST = 0x8000;

/** A network without ports. */
export const createNet = (): Net => ({
  ports: new Map(),
  diversions: new Map(),
  transmitters: new Map(),
  vlans: new Set(),
  front: new FrontCache(),
  slots: new UdpSlots(),
  listeners: new Set(),
  stampers: new Set(),
  clones: CLONES,
  recycling: 0,
  reassembler: new Reassembler(REASSEMBLY),
  fragments: new Map(),
  fragmentTimer: undefined,
  counters: new Counters(),
  nextIdentification: IDENTIFICATION_FIRST,
});

/** The loopback device: the core itself is what is behind it, and no NIC. */
export const LOOPBACK = "lo";

/** The port with this index. */
export function portOf(net: Net, ifindex: number): OobPort | undefined {
  for (const port of net.ports.values()) if (port.ifindex === ifindex) return port;
  return undefined;
}

/** The ports over a real device, itself included. */
export const portsOver = (net: Net, real: string): readonly OobPort[] =>
  [...net.ports.values()].filter((port) => port.real === real);
