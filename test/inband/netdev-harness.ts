import { outermost, type Context } from "../../services/abi/context.ts";
import type { PointArgs, PointName } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { ArrivedFrame, FrameMeta, FramePort, FramePortCounts } from "../../services/abi/frame.ts";
import type { Ipv4Address } from "../../services/abi/packet/ipv4-address.ts";
import { fail, ok, type Result } from "../../services/abi/result.ts";
import { PAIR, type NodeSpec } from "../../services/abi/topology.ts";
import { createCaller } from "../../services/boundary/caller.ts";
import { createEventLog } from "../../services/boundary/events/log.ts";
import { createEventRing, type EventRing } from "../../services/boundary/events/ring.ts";
import { createFaultEngine } from "../../services/boundary/faults/engine.ts";
import type { Handlers } from "../../services/boundary/hooks.ts";
import type { Answer, Transport } from "../../services/boundary/invocation.ts";
import { createReceiver } from "../../services/boundary/receiver.ts";
import { bringUp } from "../../services/inband/bring-up.ts";
import { createKernel } from "../../services/inband/create-kernel.ts";
import type { Kernel } from "../../services/inband/kernel.ts";
import { sendUdp } from "../../services/inband/model/stack/udp-calls.ts";
import { newUdpSocket, type UdpSocket } from "../../services/inband/model/udp/socket.ts";
import { netdevHandlers } from "../../services/inband/netdev/handlers.ts";
import { receiveFrames } from "../../services/inband/netdev/receive-frames.ts";
import type { Socket } from "../../services/inband/sockets/table.ts";
import { manualClock, settled, testKit, type ManualClock, type TestKit } from "../kit.ts";
import { there } from "./stack-harness.ts";

type Taker = Parameters<FramePort["receive"]>[0];

/** One end of a link in memory. What was received is overwritten at once: nobody may still look at it. */
export class MemoryPort implements FramePort {
  readonly medium = "memory";
  readonly counts: { -readonly [K in keyof FramePortCounts]: FramePortCounts[K] } = {
    sent: 0,
    full: 0,
    too_long: 0,
    received: 0,
    wrong: 0,
    signals: 0,
    missed_signals: 0,
  };
  /** How many frames more it takes. */
  room = Infinity;
  /** Set to lose frames between the ends. */
  loses: (bytes: Uint8Array) => boolean = () => false;
  /** What was sent here. */
  readonly log: Uint8Array[] = [];
  #peer: MemoryPort = this;
  #take: Taker | undefined;
  #sent: ArrivedFrame[] = [];

