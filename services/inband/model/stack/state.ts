import type { Context } from "../../../abi/context.ts";
import type { Errno } from "../../../abi/contract.generated.ts";
import type { Charges } from "../charges.ts";
import type { Counters, RxFate, TxDrop } from "../counters.ts";
import type { Device, DeviceChange, Devices } from "../device.ts";
import type { FrameMemory } from "../frame-memory.ts";
import type { IcmpLimit } from "../icmp/limit.ts";
import type { Ipv4Address } from "../../../abi/packet/ipv4-address.ts";
import type { MemoryView } from "../../../abi/packet/memory-view.ts";
import type { TcpReader } from "../../../abi/packet/tcp.ts";
import type { Reassembler } from "../../../abi/packet/reassembly.ts";
import type { NeighbourChange } from "../neighbour-state.ts";
import type { NeighbourTable } from "../neighbour.ts";
import type { PacketSockets } from "../packet-socket.ts";
import type { PathMtus } from "../path-mtu.ts";
import type { RawSockets } from "../raw.ts";
import type { RouteTables } from "../route.ts";
import type { SipKey } from "../tcp/siphash.ts";
import type { TcpSocket } from "../tcp/socket.ts";
import type { TcpTable } from "../tcp/table.ts";
import type { TimerQueue } from "../tcp/timer-queue.ts";
import type { TcpWord } from "../tcp/words.ts";
import { hearsError, type Endpoint } from "../udp/socket.ts";
import type { UdpTable } from "../udp/table.ts";
import type { BufferPool } from "../tcp/buffer-pool.ts";
import type { Notice } from "../tcp/notice.ts";

/** What the caller of a step has to do, in this order. */
export type Effect =
  /**
   * Give the frame to the driver of a real device; then say `transmitted`. A ticket: it came in, and is passed on. A sender:
   * it was sent in that context, maybe long before, and waited for a neighbour.
   */
  | {
      readonly t: "transmit";
      readonly ifindex: number;
      readonly frame: Uint8Array;
      readonly ticket: number | undefined;
      readonly sender?: Context | undefined;
    }
  /** A frame that came in with a ticket has ended. */
  | { readonly t: "fate"; readonly ticket: number; readonly fate: RxFate | TxDrop }
  /** A socket's datagram found its way: a companion core may want to know it. */
  | ({ readonly t: "route" } & Resolved)
  /** Something was queued for a socket, of a UDP socket so many bytes: wake its readers. */
  | { readonly t: "deliver"; readonly sk: number; readonly bytes?: number }
  /** A socket has an error pending: wake everybody who waits on it. */
  | { readonly t: "errno"; readonly sk: number; readonly errno: Errno }
  /** Something happened to a TCP socket. */
  | { readonly t: "tcp"; readonly sk: number; readonly notice: TcpNotice }
  /** No packet that a socket sent is on its way any more. */
  | { readonly t: "uncharged"; readonly sk: number }
  /** Something changed that others may want to know of. */
  | { readonly t: "event"; readonly event: DeviceChange | NeighbourChange };

/**
 * What the model says of a TCP socket: what a connection says of itself, and that a listening socket has one more that can be
 * accepted, by its number.
 */
export type TcpNotice =
  | Notice
  /** A connection begins in this state; `listener` is the socket that listens, undefined for an active open. */
  | {
      readonly t: "open";
      readonly to: "SYN-SENT" | "SYN-RECEIVED";
      readonly local: Endpoint;
      readonly peer: Endpoint;
      readonly listener: number | undefined;
    }
  | { readonly t: "newconn"; readonly sk: number };

/** An output route, as it was found for a socket. */
export interface Resolved {
  readonly destination: Ipv4Address;
  readonly source: Ipv4Address;
  readonly ifindex: number;
  readonly nexthop: Ipv4Address;
  readonly mtu: number;
  readonly broadcast: boolean;
}

/** A frame that came in: where, and under which number its bringer wants to be told what became of it. */
interface Came {
  readonly ifindex: number;
  readonly ticket?: number | undefined;
}

/** A datagram, or a piece of one, on its way to a link. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  /** The socket that sent it. */
  readonly sk: number | undefined;
  /** The context in which it was sent. */
  readonly sender: Context | undefined;
}

/** A frame that the loopback device will receive before the step ends. */
interface Looped {
  readonly ifindex: number;
  readonly frame: Uint8Array;
  readonly ticket: number | undefined;
}

/** A count of numbers that are given once. */
export interface Numbers {
  next(): number;
}

