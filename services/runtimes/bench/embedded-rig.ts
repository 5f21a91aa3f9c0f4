import { MessageChannel, Worker } from "node:worker_threads";
import { SINGLE } from "../../abi/topology.ts";
import { createCaller } from "../../boundary/caller.ts";
import { createFaultEngine } from "../../boundary/faults/engine.ts";
import { connectPort } from "../../transports/worker.ts";
import type { HouseWorkerData } from "../embedded/words.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createThreadKit, type WorldFacts } from "../thread-kit.ts";
import { createEchoQueue } from "./echo-queue.ts";
import { installAndUninstall, openBenchFile, type Rig } from "./rig.ts";

/** The embedded runtime: the floor is a worker that posts back every message it gets. */
export async function embeddedRig(): Promise<Rig> {
  const facts: WorldFacts = { topology: SINGLE, seed: "1", profile: "documented", epochMs: bootEpochMs() };
  const { kit } = createThreadKit(facts, "alpha", "vfs", 1);
  const lab = new MessageChannel();
  const edge = new MessageChannel();
  const workerData: HouseWorkerData = {
    place: { t: "house", node: "alpha", house: "companion" },
    incarnation: 1,
    lamport: 0,
    facts,
    mutant: undefined,
    lab: lab.port2,
    peers: [{ house: "vfs", port: edge.port2 }],
    ends: new Map(),
  };
  const worker = new Worker(new URL("../embedded/house-worker.js", import.meta.url), {
    workerData,
    transferList: [lab.port2, edge.port2],
  });
  const link = connectPort(edge.port1);
  const hooks = createCaller("vfs", {
    kit,
    identity: "alpha/vfs#1",
    engine: createFaultEngine(1n),
    reach: () => link.transport,
  });
  const oobData = await openBenchFile(hooks);

  const bare = new Worker(new URL("./floor-worker.js", import.meta.url));
  const echo = createEchoQueue((message) => bare.postMessage(message));
  bare.on("message", echo.arrived);
  // About what one hook carries.
  const message = {
    id: 1,
    point: "install_inband_fd",
    args: { fd: 3, file: 1, oob_data: 1, files: 1 },
    locks: ["files.file_lock:1"],
    task: "bench",
  };
  return {
    runtime: "embedded",
    floorName: "a bare message port",
    hook: installAndUninstall(hooks, oobData),
    floor: () => echo.send(message),
    drive: (program) => program(),
    async close() {
      link.close();
      lab.port1.close();
      await Promise.all([worker.terminate(), bare.terminate()]);
    },
  };
}
