import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SINGLE } from "../../abi/topology.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { controlRoad } from "../control.ts";
import { nameOf, placesOf } from "../links.ts";
import { createEventPump } from "../pump.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createLabKits, type WorldFacts } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver, type HouseLink } from "../world-over.ts";
import { supervise, type Supervised, type Supervision } from "./supervisor.ts";

/** What makes a distributed world. */
export interface DistributedOptions extends WorldOptions, Partial<Supervision> {}

/** A distributed world, whose processes can be looked at (and killed, by those who want to see what happens). */
export interface DistributedWorld extends World {
  /** Those of all houses and switches. */
  readonly houses: readonly Supervised[];
}

const READY_WITHIN_NS = 20e9;

/**
 * The nodes of a world in processes of this host that speak gRPC: one for each house and each switch, started and watched
 * from here. All start at once: first everybody listens, then everybody connects, then everybody starts.
 */
export async function createDistributedWorld(options: DistributedOptions): Promise<DistributedWorld> {
  const { seed, profile, topology = SINGLE, mutant, core, over = "unix", frames = "auto" } = options;
  const { restart = false, onExit, tracing } = options;
  const facts: WorldFacts = { topology, core, seed: seed.toString(), profile, epochMs: bootEpochMs(), tracing };
  const { kits, ring, signals } = createLabKits(facts);
  const { clock } = kits[0];
  const protos = loadProtos();
  // Made with mode 0700: whoever may not enter the folder cannot reach the sockets.
  const folder = await mkdtemp(join(tmpdir(), "tenon-"));
  const supervision: Supervision = { restart, ...(onExit && { onExit }) };
  const houses: Supervised[] = [];
  const closers: (() => void)[] = [];
  const reach = new Map<string, Transport>();
  const controls: HouseLink[] = [];

  async function connect(address: string): Promise<Transport> {
    const link = connectHouse({ address, clock, exchange: "auto", protos });
    closers.push(() => link.close());
    if (!(await link.ready(READY_WITHIN_NS))) throw new Error(`${address} is served, yet cannot be reached`);
    return link.transport;
  }

  async function stop(): Promise<void> {
    for (const close of closers) close();
    await Promise.all(houses.map((house) => house.stop()));
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const places = placesOf(facts);
    const launched = await Promise.allSettled(
      places.map((place, i) => {
        // A number for a file name: names of nodes may be longer than what a socket's path holds.
        const listenAt = over === "unix" ? `unix:${join(folder, `${i}.sock`)}` : "127.0.0.1:0";
        return supervise({ place, facts, mutant, frames, listenAt, protos }, supervision);
      }),
    );
    // Those that came up are stopped also when another one did not.
    houses.push(...launched.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    for (const one of launched) if (one.status === "rejected") throw one.reason;
    const addresses: Record<string, string> = Object.fromEntries(
      places.map((place, i) => [nameOf(place), houses[i]?.address ?? ""]),
    );
    if (core !== undefined) addresses[`${kits[0].node}/companion`] = core;
    await Promise.all(houses.map((house) => house.connect(addresses)));
    await Promise.all(
      houses.map(async ({ node, house, address }) => {
        if (house === "switch") return;
        const transport = await connect(address);
        reach.set(`${node}/${house}`, transport);
      }),
    );
    for (const { node, house } of houses) {
      const transport = reach.get(`${node}/${house}`);
      if (house !== "switch" && transport !== undefined)
        controls.push({ node, house, transport: controlRoad(transport, clock) });
    }
    if (core !== undefined) reach.set(`${kits[0].node}/companion`, await connect(core));
    await Promise.all(houses.map((house) => house.start()));
  } catch (error) {
    await stop();
    throw error;
  }

  const pump = createEventPump(controls, ring, clock);
  signals.whenFirst = pump.arrived;
  let stopped: Promise<void> | undefined;
  const world = createWorldOver({
    runtime: "distributed",
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
      return (stopped ??= stop());
    },
  });
  return { ...world, houses };
}