/** The in-band network stack of one node. */
export interface StackState {
  readonly devices: Devices;
  readonly routes: RouteTables;
  readonly neighbours: NeighbourTable<Outgoing>;
  readonly reassembler: Reassembler;
  readonly pathMtus: PathMtus;
  readonly udp: UdpTable;
  readonly tcp: TcpTable;
  /** When each connection wants to be called next. */
  readonly tcpTimers: TimerQueue<TcpSocket>;
  readonly tcpCounters: Counters<TcpWord>;
  /** Numbers of sockets, all layers' together. */
  readonly numbers: Numbers;
  /** What initial sequence numbers are made from (RFC 6528 §3). */
  readonly tcpKey: SipKey;
  readonly raw: RawSockets;
  readonly packets: PacketSockets;
  readonly charges: Charges;
  readonly frames: FrameMemory;
  /** Between which ends the last segment came that took the short way up, and the generation of the routes then. */
  readonly lastPlain: { ifindex: number; source: number; destination: number; generation: number };
  /** The memory that frames come in. */
  readonly arriving: MemoryView;
  /** The segment that is being received. A step is done with it before the next one is read. */
  readonly arrived: TcpReader;
  /** Memory of TCP's buffers. */
  readonly buffers: BufferPool;
  readonly icmpLimit: IcmpLimit;
  /** What became of the frames that came in, over all devices. */
  readonly rx: Counters<RxFate>;
  readonly tx: Counters<TxDrop | "sent">;
  readonly backlog: Looped[];
  /** Packets whose neighbour did not answer, to be looked at before the step ends. */
  readonly undelivered: Uint8Array[];
  /** Frames that came in, those of the loopback device included. */
  received: number;
  identification: number;
  /** In whose context the step is made that is being made; nothing but what leaves looks at it. */
  acting: Context | undefined;
}

/** A step in progress. */
export interface Run {
  readonly state: StackState;
  readonly nowNs: number;
  /** What the caller is asked for so far; `ask` adds to it. */
  effects: readonly Effect[];
}

const NO_EFFECTS: readonly Effect[] = [];

/** A step that has asked for nothing yet. */
export const newRun = (state: StackState, nowNs: number): Run => ({ state, nowNs, effects: NO_EFFECTS });

/** Asks the caller of the step for something. The list is made with its first element, for the reason given at `Step`. */
export function ask(run: Run, effect: Effect): void {
  if (run.effects === NO_EFFECTS) run.effects = [effect];
  else (run.effects as Effect[]).push(effect);
}

/** The frames that were asked for from this place of the list on leave in the name of that context. */
export function sentBy({ effects }: Run, from: number, sender: Context | undefined): void {
  for (let at = from; at < effects.length; at++) {
    const effect = effects[at];
    if (effect?.t === "transmit") (effects as Effect[])[at] = { ...effect, sender };
  }
}

/** Counts what became of frames, on the devices that they came in on, and tells it. */
export function countRx(run: Run, arrivals: readonly Came[], fate: RxFate): void {
  for (const { ifindex, ticket } of arrivals) countOne(run, ifindex, ticket, fate);
}

/** Counts what became of one frame. */
export function countOne(run: Run, ifindex: number, ticket: number | undefined, fate: RxFate): void {
  const { state } = run;
  state.rx.add(fate);
  state.devices.at(ifindex)?.rx.add(fate);
  if (ticket !== undefined) ask(run, { t: "fate", ticket, fate });
}

/** Counts what became of a packet to be sent. */
export function countTx({ state }: Pick<Run, "state">, device: Device | undefined, word: TxDrop | "sent"): void {
  state.tx.add(word);
  device?.tx.add(word);
}

/** Leaves an error for a socket's next call (`sk_err`), where it is one to it. A socket that is gone has no next call. */
export function setError(run: Run, sk: number | undefined, errno: Errno): void {
  if (sk === undefined) return;
  const { state } = run;
  const udp = state.udp.find(sk);
  const socket = udp ?? state.raw.find(sk);
  if (socket === undefined || (udp !== undefined && !hearsError(udp, errno))) return;
  socket.error = errno;
  ask(run, { t: "errno", sk, errno });
}

/** A packet was sent, or given up: it is charged to its socket no longer. */
export function uncharge(run: Run, sk: number | undefined): void {
  if (sk !== undefined && run.state.charges.uncharge(sk)) ask(run, { t: "uncharged", sk });
}

/**
 * The next IPv4 identification: one counter for all, which is unique for as long as RFC 6864 §4.1 asks at modest rates.
 */
export function nextIdentification(state: StackState): number {
  state.identification = (state.identification + 1) & 0xffff;
  return state.identification;
}
