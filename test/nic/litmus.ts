import { Worker } from "node:worker_threads";
import { formatRing, geometryFor, ringBytes } from "../../services/nic/ring/layout.ts";
import type { Waiting } from "../../services/nic/ring/waiting.ts";
import type { LitmusDone, LitmusJob } from "./litmus-peer.ts";

const inThread = (job: LitmusJob): Promise<LitmusDone> =>
  new Promise((done, failed) => {
    new Worker(new URL("./litmus-peer.js", import.meta.url), { workerData: job })
      .once("message", done)
      .once("error", failed);
  });

/** Sends one frame a round to a consumer that sleeps between them; answers what the consumer saw. */
export async function hunt(rounds: number, waiting: Waiting, enough: number): Promise<LitmusDone> {
  const geometry = geometryFor(2, 64);
  const memory = new SharedArrayBuffer(ringBytes(geometry));
  formatRing(memory, geometry);
  const job = { memory, rounds, waiting, enough };
  const [, consumed] = await Promise.all([
    inThread({ ...job, role: "produce" }),
    inThread({ ...job, role: "consume" }),
  ]);
  return consumed;
}
