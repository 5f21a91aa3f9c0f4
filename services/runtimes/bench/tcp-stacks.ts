import { assert } from "../../abi/assert.ts";
import { pollAtNs } from "../../inband/model/stack/stack.ts";
import { acceptTcp, bindTcp, connectTcp, listenTcp, receiveTcp, sendTcp } from "../../inband/model/stack/tcp-calls.ts";
import type { TcpSocket } from "../../inband/model/tcp/socket.ts";
import { addressOf, StackEnd, WireClock, type Loses } from "./tcp-end.ts";
import { CHUNK_BYTES, SEGMENT_BYTES, source, type Transfer } from "./tcp-transfer.ts";

const PORT = 80;
/** So many turns of both ends between two looks at the clock. */
const TURNS = 20;
/**
 * How much is written to a connection before it is another one's turn: whole segments, as many as a new connection may send at once, so
 * that one connection and many send the same segments.
 */
const SHARE_BYTES = 10 * SEGMENT_BYTES;
/** And to how many before the other end has its turn. */
const SHARES = 8;
const NO_OPTIONS = {};

/** Two of our stacks, with connections between them. */
export interface Stacks extends Transfer {
  readonly connections: number;
  readonly clock: WireClock;
  /** Over how many of the connections data goes: the first one, or all in turn. The others are idle. */
  busy: "one" | "all";
  /** Segments that the sender sent, and those of them that it sent again. */
  counts(): { readonly frames: number; readonly again: number };
  /** Opens more, until there are so many. */
  open(connections: number): void;
}

/** How data goes over connections. */
interface StacksOptions {
  /** Which frames of data and of acknowledgement get lost. */
  readonly loses?: Loses;
  /** A small share over each connection in turn, however many there are, even one. */
  readonly inTurn?: boolean;
}

/**
 * Opens connections from one stack to another.
 *
 * What is alike here and in lwIP's transfer (`tcp-lwip.ts`): a segment has 1,440 bytes on average, every second one is acknowledged,
 * its data is copied five times and summed twice, and the clock is read about 1.5 times for it. What is not: lwIP's program takes each
 * segment as it comes, ours when all frames that waited are handled, some hundred later, which the processor's cache feels.
 */
export function stacksTransfer(connections: number, { loses, inTurn = connections > 1 }: StacksOptions = {}): Stacks {
  const clock = new WireClock();
  const sender = new StackEnd(1, clock, loses);
  const taker = new StackEnd(2, clock, loses);
  sender.peer = taker;
  taker.peer = sender;
  const listening = taker.socket();
  const at = { address: addressOf(2), port: PORT };
  const listens =
    bindTcp(taker.state, listening, at).ok &&
    listenTcp(taker.state, listening, { queueMax: 1024, synQueueMax: 1024 }).ok;
  assert(listens, "a new stack listens on a free port");
  const ours: TcpSocket[] = [];
  const theirs = new Map<number, TcpSocket>();
  const program = source();
  const sink = new Uint8Array(CHUNK_BYTES);
  let turn = 0;
  let taken = 0;

  function exchange(): number {
    const frames = sender.work() + taker.work();
    sender.tick();
    taker.tick();
    return frames;
  }

  /** Lets time pass until somebody has something to do. */
  function skip(): void {
    const next = Math.min(pollAtNs(sender.state) ?? Infinity, pollAtNs(taker.state) ?? Infinity);
    assert(next < Infinity, "whoever waits for an acknowledgement has a timer");
    clock.skipTo(next);
  }

  function open(): void {
    const socket = sender.socket();
    const connecting = sender.run((nowNs) => connectTcp(sender.state, socket, at, nowNs));
    assert(connecting.ok, "there is a way to the other end, and a port for it");
    let child: TcpSocket | undefined;
    while (child === undefined || socket.connection?.state.t !== "ESTABLISHED") {
      if (exchange() === 0) skip();
      child ??= acceptTcp(taker.state, listening);
    }
    ours.push(socket);
    theirs.set(child.sk, child);
  }

  /** The program that takes: all that has come on the connections that told of it. */
  function take(): void {
    if (taker.stirred.size === 0) return;
    for (const sk of taker.stirred) {
      const socket = theirs.get(sk);
      if (socket === undefined) continue;
      for (;;) {
        const bytes = taker.run((nowNs) => receiveTcp(taker.state, socket, CHUNK_BYTES, { into: sink }, nowNs));
        taken += bytes.length;
        if (bytes.length < CHUNK_BYTES) break;
      }
    }
    taker.stirred.clear();
  }

  /** The program that sends: a share to each connection in turn, or all that finds room. */
  function fill(): void {
    const bytes = inTurn ? program.subarray(0, SHARE_BYTES) : program;
    for (let share = 0; share < (inTurn ? SHARES : 1); share++) {
      const socket = ours[transfer.busy === "one" ? 0 : turn++ % ours.length];
      assert(socket !== undefined, "there are connections");
      while (sender.run((nowNs) => sendTcp(sender.state, socket, bytes, NO_OPTIONS, nowNs)) === CHUNK_BYTES);
    }
  }

  const transfer: Stacks = {
    get connections() {
      return ours.length;
    },
    clock,
    busy: "all",
    counts: () => ({ frames: sender.sent, again: sender.state.tcpCounters.of("retrans_segs") }),
    open(count) {
      while (ours.length < count) open();
    },
    round(ms) {
      const before = taken;
      const endMs = performance.now() + ms;
      do {
        for (let turns = 0; turns < TURNS; turns++) {
          fill();
          if (exchange() === 0) skip();
          take();
        }
      } while (performance.now() < endMs);
      return taken - before;
    },
  };
  transfer.open(connections);
  return transfer;
}
