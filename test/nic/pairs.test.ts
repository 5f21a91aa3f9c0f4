import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "@jest/globals";
import { formatRing, geometryFor, ringBytes } from "../../services/nic/ring/layout.ts";
import { createRealClock } from "../../services/runtimes/real-clock.ts";
import { loadLibc } from "../../services/transports/memory/libc.ts";
import { mapSharedFile } from "../../services/transports/memory/mapped.shared.ts";
import { createSharedFile, removeSharedFile } from "../../services/transports/memory/shared-file.ts";
import { value } from "./ends.ts";
import type { PeerDone, PeerJob } from "./peer.ts";

const BYTES_MAX = 1500;
const GEOMETRY = geometryFor(256, BYTES_MAX);
/** Shortly before the indices wrap. */
const START = 2 ** 32 - 1000;
const FRAMES = 200_000;
const WAITING = { spins: 100, sleepMs: 5000 };
const PEER = new URL("./peer.js", import.meta.url);

const inThread = (job: PeerJob): Promise<PeerDone> =>
  new Promise((done, failed) => {
    new Worker(PEER, { workerData: job }).once("message", done).once("error", failed);
  });

const inProcess = (job: PeerJob): Promise<PeerDone> =>
  new Promise((done, failed) => {
    const child = fork(fileURLToPath(PEER), { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.once("message", (message) => done(message as PeerDone));
    child.once("exit", (code) => failed(new Error(`the peer ended with ${code ?? "a signal"}`)));
    child.send(job);
  });

/** Everything arrived as it was sent, and nobody slept through a signal. */
function expectAll([sent, received]: readonly PeerDone[], frames: number): void {
  expect(received).toMatchObject({ frames, wrong: 0, missedSignals: 0 });
  expect(sent).toMatchObject({ frames, wrong: 0, missedSignals: 0 });
}

describe("two threads over a SharedArrayBuffer", () => {
  const shared = (): SharedArrayBuffer => {
    const memory = new SharedArrayBuffer(ringBytes(GEOMETRY));
    formatRing(memory, GEOMETRY, START);
    return memory;
  };

  test("move 200,000 frames of 0 to 1,500 bytes, each as it was sent", async () => {
    const job = { memory: shared(), frames: FRAMES, bytesMax: BYTES_MAX, waiting: WAITING };
    const both = [inThread({ ...job, role: "produce" }), inThread({ ...job, role: "consume" })];
    expectAll(await Promise.all(both), FRAMES);
  }, 120_000);

  test("move them also when the consumer waits without blocking its thread, in which nothing else happens", async () => {
    const job = { memory: shared(), frames: 20_000, bytesMax: BYTES_MAX, waiting: { ...WAITING, spins: 0 } };
    const both = [inThread({ ...job, role: "produce" }), inThread({ ...job, role: "consumeAsync" })];
    expectAll(await Promise.all(both), 20_000);
  }, 120_000);
});

const libc = await loadLibc();
if (!libc.ok) process.stderr.write(`two processes over a mapped file: skipped, ${libc.why}\n`);

(libc.ok ? describe : describe.skip)("two processes over a mapped file", () => {
  async function move(jobs: readonly Pick<PeerJob, "role" | "withoutFutex">[], frames: number): Promise<PeerDone[]> {
    const path = value(createSharedFile(ringBytes(GEOMETRY)));
    try {
      const mapped = value(mapSharedFile(value(libc), path, createRealClock(0)));
      formatRing(mapped.buffer, GEOMETRY, START);
      const common = { memory: path, frames, bytesMax: BYTES_MAX, waiting: WAITING };
      return await Promise.all(jobs.map((job) => inProcess({ ...common, ...job })));
    } finally {
      removeSharedFile(path);
    }
  }

  test("move 200,000 frames of 0 to 1,500 bytes, each as it was sent", async () => {
    expectAll(await move([{ role: "produce" }, { role: "consume" }], FRAMES), FRAMES);
  }, 120_000);

  test("move them by polling where the system has no futex", async () => {
    const jobs = (["produce", "consume"] as const).map((role) => ({ role, withoutFutex: true as const }));
    expectAll(await move(jobs, 20_000), 20_000);
  }, 120_000);

  test("move them when the consumer waits without blocking its thread", async () => {
    expectAll(await move([{ role: "produce" }, { role: "consumeAsync" }], 20_000), 20_000);
  }, 120_000);

  test("a file that is missing or too small for a ring is refused with the reason", () => {
    const clock = createRealClock(0);
    expect(mapSharedFile(value(libc), "no/such/file", clock)).toMatchObject({ ok: false });
    expect(createSharedFile(64, "no/such/folder")).toMatchObject({ ok: false });
  });
});

test("without koffi there is a line that says so", async () => {
  const loaded = await loadLibc();
  expect(loaded.ok || loaded.why).toEqual(loaded.ok ? true : expect.stringMatching(/^[^\n]+$/));
});