  static pair(): [MemoryPort, MemoryPort] {
    const [a, b] = [new MemoryPort(), new MemoryPort()];
    [a.#peer, b.#peer] = [b, a];
    return [a, b];
  }

  send(bytes: Uint8Array, meta: FrameMeta): boolean {
    if (this.room <= 0) {
      this.counts.full++;
      return false;
    }
    this.room--;
    this.counts.sent++;
    this.log.push(bytes.slice());
    if (!this.loses(bytes)) this.#sent.push({ ...meta, bytes: bytes.slice() });
    return true;
  }

  flush(): void {
    this.counts.signals++;
    const burst = this.#sent.splice(0);
    queueMicrotask(() => {
      for (const frame of burst) {
        this.#peer.counts.received++;
        void this.#peer.#take?.(frame);
        frame.bytes.fill(0xee);
      }
    });
  }

  receive(take: Taker): void {
    this.#take = take;
  }
}

/** A call that reached the core. */
interface Asked {
  readonly point: PointName;
  readonly args: Readonly<Record<string, unknown>>;
}

type Said = Result<Record<string, never>> | "lost" | undefined;

/** One node: its stack, the ends of its links that the test holds, and what its core was asked. */
export interface Node {
  readonly kernel: Kernel;
  readonly kit: TestKit;
  readonly handlers: Required<Handlers<"inband">>;
  readonly eth0: MemoryPort;
  /** The core's end of the relay. */
  readonly core: MemoryPort;
  readonly asked: Asked[];
  /** Set to answer for the core; undefined: it agrees. */
  answer: (asked: Asked, context: Context) => Said | Promise<Said>;
}

/** The tasks that administrate. */
export const ADMIN = outermost("admin", 1);

/** Hooks of the core that these tests look at. */
const HOOKS = ["netif_oob_switch_port", "oob_neighbour_update", "oob_route_learn", "sock_oob_destroy"] as const;

function core(node: () => Node): Handlers<"companion"> {
  const handler =
    (point: (typeof HOOKS)[number]) =>
    async (args: PointArgs[(typeof HOOKS)[number]], context: Context): Promise<Result<Record<string, never>>> => {
      const asked = { point, args: { ...args } };
      node().asked.push(asked);
      const answer = (await node().answer(asked, context)) ?? ok({});
      return answer === "lost" ? fail(LOST) : answer;
    };
  return Object.fromEntries(HOOKS.map((point) => [point, handler(point)]));
}

/** What stands for an answer that is lost on its way back; no hook has it. */
const LOST = "EIDRM";

/** Loses the answers that `answer` says so of: the core has acted all the same. */
const losing =
  (serve: Transport): Transport =>
  async (invocation) => {
    const answer = await serve(structuredClone(invocation));
    const lost: Answer = { kind: "lost", why: "timeout", lamport: 0 };
    return answer.kind === "refused" && answer.errno === LOST ? lost : answer;
  };

/** A node of a world, with one end of a link as its eth0. */
function node(spec: NodeSpec, number: number, eth0: MemoryPort, clock: ManualClock, ring: EventRing): Node {
  const events = createEventLog(ring, clock, spec.name, "inband", number);
  const kit: TestKit = { ...testKit("inband", { clock, ring }), node: spec.name, events };
  const coreKit = testKit("companion", { clock, ring, process: number + 10 });
  const itself = (): Node => made;
  const serve = createReceiver({
    kit: coreKit,
    house: "companion",
    handlers: core(itself),
    control: {},
    onBroken: (error) => {
      throw error;
    },
  });
  const engine = createFaultEngine(1n);
  const hooks = createCaller("inband", {
    kit,
    identity: `${spec.name}/inband#1`,
    engine,
    reach: () => losing(serve),
  });
  const [relay, coreEnd] = MemoryPort.pair();
  const kernel = createKernel(kit, hooks, spec, { nics: new Map([["eth0", eth0]]), relay }, 1);
  bringUp(kernel);
  receiveFrames(kernel);
  const handlers = netdevHandlers(kernel) as Required<Handlers<"inband">>;
  const made: Node = { kernel, kit, handlers, eth0, core: coreEnd, asked: [], answer: () => undefined };
  return made;
}

/** Two nodes on a cable, 10.0.0.1 and 10.0.0.2, and their time. */
export interface Pair {
  readonly alpha: Node;
  readonly beta: Node;
  readonly clock: ManualClock;
  /** All events of both since the last look. */
  seen(): TraceEvent[];
}

export function pair(): Pair {
  const clock = manualClock();
  const ring = createEventRing(8192);
  const [a, b] = MemoryPort.pair();
  const alpha = node(there(PAIR.nodes[0]), 1, a, clock, ring);
  const beta = node(there(PAIR.nodes[1]), 2, b, clock, ring);
  return { alpha, beta, clock, seen: () => ring.take(Infinity) };
}

/** A UDP socket of a node. */
export function udp({ kernel }: Node): Socket & { readonly udp: UdpSocket } {
  const made: UdpSocket[] = [];
  const socket = kernel.sockets.create({ family: "PF_INET", type: 2, protocol: 17, file: 0 }, (sk) => {
    made.push(kernel.stack.udp.add(newUdpSocket(sk)));
    return { t: "udp", udp: there(made[0]) };
  });
  return Object.assign(socket, { udp: there(made[0]) });
}

/** Sends from a socket, and lets everything happen that follows at once. */
export async function send(
  { kernel }: Node,
  socket: UdpSocket,
  payload: Uint8Array,
  address: Ipv4Address,
  port = 7,
): Promise<Result<number>> {
  const to = { address, port };
  const sent = kernel.run(ADMIN, (nowNs) => sendUdp(kernel.stack, socket, payload, to, nowNs));
  await settled();
  return sent;
}

/** The facts of a name, in short: what they are about and what they say. */
export const facts = (events: readonly TraceEvent[], name: string): object[] =>
  events
    .filter(({ point, phase }) => point === name && phase === "fact")
    .map(({ slice, args }) => ({ ...slice, ...args }));

/** Frames that came in at a node and did not end there, in exactly one way: by an end, or by being passed on. */
export function unended(events: readonly TraceEvent[], of: string): string[] {
  const ends = new Map<unknown, number>();
  for (const { node: where, service, point, slice } of events) {
    if (where !== of || service !== "inband") continue;
    const { frame } = slice;
    if (point === "frame_receive") ends.set(frame, 0);
    if ((point === "frame_end" || point === "frame_send") && ends.has(frame))
      ends.set(frame, (ends.get(frame) ?? 0) + 1);
  }
  return [...ends].filter(([, count]) => count !== 1).map(([frame, count]) => `frame ${String(frame)}: ${count} ends`);
}
