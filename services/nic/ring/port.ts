import { assert } from "../../abi/assert.ts";
import type { ArrivedFrame, FramePort, FramePortCounts } from "../../abi/frame.ts";
import { receiveFrames, type FrameSource } from "../../boundary/frame-loop.ts";
import { createRingConsumer } from "./consumer.ts";
import type { Doorbell } from "./doorbell.ts";
import { createRingFaults, type RingFaults } from "./faults.ts";
import type { Checked } from "./layout.ts";
import { WORD } from "./layout.ts";
import { createRingProducer } from "./producer.ts";

/** A ring in memory, and what wakes who sleeps on it. */
export interface RingAt {
  readonly buffer: ArrayBufferLike;
  readonly doorbell: Doorbell;
}

/** What a port needs of the runtime that it is in. */
export interface RingPortOptions {
  /** What carries the frames, for people. */
  readonly medium: string;
  /** Lets everybody else in this thread have a turn. */
  readonly yieldTurn: () => Promise<unknown>;
  /** What the receiver threw. Left out, it ends the thread as an unhandled rejection. */
  readonly onBroken?: ((error: unknown) => void) | undefined;
}

/** A FramePort on two rings. */
export interface RingPort extends FramePort {
  /** How a test, or a fault of the NIC, breaks it. */
  readonly faults: RingFaults;
  /** Says that this end will not come back. Another end can be attached to the same rings; this one does nothing more. */
  close(): void;
}

/**
 * A sleep's bound: after a signal that got lost, frames wait so long. Short enough for people to wait for, and long enough
 * that a thread with nothing to do does nothing.
 */
const WAITING = { spins: 0, sleepMs: 100 };

/**
 * Attaches a port to two rings: the frames that it sends go into one, those that it receives come out of the other.
 *
 * Frames that wait are handed out where they lie, and are given back burst by burst; what is still held when a port dies is
 * seen again by its successor. A peer that closes may come back: the port goes on waiting for it.
 *
 * @returns why not, in one line, where the memory holds no ring.
 */
export function createRingPort(outgoing: RingAt, incoming: RingAt, options: RingPortOptions): Checked<RingPort> {
  const { medium, yieldTurn, onBroken } = options;
  const { faults, ...faulty } = createRingFaults(outgoing, incoming, {
    closed: () => closed,
    withhold: (on) => consumer.withhold(on),
    republishTail: () => producer.republish(),
    republishHead: () => consumer.republish(),
  });
  const sending = createRingProducer(outgoing.buffer, faulty.doorbell);
  if (!sending.ok) return sending;
  const receiving = createRingConsumer(incoming.buffer, incoming.doorbell, { peerMayReturn: true });
  if (!receiving.ok) return receiving;
  const producer = sending.value;
  const consumer = receiving.value;
  let sent = 0;
  let receives = false;
  let closed = false;

  const counts: FramePortCounts = {
    get sent() {
      return sent;
    },
    get full() {
      return producer.counts.full;
    },
    get too_long() {
      return producer.counts.too_long;
    },
    get received() {
      return consumer.counts.frames;
    },
    get wrong() {
      const { wrong_index, wrong_offset, wrong_length } = consumer.counts;
      return producer.counts.wrong_index + wrong_index + wrong_offset + wrong_length;
    },
    get signals() {
      return producer.counts.signals;
    },
    get missed_signals() {
      return consumer.counts.missed_signals;
    },
  };

  const source: FrameSource = {
    isOpen: () => !closed,
    next: () => (faulty.stuck() === undefined ? consumer.pop() : undefined),
    doneWith: (keep) => consumer.release(keep),
    sleep: () => faulty.stuck() ?? consumer.sleepAsync(WAITING),
    yieldTurn,
  };
  async function run(take: (frame: ArrivedFrame) => void | Promise<void>, done?: () => void): Promise<void> {
    try {
      await receiveFrames(source, take, done);
    } catch (error) {
      if (onBroken === undefined) throw error;
      onBroken(error);
    }
  }

  return {
    ok: true,
    value: {
      medium,
      counts,
      faults,
      send(bytes, meta) {
        if (closed || !producer.push(bytes, meta)) return false;
        sent++;
        return true;
      },
      flush() {
        if (!closed) producer.flush();
      },
      receive(take, done) {
        assert(!receives, "a port has one receiver");
        receives = true;
        void run(take, done);
      },
      close() {
        if (closed) return;
        closed = true;
        producer.close();
        consumer.close();
        // Its own loop may sleep on that word.
        incoming.doorbell.ring(WORD.dataWish);
      },
    },
  };
}
