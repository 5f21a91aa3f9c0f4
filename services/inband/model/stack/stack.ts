import { assert } from "../../../abi/assert.ts";
import { MemoryView } from "../../../abi/packet/memory-view.ts";
import { TcpReader } from "../../../abi/packet/tcp.ts";
import { Charges } from "../charges.ts";
import { Counters, type RxFate, type TxDrop } from "../counters.ts";
import { Devices, LOOPBACK_IFINDEX } from "../device.ts";
import { LastingFrames, PassingFrames } from "../frame-memory.ts";
import { IcmpLimit } from "../icmp/limit.ts";
import { Reassembler, type ReassemblyLimits } from "../../../abi/packet/reassembly.ts";
import type { NeighbourSettings } from "../neighbour-step.ts";
import { NeighbourTable } from "../neighbour.ts";
import { PacketSockets } from "../packet-socket.ts";
import { INADDR_LOOPBACK } from "../../../abi/packet/ipv4-address.ts";
import { PathMtus } from "../path-mtu.ts";
import { RawSockets } from "../raw.ts";
import { RouteTables } from "../route.ts";
import type { SipKey } from "../tcp/siphash.ts";
import type { TcpSocket } from "../tcp/socket.ts";
import { BufferPool } from "../tcp/buffer-pool.ts";
import { TcpTable } from "../tcp/table.ts";
import { TimerQueue } from "../tcp/timer-queue.ts";
import type { TcpWord } from "../tcp/words.ts";
import { UdpTable, type Choose } from "../udp/table.ts";
import { addAddress, setUp } from "./admin.ts";
import { expireFragments } from "./ip-input.ts";
import { performNeighbourSteps } from "./neighbour-steps.ts";
import { receiveFrame } from "./receive.ts";
import { newRun, type Effect, type Numbers, type Outgoing, type StackState } from "./state.ts";
import { settle, step } from "./step.ts";
import { tickTcp } from "./tcp-run.ts";
import { relayFrame } from "./transmit.ts";

const SECOND = 1_000_000_000;

/** Linux's defaults. */
const NEIGHBOUR: NeighbourSettings = {
  reachableNs: 30 * SECOND,
  delayFirstProbeNs: 5 * SECOND,
  retransNs: SECOND,
  mcastSolicit: 3,
  ucastSolicit: 3,
  locktimeNs: SECOND,
  unresQlenBytes: 212_992,
  waitingBytesMax: 4 * 1024 * 1024,
  entriesMax: 1024,
};
const REASSEMBLY: ReassemblyLimits = { timeoutNs: 30 * SECOND, bytesMax: 4 * 1024 * 1024 };

/** The key of a stack that is told none: a test's. */
const NO_SECRET: SipKey = { k0Low: 0, k0High: 0, k1Low: 0, k1High: 0 };

/** Free memory of TCP's buffers that is kept for the next ones: some busy connections' worth. */
const BUFFERS_KEPT_MAX = 16 * 1024 * 1024;

/** What a stack is made with. */
export interface StackConfig {
  /** For ephemeral ports. */
  readonly choose: Choose;
  /** Numbers of sockets; other tables of sockets count with it too. */
  readonly numbers?: Numbers;
  /** What the initial sequence numbers and ports of connections are made from: whoever knows it can guess them. */
  readonly tcpKey?: SipKey;
  /** Whoever performs effects copies their frames, and says `frames.recycle()` when that is done. */
  readonly framesCopied?: boolean;
  readonly neighbour?: Partial<NeighbourSettings>;
  readonly reassembly?: Partial<ReassemblyLimits>;
}

/** A count that begins behind a number. */
export function countFrom(before: number): Numbers {
  let last = before;
  return { next: () => ++last };
}

/** A stack with its loopback device up at 127.0.0.1/8. */
export function createStack(config: StackConfig): StackState {
  const { choose, numbers, tcpKey = NO_SECRET, framesCopied, neighbour, reassembly } = config;
  const state: StackState = {
    devices: new Devices(),
    routes: new RouteTables(),
    neighbours: new NeighbourTable<Outgoing>({ ...NEIGHBOUR, ...neighbour }),
    reassembler: new Reassembler({ ...REASSEMBLY, ...reassembly }),
    pathMtus: new PathMtus(),
    udp: new UdpTable(choose),
    tcp: new TcpTable(tcpKey),
    tcpKey,
    tcpTimers: new TimerQueue<TcpSocket>(),
    tcpCounters: new Counters<TcpWord>(),
    numbers: numbers ?? countFrom(0),
    raw: new RawSockets(),
    packets: new PacketSockets(),
    charges: new Charges(),
    frames: framesCopied === true ? new PassingFrames() : new LastingFrames(),
    lastPlain: { ifindex: 0, source: 0, destination: 0, generation: -1 },
    arriving: new MemoryView(),
    arrived: new TcpReader(),
    buffers: new BufferPool(BUFFERS_KEPT_MAX),
    icmpLimit: new IcmpLimit(),
    rx: new Counters<RxFate>(),
    tx: new Counters<TxDrop | "sent">(),
    backlog: [],
    undelivered: [],
    received: 0,
    identification: 0,
    acting: undefined,
  };
  const added = addAddress(state, LOOPBACK_IFINDEX, { address: INADDR_LOOPBACK, bits: 8 });
  const up = setUp(state, LOOPBACK_IFINDEX, true, 0);
  assert(added.result.ok && up.result.ok, "the loopback device takes its address and comes up");
  return state;
}

/**
 * A frame came in on a device.
 *
 * @param ticket the caller's number for it: one effect `fate`, now or later, says what became of it.
 */
export function receive(
  state: StackState,
  ifindex: number,
  frame: Uint8Array,
  nowNs: number,
  ticket?: number,
): readonly Effect[] {
  // Without a closure, since this is made for every frame.
  const run = newRun(state, nowNs);
  receiveFrame(run, ifindex, frame, ticket);
  settle(run);
  return run.effects;
}

/**
 * Sends a frame that somebody else made, a companion core say, on a device, as `dev_queue_xmit` does.
 *
 * @param ticket the caller's number for it: the effect `transmit` bears it, or `fate` says why it was not sent.
 */
export const relay = (
  state: StackState,
  ifindex: number,
  frame: Uint8Array,
  nowNs: number,
  ticket: number,
): readonly Effect[] => step(state, nowNs, (run) => relayFrame(run, ifindex, frame, ticket)).effects;

/** Does what is due. */
export function tick(state: StackState, nowNs: number): readonly Effect[] {
  return step(state, nowNs, (run) => {
    performNeighbourSteps(run, state.neighbours.tick(nowNs));
    tickTcp(run);
    expireFragments(run);
  }).effects;
}

/** When something will be due next. */
export function pollAtNs(state: StackState): number | undefined {
  const at = Math.min(
    state.neighbours.pollAtNs() ?? Infinity,
    state.reassembler.pollAtNs() ?? Infinity,
    state.tcpTimers.nextNs() ?? Infinity,
  );
  return at === Infinity ? undefined : at;
}
