import { parentPort } from "node:worker_threads";
import { assert } from "../../abi/assert.ts";
import { sharedDoorbell } from "../../nic/ring/shared-doorbell.shared.ts";
import { loadLibc } from "../../transports/memory/libc.ts";
import { mapSharedFile } from "../../transports/memory/mapped.shared.ts";
import { createRealClock, bootEpochMs } from "../real-clock.ts";
import type { CommonMemory, RingJob } from "./ring-job.ts";
import { doRingJob, type JobMemory } from "./ring-loops.ts";

// One of the two peers of the ring's benchmark: a worker thread, or a process with a channel to its parent.

async function open(memory: CommonMemory): Promise<JobMemory> {
  if (memory.kind === "shared") return { buffer: memory.buffer, doorbell: sharedDoorbell(memory.buffer) };
  const libc = await loadLibc();
  assert(libc.ok, "who made a shared file could map it");
  const mapped = mapSharedFile(libc.value, memory.path, createRealClock(bootEpochMs()));
  assert(mapped.ok, "the benchmark's shared file can be mapped");
  return { buffer: mapped.value.buffer, doorbell: mapped.value };
}

const work = async (job: RingJob) => doRingJob(job, await open(job.memory));

if (parentPort === null) {
  process.once("disconnect", () => process.exit(0));
  // Ctrl-C goes to the whole group; the benchmark ends it.
  process.on("SIGINT", () => undefined);
  process.on("message", (job: RingJob) => void work(job).then((done) => process.send?.(done)));
} else {
  const port = parentPort;
  port.on("message", (job: RingJob) => void work(job).then((done) => port.postMessage(done)));
}
