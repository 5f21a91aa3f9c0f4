import { assert } from "../../abi/assert.ts";
import type { ArrivedFrame, FrameMeta } from "../../abi/frame.ts";
import { attach } from "./attach.ts";
import type { Doorbell } from "./doorbell.ts";
import { DESCRIPTOR_WORDS, REAL, slotWords, WORD, type Checked } from "./layout.ts";
import { look, publish, take, wish, withdraw } from "./protocol.shared.ts";
import { createSleeps, isClosed, type SleepCounts, type Sleeper, type Sleeps } from "./waiting.ts";

/** What a producer counts. */
interface ProducerCounts extends SleepCounts {
  /** Frames published. */
  frames: number;
  /** Signals made. */
  signals: number;
  /** Frames refused because all slots were in use. */
  full: number;
  /** Frames refused because a slot is too small for them. */
  too_long: number;
  /** Values of HEAD that the consumer may not write. */
  wrong_index: number;
}

/** The end that sends. One thread has it; the protocol is in protocol.shared.ts. */
export interface RingProducer extends Sleeper, Sleeps {
  readonly capacity: number;
  readonly counts: Readonly<ProducerCounts>;
  /** Whether a frame of that length can be sent at all. */
  fits(length: number): boolean;
  /** Copies a frame into a free slot; the consumer sees it after `flush`. False: no slot is free, or it does not fit. */
  push(bytes: Uint8Array, meta: FrameMeta): boolean;
  /** Pushes frames until one is refused, then flushes: one signal at most. Answers how many went. */
  pushBurst(frames: readonly ArrivedFrame[]): number;
  /** Publishes what was pushed, and signals a consumer that asked. */
  flush(): void;
  /** Writes TAIL once more, as it was published last, and signals a consumer that asked: after a fault wrote another. */
  republish(): void;
  /** How many slots are free, as far as one has looked. */
  room(): number;
  /** Whether the consumer has said that it will not come back. */
  consumerClosed(): boolean;
  /** Flushes, says that no more will come, and wakes the consumer. The ring can be attached to again. */
  close(): void;
}

/**
 * Attaches the producer's end to a ring. After a producer that died, the new one goes on behind the last frame that was
 * published.
 */
export function createRingProducer(buffer: ArrayBufferLike, doorbell: Doorbell): Checked<RingProducer> {
  const attached = attach(buffer, WORD.producerClosed);
  if (!attached.ok) return attached;
  const { capacity, slotBytes, words, reals, bytes: memory, mask } = attached.value;
  const stride = slotWords(attached.value);
  const counts: ProducerCounts = {
    frames: 0,
    signals: 0,
    full: 0,
    too_long: 0,
    wrong_index: 0,
    sleeps: 0,
    missed_signals: 0,
  };

  // Indices are 32-bit integers with a sign, which is how the processor adds them; only differences have a meaning.
  let published = attached.value.tail;
  let filled = published;
  let { head } = attached.value;
  let wrongHead: number | undefined;
  let asked = 1;

  /** HEAD may only grow, and not past what was published. What else is written there is counted once and not followed. */
  function lookAtHead(): void {
    const seen = look(words, WORD.head);
    if ((seen - head) >>> 0 <= (published - head) >>> 0) {
      head = seen;
      wrongHead = undefined;
    } else if (seen !== wrongHead) {
      wrongHead = seen;
      counts.wrong_index++;
    }
  }

  const free = (): number => capacity - ((filled - head) | 0);

  function there(amount: number): boolean {
    if (free() >= amount) return true;
    lookAtHead();
    return free() >= amount || isClosed(words, WORD.consumerClosed);
  }

  function answerWish(amount: number): void {
    if (!take(words, WORD.dataWish, amount)) return;
    counts.signals++;
    doorbell.ring(WORD.dataWish);
  }

  function push(bytes: Uint8Array, meta: FrameMeta): boolean {
    const { length } = bytes;
    if (length > slotBytes) {
      counts.too_long++;
      return false;
    }
    if (((filled - head) | 0) === capacity) {
      lookAtHead();
      if (((filled - head) | 0) === capacity) {
        counts.full++;
        return false;
      }
    }
    const at = (WORD.descriptors + Math.imul(filled & mask, stride)) | 0;
    memory.set(bytes, (at + DESCRIPTOR_WORDS) * 4);
    words[at] = 0;
    words[at + 1] = length;
    words[at + 2] = meta.flags;
    const real = at >> 1;
    reals[real + REAL.frame] = meta.frame;
    reals[real + REAL.timeNs] = meta.timeNs;
    reals[real + REAL.trace] = meta.trace;
    reals[real + REAL.span] = meta.span;
    reals[real + REAL.lamport] = meta.lamport;
    filled = (filled + 1) | 0;
    return true;
  }

  function flush(): void {
    if (filled === published) return;
    counts.frames += (filled - published) >>> 0;
    published = filled;
    publish(words, WORD.tail, published);
    const amount = look(words, WORD.dataWish);
    if (amount <= 0) return;
    lookAtHead();
    if ((published - head) >>> 0 >= amount) answerWish(amount);
  }

  /** The wish is taken even if there is too little for it: who slept over a wrong index looks again, and asks again. */
  function republish(): void {
    publish(words, WORD.tail, published);
    const amount = look(words, WORD.dataWish);
    if (amount > 0) answerWish(amount);
  }

  const sleeper: Sleeper = {
    ask(amount = 1) {
      assert(amount >= 1 && amount <= capacity, "a producer asks for room that the ring can have");
      flush();
      asked = amount;
      wish(words, WORD.roomWish, amount);
    },
    again: () => there(asked),
    withdraw: () => withdraw(words, WORD.roomWish),
  };

  return {
    ok: true,
    value: {
      capacity,
      counts,
      ...sleeper,
      ...createSleeps(sleeper, there, words, WORD.roomWish, doorbell, counts),
      fits: (length) => length <= slotBytes,
      push,
      pushBurst(frames) {
        let pushed = 0;
        for (const frame of frames) {
          if (!push(frame.bytes, frame)) break;
          pushed++;
        }
        flush();
        return pushed;
      },
      flush,
      republish,
      room: free,
      consumerClosed: () => isClosed(words, WORD.consumerClosed),
      close() {
        flush();
        publish(words, WORD.producerClosed, 1);
        const amount = look(words, WORD.dataWish);
        if (amount > 0) answerWish(amount);
      },
    },
  };
}
