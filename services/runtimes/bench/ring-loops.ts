import type { MessagePort } from "node:worker_threads";
import { assert } from "../../abi/assert.ts";
import { createRingConsumer, type RingConsumer } from "../../nic/ring/consumer.ts";
import type { Doorbell } from "../../nic/ring/doorbell.ts";
import { DESCRIPTOR_WORDS, slotWords, viewRing, WORD, type Checked } from "../../nic/ring/layout.ts";
import { look, publish } from "../../nic/ring/protocol.shared.ts";
import { createRingProducer, type RingProducer } from "../../nic/ring/producer.ts";
import type { Waiting } from "../../nic/ring/waiting.ts";
import type { RingJob, RingJobDone } from "./ring-job.ts";

/** Frames that a consumer takes at most before it gives their slots back: what NAPI calls a budget. */
const BUDGET = 64;
const WAITING: Waiting = { spins: 200, sleepMs: 100 };
/** The clock is read once in so many bursts. */
const BURSTS_A_LOOK = 128;
const IN_FLIGHT_MAX = 1024;
const FRAMES_AN_ACK = 256;

/** The ring of a job, as the doorbell's kind of memory has it. */
export interface JobMemory {
  readonly buffer: ArrayBufferLike;
  readonly doorbell: Doorbell;
}

function attached<T>(end: Checked<T>): T {
  assert(end.ok, "a benchmark's ring can be attached to");
  return end.value;
}

const frameOf = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);

/** A producer sends bursts until the time is over. */
function ringProduce(ring: RingProducer, { bytes, burst, seconds }: RingJob): RingJobDone {
  const frame = frameOf(bytes);
  const meta = { flags: 0, frame: 0, timeNs: 0, trace: 0, span: 0, lamport: 0 };
  const half = ring.capacity / 2;
  const startMs = performance.now();
  let bursts = 0;
  do {
    for (let looked = 0; looked < BURSTS_A_LOOK; looked++, bursts++) {
      for (let n = 0; n < burst; n++) while (!ring.push(frame, meta)) ring.sleep(WAITING, half);
      ring.flush();
    }
  } while (performance.now() - startMs < seconds * 1000);
  ring.close();
  return { frames: bursts * burst, seconds: (performance.now() - startMs) / 1000 };
}

/** A consumer copies every frame out, until the producer closes. */
function ringConsume(ring: RingConsumer, { bytes }: RingJob): RingJobDone {
  const into = new Uint8Array(bytes);
  const copy = (frame: { readonly bytes: Uint8Array }): void => into.set(frame.bytes);
  let startMs: number | undefined;
  while (!ring.ended()) {
    const taken = ring.popBurst(BUDGET, copy);
    startMs ??= taken > 0 ? performance.now() : undefined;
    if (taken > 0) ring.release();
    else ring.sleep(WAITING);
  }
  const seconds = (performance.now() - (startMs ?? 0)) / 1000;
  const { frames } = ring.counts;
  ring.close();
  return { frames, seconds };
}

/**
 * The same copies in and out of the same slots, by threads that do not wait for each other; `indexed` publishes an index after
 * each burst and looks at the other's, in the memory order of the ring.
 */
function bare(buffer: ArrayBufferLike, { road, role, bytes, burst, seconds }: RingJob): RingJobDone {
  const ring = attached(viewRing(buffer));
  const { bytes: memory, capacity } = ring;
  const first = (WORD.descriptors + DESCRIPTOR_WORDS) * 4;
  const stride = slotWords(ring) * 4;
  const frame = frameOf(bytes);
  const slots = Array.from({ length: capacity }, (_, slot) =>
    memory.subarray(first + slot * stride, first + slot * stride + bytes),
  );
  const [own, others] = role === "producer" ? [WORD.tail, WORD.head] : [WORD.head, WORD.tail];
  const every = road === "indexed" ? burst : Infinity;
  let left = every;
  const handOver = (index: number): void => {
    if (--left > 0) return;
    left = every;
    publish(ring.words, own, index);
    look(ring.words, others);
  };
  const startMs = performance.now();
  let frames = 0;
  do {
    if (role === "producer") {
      for (let slot = 0; slot < capacity; slot++) {
        memory.set(frame, first + slot * stride);
        if (road === "indexed") handOver(slot);
      }
    } else {
      for (let slot = 0; slot < capacity; slot++) {
        frame.set(slots[slot] ?? frame);
        if (road === "indexed") handOver(slot);
      }
    }
    frames += capacity;
  } while (performance.now() - startMs < seconds * 1000);
  return { frames, seconds: (performance.now() - startMs) / 1000 };
}

/** Bursts as messages; a bounded number in flight, as a ring has it. An empty burst is the end. */
function portProduce(port: MessagePort, { bytes, burst, seconds }: RingJob): Promise<RingJobDone> {
  const frames = Array.from({ length: burst }, () => frameOf(bytes));
  const startMs = performance.now();
  let sent = 0;
  let acknowledged = 0;
  return new Promise((done) => {
    const send = (): void => {
      while (sent - acknowledged < IN_FLIGHT_MAX) {
        port.postMessage(frames);
        sent += burst;
      }
      if (performance.now() - startMs < seconds * 1000) return;
      port.postMessage([]);
      port.off("message", receive);
      done({ frames: sent, seconds: (performance.now() - startMs) / 1000 });
    };
    const receive = (count: number): void => {
      acknowledged += count;
      send();
    };
    port.on("message", receive);
    send();
  });
}

function portConsume(port: MessagePort, { bytes }: RingJob): Promise<RingJobDone> {
  const into = new Uint8Array(bytes);
  let frames = 0;
  let unsaid = 0;
  let startMs: number | undefined;
  return new Promise((done) => {
    port.on("message", (burst: readonly Uint8Array[]) => {
      startMs ??= performance.now();
      for (const frame of burst) into.set(frame);
      frames += burst.length;
      unsaid += burst.length;
      if (unsaid >= FRAMES_AN_ACK) {
        port.postMessage(unsaid);
        unsaid = 0;
      }
      if (burst.length > 0) return;
      port.close();
      done({ frames, seconds: (performance.now() - startMs) / 1000 });
    });
  });
}

/** Does a job. */
export async function doRingJob(job: RingJob, { buffer, doorbell }: JobMemory): Promise<RingJobDone> {
  const produces = job.role === "producer";
  if (job.road === "bare" || job.road === "indexed") return bare(buffer, job);
  if (job.port !== undefined) return produces ? portProduce(job.port, job) : portConsume(job.port, job);
  return produces
    ? ringProduce(attached(createRingProducer(buffer, doorbell)), job)
    : ringConsume(attached(createRingConsumer(buffer, doorbell)), job);
}
