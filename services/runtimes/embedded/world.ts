import type { MessagePort } from "node:worker_threads";
import { assert } from "../../abi/assert.ts";
import type { FaultReport } from "../../abi/contract.generated.ts";
import { SINGLE } from "../../abi/topology.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse, type HouseClient } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { createPlaceNews } from "../blows.ts";
import { control, controlRoad } from "../control.ts";
import { foreignLink } from "../foreign.ts";
import { identityIn } from "../identity-in.ts";
import { nameOf, placesOf } from "../links.ts";
import { createEventPump } from "../pump.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createLabKits, type WorldFacts } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver, type HouseLink } from "../world-over.ts";
import { createThreads } from "./threads.ts";

/** What makes an embedded world. */
export interface EmbeddedOptions extends WorldOptions {
  /** How nice the threads of VFS and in-band stack are to all others, 0 to 19; absent: not at all. */
  readonly inbandNice?: number;
}

/** An embedded world, whose houses tasks in other threads can call, too. */
export interface EmbeddedWorld extends World {
  readonly facts: WorldFacts;
  /** A port to a house, such as `alpha/vfs`, in the life that it is in. */
  portTo(place: string): MessagePort;
}

const STARTED_WITHIN_NS = 20e9;

/**
 * The nodes of a world in worker threads of this process, in real time: a thread for each house and each switch, a message
 * port for each edge, shared memory for each link, the tasks and the lab in the calling thread.
 */
export async function createEmbeddedWorld(options: EmbeddedOptions): Promise<EmbeddedWorld> {
  const { seed, profile, topology = SINGLE, mutant, cores = {}, tls, onExit, tracing, inbandNice } = options;
  const facts: WorldFacts = { topology, cores, tls, seed: seed.toString(), profile, epochMs: bootEpochMs(), tracing };
  const { kits, lab, ring, signals } = createLabKits(facts);
  const { clock } = kits[0];
  const controls: HouseLink[] = [];
  const formerReports: FaultReport[] = [];
  const reach = new Map<string, Transport>();
  let stopped: Promise<void> | undefined;

  const protos = Object.keys(cores).length === 0 ? undefined : loadProtos();
  const threads = createThreads({
    facts,
    mutant,
    protos,
    inbandNice,
    clock,
    news: createPlaceNews(kits),
    farewell,
    onExit,
  });
  for (const place of placesOf(facts)) {
    if (place.t === "switch") continue;
    const { node, house } = place;
    const transport = threads.serveAt(nameOf(place));
    reach.set(nameOf(place), transport);
    controls.push({ node, house, transport: controlRoad(transport, clock) });
  }
  const foreign: HouseLink[] = [];
  const connections: HouseClient[] = [];
  for (const [node, address] of Object.entries(cores)) {
    assert(protos !== undefined, "a world with a core elsewhere has read the protos");
    const options = { address, clock, tls: identityIn(tls), exchange: "auto", protos } as const;
    // What the tasks call must not wait behind what the lab asks.
    const [calls, control] = [connectHouse(options), connectHouse(options)];
    connections.push(calls, control);
    reach.set(`${node}/companion`, calls.transport);
    foreign.push(foreignLink(facts, node, control.transport, clock));
  }
  const pump = createEventPump([...controls, ...foreign], ring, clock);
  signals.whenFirst = pump.arrived;

  async function farewell(place: string): Promise<void> {
    const link = controls.find(({ node, house }) => `${node}/${house}` === place);
    if (link === undefined) return;
    const reply = await control(link.transport, "ctl_list_faults", {});
    if (reply.kind === "returned") formerReports.push(...reply.value.reports);
    await pump.drain(link);
  }

  const stop = (): Promise<void> => {
    pump.stop();
    for (const connection of connections) connection.close();
    return (stopped ??= threads.stop());
  };

  let late: (error: Error) => void = () => undefined;
  const tooLate = new Promise<never>((_, reject) => (late = reject));
  const timer = clock.after(STARTED_WITHIN_NS, () =>
    late(new Error(`not every thread of the world was started within ${STARTED_WITHIN_NS / 1e9} s`)),
  );
  try {
    await Promise.race([tooLate, threads.start()]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    timer.cancel();
  }

  const world = createWorldOver({
    runtime: "embedded",
    topology,
    kits,
    lab,
    reach: (node, house) => reach.get(`${node}/${house}`),
    controls,
    foreign,
    blows: threads.blows,
    formerReports,
    drive: (program) => program(),
    onEvents: (listener) => pump.onEvents(listener),
    settle: () => pump.settle(),
    dropped: () => pump.dropped(),
    stop,
  });
  return { ...world, facts, portTo: (place) => threads.portTo(place) };
}
