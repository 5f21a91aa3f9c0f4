import { parentPort, workerData } from "node:worker_threads";
import { createRingConsumer } from "../../services/nic/ring/consumer.ts";
import type { Doorbell } from "../../services/nic/ring/doorbell.ts";
import { createRingProducer } from "../../services/nic/ring/producer.ts";
import { sharedDoorbell } from "../../services/nic/ring/shared-doorbell.shared.ts";
import type { Waiting } from "../../services/nic/ring/waiting.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { loadLibc } from "../../services/transports/memory/libc.ts";
import { mapSharedFile } from "../../services/transports/memory/mapped.shared.ts";
import { frameOf, isFrame, value } from "./ends.ts";

/** What a thread or a process of these tests is to do. */
export interface PeerJob {
  readonly role: "produce" | "consume" | "consumeAsync";
  /** Memory of threads, or the path of a file. */
  readonly memory: SharedArrayBuffer | string;
  /** Hides the futex, as on a system that has none. */
  readonly withoutFutex?: true;
  readonly frames: number;
  readonly bytesMax: number;
  readonly waiting: Waiting;
}

/** What it came to. */
export interface PeerDone {
  readonly frames: number;
  readonly wrong: number;
  readonly missedSignals: number;
  readonly sleeps: number;
  readonly signals: number;
}

interface Common {
  readonly buffer: ArrayBufferLike;
  readonly doorbell: Doorbell;
}

/** Keeps the event loop of a thread that only waits. */
function hold(): () => void {
  const timer = setInterval(() => undefined, 1000);
  return () => clearInterval(timer);
}

async function open({ memory, withoutFutex }: PeerJob): Promise<Common> {
  if (typeof memory !== "string") return { buffer: memory, doorbell: sharedDoorbell(memory, hold) };
  const libc = value(await loadLibc());
  const calls = withoutFutex === true ? { ...libc, futex: undefined } : libc;
  const mapped = value(mapSharedFile(calls, memory, createRealClock(0)));
  return { buffer: mapped.buffer, doorbell: mapped };
}

function produce({ buffer, doorbell }: Common, { frames, bytesMax, waiting }: PeerJob): PeerDone {
  const ring = value(createRingProducer(buffer, doorbell));
  for (let n = 0; n < frames; n++) {
    const frame = frameOf(n, bytesMax);
    while (!ring.push(frame.bytes, frame)) ring.sleep(waiting, ring.capacity / 2);
    // Bursts of many lengths.
    if ((n * 7919) % 13 === 0) ring.flush();
  }
  ring.close();
  const { sleeps, signals, missed_signals: missedSignals } = ring.counts;
  return { frames, wrong: ring.counts.wrong_index, missedSignals, sleeps, signals };
}

async function consume({ buffer, doorbell }: Common, { role, bytesMax, waiting }: PeerJob): Promise<PeerDone> {
  const ring = value(createRingConsumer(buffer, doorbell));
  let n = 0;
  let wrong = 0;
  while (!ring.ended()) {
    const taken = ring.popBurst(64, (frame) => {
      if (!isFrame(frame, n++, bytesMax)) wrong++;
    });
    if (taken > 0) ring.release();
    else if (role === "consume") ring.sleep(waiting);
    else await ring.sleepAsync(waiting);
  }
  ring.close();
  const { sleeps, signals, missed_signals: missedSignals, wrong_index, wrong_length, wrong_offset } = ring.counts;
  return { frames: n, wrong: wrong + wrong_index + wrong_length + wrong_offset, missedSignals, sleeps, signals };
}

async function work(job: PeerJob): Promise<PeerDone> {
  const common = await open(job);
  return job.role === "produce" ? produce(common, job) : consume(common, job);
}

if (parentPort === null) {
  process.once("message", (job: PeerJob) => void work(job).then((done) => process.send?.(done, () => process.exit())));
} else {
  const port = parentPort;
  void work(workerData as PeerJob).then((done) => port.postMessage(done));
}
