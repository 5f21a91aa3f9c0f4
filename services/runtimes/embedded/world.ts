import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { House } from "../../abi/contract.generated.ts";
import { SINGLE } from "../../abi/topology.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { connectPort } from "../../transports/worker.ts";
import { controlRoad } from "../control.ts";
import { createSharedLink, type SharedLinkEnd } from "../frames/shared.ts";
import { areJoined, linksOf, nameOf, placesOf, type Place } from "../links.ts";
import { createEventPump } from "../pump.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createLabKits, type WorldFacts } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver, type HouseLink } from "../world-over.ts";
import type { HouseWorkerData, HouseWorkerWord } from "./house-worker.ts";

/** What makes an embedded world. */
export interface EmbeddedOptions extends WorldOptions {
}

const STARTED_WITHIN_NS = 20e9;

/** A thread of a world. */
interface Threaded {
  readonly place: Place;
  readonly worker: Worker;
  /** The port to the tasks and the lab; a switch has nobody to call it. */
  readonly port: MessagePort;
  /** Resolves when it has said so; rejects when it ends before. */
  says(word: HouseWorkerWord): Promise<void>;
}

/** Message ports between the houses of a node that call each other, by place: a channel for each pair. */
function portsBetween(places: readonly Place[]): Map<string, { readonly house: House; readonly port: MessagePort }[]> {
  const ports = new Map<string, { readonly house: House; readonly port: MessagePort }[]>();
  const add = (place: Place, house: House, port: MessagePort): void => {
    ports.set(nameOf(place), [...(ports.get(nameOf(place)) ?? []), { house, port }]);
  };
  places.forEach((a, i) => {
    for (const b of places.slice(i + 1)) {
      if (a.t === "switch" || b.t === "switch" || a.node !== b.node || !areJoined(a.house, b.house)) continue;
      const { port1, port2 } = new MessageChannel();
      add(a, b.house, port1);
      add(b, a.house, port2);
    }
  });
  return ports;
}

/** The ends of every link, by place and the link's name. */
function sharedEnds(facts: WorldFacts): Map<string, Map<string, SharedLinkEnd>> {
  const ends = new Map<string, Map<string, SharedLinkEnd>>();
  for (const { name, ends: holders } of linksOf(facts)) {
    const made = createSharedLink();
    holders.forEach((holder, side) => {
      const own = ends.get(holder) ?? new Map<string, SharedLinkEnd>();
      ends.set(holder, own.set(name, made[side === 0 ? 0 : 1]));
    });
  }
  return ends;
}

function startThread(place: Place, workerData: HouseWorkerData, port: MessagePort): Threaded {
  const worker = new Worker(new URL("./house-worker.js", import.meta.url), {
    workerData,
    transferList: [workerData.lab, ...workerData.peers.map((peer) => peer.port)],
    name: nameOf(place),
  });
  // The error itself is in the service's log.
  worker.on("error", () => undefined);
  return {
    place,
    worker,
    port,
    says: (word) =>
      new Promise((resolve, reject) => {
        const hear = (said: HouseWorkerWord): void => {
          if (said !== word) return;
          worker.off("message", hear);
          resolve();
        };
        worker.on("message", hear);
        worker.once("exit", (code) =>
          reject(new Error(`the thread of ${nameOf(place)} ended with exit code ${code} before it was ${word}`)),
        );
      }),
  };
}

/**
 * The nodes of a world in worker threads of this process, in real time: a thread for each house and each switch, a message
 * port for each edge, shared memory for each link, the tasks and the lab in the calling thread.
 */
export async function createEmbeddedWorld(options: EmbeddedOptions): Promise<World> {
  const { seed, profile, topology = SINGLE, mutant, core, onExit } = options;
  const facts: WorldFacts = { topology, core, seed: seed.toString(), profile, epochMs: bootEpochMs() };
  const { kits, ring, signals } = createLabKits(facts);
  const { clock } = kits[0];
  const places = placesOf(facts);
  const between = portsBetween(places);
  const ends = sharedEnds(facts);
  const reach = new Map<string, Transport>();
  const controls: HouseLink[] = [];
  const closers: (() => void)[] = [];
  let stopped: Promise<void> | undefined;

  const threads = places.map((place) => {
    const name = nameOf(place);
    const channel = new MessageChannel();
    const peers = between.get(name) ?? [];
    const data = { place, facts, mutant, lab: channel.port2, peers, ends: ends.get(name) ?? new Map() };
    return startThread(place, data, channel.port1);
  });
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      for (const close of closers) close();
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    })());

  for (const { place, worker, port } of threads) {
    const link = connectPort(port);
    closers.push(() => link.close());
    // A thread that dies closes its port, and what is in flight ends as lost.
    worker.on("exit", (code) => {
      link.close();
      if (stopped === undefined) onExit?.(nameOf(place), `exit code ${code}`);
    });
    if (place.t === "switch") continue;
    const { node, house } = place;
    reach.set(nameOf(place), link.transport);
    controls.push({ node, house, transport: controlRoad(link.transport, clock) });
  }
  if (core !== undefined) {
    const foreign = connectHouse({ address: core, clock, exchange: "auto", protos: loadProtos() });
    reach.set(`${kits[0].node}/companion`, foreign.transport);
    closers.push(() => foreign.close());
  }

  const all = async (word: HouseWorkerWord): Promise<void> => {
    let late: (error: Error) => void = () => undefined;
    const tooLate = new Promise<never>((_, reject) => (late = reject));
    const timer = clock.after(STARTED_WITHIN_NS, () =>
      late(new Error(`not every thread of the world was ${word} within ${STARTED_WITHIN_NS / 1e9} s`)),
    );
    try {
      await Promise.race([tooLate, Promise.all(threads.map((thread) => thread.says(word)))]);
    } finally {
      timer.cancel();
    }
  };
  try {
    await all("serving");
    const started = all("started");
    for (const { worker } of threads) worker.postMessage("start");
    await started;
  } catch (error) {
    await stop();
    throw error;
  }

  const pump = createEventPump(controls, ring, clock);
  signals.whenFirst = pump.arrived;
  return createWorldOver({
    runtime: "embedded",
    topology,
    kits,
    reach: (node, house) => reach.get(`${node}/${house}`),
    controls,
    drive: (program) => program(),
    onEvents: (listener) => pump.onEvents(listener),
    settle: () => pump.settle(),
    dropped: () => pump.dropped(),
    stop: () => {
      pump.stop();
      return stop();
    },
  });
}
