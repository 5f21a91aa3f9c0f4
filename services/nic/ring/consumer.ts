import { assert } from "../../abi/assert.ts";
import { attach, type EndOptions } from "./attach.ts";
import type { Doorbell } from "./doorbell.ts";
import { slotWords, WORD, type Checked } from "./layout.ts";
import { look, publish, take, wish, withdraw } from "./protocol.shared.ts";
import { Slot, type HeldFrame, type Released } from "./slot.ts";
import { createSleeps, isClosed, type SleepCounts, type Sleeper, type Sleeps } from "./waiting.ts";

/** What a consumer counts. */
interface ConsumerCounts extends SleepCounts {
  /** Frames popped. */
  frames: number;
  /** Signals made. */
  signals: number;
  /** Values of TAIL that the producer may not write. */
  wrong_index: number;
  /** Frames skipped because their offset is not in their slot. */
  wrong_offset: number;
  /** Frames skipped because they would end outside their slot. */
  wrong_length: number;
}

/** The end that receives. One thread has it; the protocol is in protocol.shared.ts. */
export interface RingConsumer extends Sleeper, Sleeps {
  readonly capacity: number;
  readonly counts: Readonly<ConsumerCounts>;
  /** The next frame, in place; held from now on, until `release`. Wrong descriptors are counted and skipped. */
  pop(): HeldFrame | undefined;
  /** Pops up to `max` frames and shows each; answers how many there were. They stay held. */
  popBurst(max: number, show: (frame: HeldFrame) => void): number;
  /**
   * Gives back what is held, and signals a producer that asked for room.
   *
   * @param keep so many of the frames popped last stay held.
   */
  release(keep?: number): void;
  /** Writes HEAD once more, as far as slots were given back, and signals a producer that asked: after a fault wrote another. */
  republish(): void;
  /** A fault: slots that are given back do not reach the producer any more; false: they do again, all of them. */
  withhold(on: boolean): void;
  /** How many slots are held: frames, and wrong descriptors that were skipped. */
  held(): number;
  /** Whether the producer has closed and all its frames were popped. */
  ended(): boolean;
  /** Releases, says that this end will not come back, and wakes the producer. The ring can be attached to again. */
  close(): void;
}

/**
 * Attaches the consumer's end to a ring. After a consumer that died, the new one begins with the oldest frame that was not
 * released: frames that the dead one held are seen again.
 */
export function createRingConsumer(
  buffer: ArrayBufferLike,
  doorbell: Doorbell,
  { peerMayReturn }: EndOptions = {},
): Checked<RingConsumer> {
  const attached = attach(buffer, WORD.consumerClosed);
  if (!attached.ok) return attached;
  const { capacity, slotBytes, words, mask } = attached.value;
  const stride = slotWords(attached.value);
  const counts: ConsumerCounts = {
    frames: 0,
    signals: 0,
    wrong_index: 0,
    wrong_offset: 0,
    wrong_length: 0,
    sleeps: 0,
    missed_signals: 0,
  };

  // Indices are 32-bit integers with a sign, which is how the processor adds them; only differences have a meaning.
  const released: Released = { index: attached.value.head };
  let popped = released.index;
  /** The HEAD that was published last; it stays behind while slots are withheld. */
  let given = released.index;
  let { tail } = attached.value;
  let wrongTail: number | undefined;
  let asked = 1;
  let withheld = false;
  let closed = false;
  // Made when a slot is first used: many a ring is never used to its end.
  const slots: Slot[] = [];
  const makeSlot = (number: number): Slot => (slots[number] = new Slot(attached.value, number, released));

  /** TAIL may only grow, and not past the slots that were given back. What else is there is counted once, not followed. */
  function lookAtTail(): void {
    const seen = look(words, WORD.tail);
    if ((seen - tail) >>> 0 <= capacity - ((tail - released.index) >>> 0)) {
      tail = seen;
      wrongTail = undefined;
    } else if (seen !== wrongTail) {
      wrongTail = seen;
      counts.wrong_index++;
    }
  }

  const waiting = (): number => (tail - popped) >>> 0;

  function there(amount: number): boolean {
    if (waiting() >= amount) return true;
    lookAtTail();
    return waiting() >= amount || (peerMayReturn !== true && isClosed(words, WORD.producerClosed));
  }

  /** Where the bytes are is read once, so that what was checked is what is used. */
  function pop(): HeldFrame | undefined {
    for (;;) {
      if (popped === tail) {
        lookAtTail();
        if (popped === tail) return undefined;
      }
      const index = popped;
      const number = index & mask;
      popped = (index + 1) | 0;
      const at = (WORD.descriptors + Math.imul(number, stride)) | 0;
      const offset = words[at] ?? 0;
      const length = words[at + 1] ?? 0;
      // Below zero, and above the slot, both are out as numbers without a sign.
      if (offset >>> 0 > slotBytes) {
        counts.wrong_offset++;
      } else if (length >>> 0 > slotBytes - offset) {
        counts.wrong_length++;
      } else {
        const slot = slots[number] ?? makeSlot(number);
        slot.index = index;
        slot.offset = offset;
        slot.length = length;
        counts.frames++;
        return slot;
      }
    }
  }

  function answerWish(amount: number): void {
    if (!take(words, WORD.roomWish, amount)) return;
    counts.signals++;
    doorbell.ring(WORD.roomWish);
  }

  function publishHead(index = released.index): void {
    given = index;
    publish(words, WORD.head, given);
    const amount = look(words, WORD.roomWish);
    if (amount <= 0) return;
    lookAtTail();
    if (capacity - ((tail - given) >>> 0) >= amount) answerWish(amount);
  }

  function release(keep = 0): void {
    const index = (popped - keep) | 0;
    if (released.index === index) return;
    assert(((index - released.index) | 0) >= 0, "a consumer keeps frames that it holds");
    released.index = index;
    if (!withheld) publishHead();
  }

  const sleeper: Sleeper = {
    ask(amount = 1) {
      assert(amount >= 1 && amount <= capacity, "a consumer asks for frames that the ring can have");
      assert(released.index === popped, "a consumer holds nothing when it goes to sleep");
      asked = amount;
      wish(words, WORD.dataWish, amount);
    },
    // After it has closed, the wish in that word is its successor's.
    again: () => !closed && there(asked),
    withdraw: () => !closed && withdraw(words, WORD.dataWish),
  };

  return {
    ok: true,
    value: {
      capacity,
      counts,
      ...sleeper,
      ...createSleeps(sleeper, there, words, WORD.dataWish, doorbell, counts),
      pop,
      popBurst(max, show) {
        let shown = 0;
        for (; shown < max; shown++) {
          const frame = pop();
          if (frame === undefined) break;
          show(frame);
        }
        return shown;
      },
      release,
      republish: () => publishHead(given),
      withhold(on) {
        withheld = on;
        if (!on) publishHead();
      },
      held: () => (popped - released.index) >>> 0,
      ended() {
        // Closed before the tail: what was flushed before closing is then seen.
        if (!isClosed(words, WORD.producerClosed)) return false;
        lookAtTail();
        return waiting() === 0;
      },
      close() {
        release();
        withdraw(words, WORD.dataWish);
        closed = true;
        publish(words, WORD.consumerClosed, 1);
        const amount = look(words, WORD.roomWish);
        if (amount > 0) answerWish(amount);
      },
    },
  };
}
