import { parentPort, workerData } from "node:worker_threads";
import { createRingConsumer } from "../../services/nic/ring/consumer.ts";
import { look } from "../../services/nic/ring/protocol.shared.ts";
import { WORD } from "../../services/nic/ring/layout.ts";
import { createRingProducer } from "../../services/nic/ring/producer.ts";
import { sharedDoorbell } from "../../services/nic/ring/shared-doorbell.shared.ts";
import type { Waiting } from "../../services/nic/ring/waiting.ts";
import { value } from "./ends.ts";

/** One of the two threads of the litmus test. */
export interface LitmusJob {
  readonly role: "produce" | "consume";
  readonly memory: SharedArrayBuffer;
  readonly rounds: number;
  readonly waiting: Waiting;
  /** The consumer ends the test at so many missed signals. */
  readonly enough: number;
}

/** What it came to. */
export interface LitmusDone {
  readonly rounds: number;
  readonly missed: number;
  readonly sleeps: number;
}

const DOZE_EVERY = 200;
const DOZE_MS = 0.1;
const META = { flags: 0, frame: 0, timeNs: 0, trace: 0, span: 0, lamport: 0 };
const FRAME = new Uint8Array(8);

/**
 * A round: wait until the consumer has given the last frame back, which is when it looks for the next, asks and sleeps; then
 * send one, after a pause, so that it comes at every moment of the other's falling asleep.
 */
function produce({ memory, rounds }: LitmusJob): LitmusDone {
  const ring = value(createRingProducer(memory, sharedDoorbell(memory)));
  const words = new Int32Array(memory);
  let round = 0;
  for (; round < rounds && !ring.consumerClosed(); round++) {
    while (ring.counts.frames !== look(words, WORD.head) && !ring.consumerClosed());
    for (let pause = (round * 7919) % 97; pause > 0; pause--) look(words, WORD.magic);
    ring.push(FRAME, META);
    ring.flush();
  }
  ring.close();
  return { rounds: round, missed: 0, sleeps: 0 };
}

function consume({ memory, waiting, enough }: LitmusJob): LitmusDone {
  const ring = value(createRingConsumer(memory, sharedDoorbell(memory)));
  // Nobody rings this one.
  const doze = sharedDoorbell(new SharedArrayBuffer(64));
  while (!ring.ended() && ring.counts.missed_signals < enough) {
    if (ring.pop() === undefined) {
      // Between the last look and the wish is where a wake-up gets lost. Now and then the way from one to the other is so
      // long that the other thread runs in between, also where both share a processor: it must not matter.
      if (ring.counts.frames % DOZE_EVERY === 1) doze.wait?.(WORD.magic, 0, DOZE_MS);
      ring.sleep(waiting);
    } else {
      ring.release();
    }
  }
  ring.close();
  const { frames, missed_signals: missed, sleeps } = ring.counts;
  return { rounds: frames, missed, sleeps };
}

const job = workerData as LitmusJob;
parentPort?.postMessage(job.role === "produce" ? produce(job) : consume(job));
