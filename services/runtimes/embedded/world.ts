import { MessageChannel, Worker } from "node:worker_threads";
import type { House } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { connectPort } from "../../transports/worker.ts";
import { HOUSES, type BuiltHouse } from "../house.ts";
import { createEventPump } from "../pump.ts";
import { controlRoad } from "../control.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createThreadKit, type WorldFacts } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver } from "../world-over.ts";
import type { HouseWorkerData } from "./house-worker.ts";

/** What makes an embedded world. */
export interface EmbeddedOptions extends WorldOptions {
  /** A house's thread ended, and nobody had stopped it. */
  readonly onExit?: (house: BuiltHouse, how: string) => void;
}

/**
 * One kernel in worker threads of this process, in real time: a thread for each house, a message port for each edge, the
 * tasks and the lab in the calling thread.
 */
export function createEmbeddedWorld({ seed, profile, mutant, core, onExit }: EmbeddedOptions): World {
  const facts: WorldFacts = { node: "alpha", seed: seed.toString(), profile, epochMs: bootEpochMs() };
  const { kit, ring, signals } = createThreadKit("task", facts, 1);
  const built: readonly BuiltHouse[] = core === undefined ? HOUSES : HOUSES.filter((house) => house !== "companion");
  const between = new MessageChannel();
  const reach = new Map<House, Transport>();
  const controls = new Map<BuiltHouse, Transport>();
  const closers: (() => void)[] = [];
  let stopped: Promise<void> | undefined;

  const workers = built.map((house) => {
    const channel = new MessageChannel();
    const peers: HouseWorkerData["peers"] =
      built.length < HOUSES.length
        ? []
        : house === "vfs"
          ? [{ house: "companion", port: between.port1 }]
          : [{ house: "vfs", port: between.port2 }];
    const workerData: HouseWorkerData = { house, facts, mutant, lab: channel.port2, peers, core };
    const worker = new Worker(new URL("./house-worker.js", import.meta.url), {
      workerData,
      transferList: [channel.port2, ...peers.map(({ port }) => port)],
      name: house,
    });
    const link = connectPort(channel.port1);
    // A thread that dies closes its port, and what is in flight ends as lost; the error itself is in the service's log.
    worker.on("error", () => link.close());
    worker.on("exit", (code) => {
      link.close();
      if (stopped === undefined) onExit?.(house, `exit code ${code}`);
    });
    reach.set(house, link.transport);
    controls.set(house, controlRoad(link.transport, kit.clock));
    closers.push(() => link.close());
    return worker;
  });
  if (core !== undefined) {
    const foreign = connectHouse({ address: core, clock: kit.clock, exchange: "auto" });
    reach.set("companion", foreign.transport);
    closers.push(() => foreign.close());
  }

  const pump = createEventPump(controls, ring, kit.clock);
  signals.whenFirst = pump.arrived;
  return createWorldOver({
    runtime: "embedded",
    kit,
    reach: (house) => reach.get(house),
    controls,
    drive: (program) => program(),
    onEvents: (listener) => pump.onEvents(listener),
    settle: () => pump.settle(),
    dropped: () => pump.dropped(),
    stop: () =>
      (stopped ??= (async () => {
        pump.stop();
        for (const close of closers) close();
        await Promise.all(workers.map((worker) => worker.terminate()));
      })()),
  });
}
