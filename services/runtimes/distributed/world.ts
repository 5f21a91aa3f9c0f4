import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { House } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { controlRoad } from "../control.ts";
import type { BuiltHouse } from "../house.ts";
import { createEventPump } from "../pump.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createThreadKit, type WorldFacts } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver } from "../world-over.ts";
import { supervise, type HouseProcessData, type SupervisedHouse } from "./supervisor.ts";

/** What makes a distributed world. */
export interface DistributedOptions extends WorldOptions {
  /** Starts a house again that ended by itself; with an empty memory. */
  readonly restart?: boolean;
  readonly onExit?: (house: BuiltHouse, how: string) => void;
}

/** A distributed world, whose processes can be looked at (and killed, by those who want to see what happens). */
export interface DistributedWorld extends World {
  readonly houses: readonly SupervisedHouse[];
}

const READY_WITHIN_NS = 10e9;

/** One kernel in processes of this host that speak gRPC: one for each house, started and watched from here. */
export async function createDistributedWorld(options: DistributedOptions): Promise<DistributedWorld> {
  const { seed, profile, mutant, core, over = "unix", restart = false, onExit } = options;
  const facts: WorldFacts = { node: "alpha", seed: seed.toString(), profile, epochMs: bootEpochMs() };
  const { kit, ring, signals } = createThreadKit("task", facts, 1);
  const protos = loadProtos();
  // Made with mode 0700: whoever may not enter the folder cannot reach the sockets.
  const folder = await mkdtemp(join(tmpdir(), "tenon-"));
  const listenAt = (house: BuiltHouse): string =>
    over === "unix" ? `unix:${join(folder, house)}.sock` : "127.0.0.1:0";
  const supervision = { restart, ...(onExit && { onExit }) };
  const houses: SupervisedHouse[] = [];
  const closers: (() => void)[] = [];
  const reach = new Map<House, Transport>();

  const connect = (address: string): Transport => {
    const link = connectHouse({ address, clock: kit.clock, exchange: "auto", protos });
    closers.push(() => link.close());
    return link.transport;
  };
  async function stop(): Promise<void> {
    for (const close of closers) close();
    await Promise.all(houses.map((house) => house.stop()));
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const launch = async (house: BuiltHouse, peers: HouseProcessData["peers"]): Promise<SupervisedHouse> => {
      const launched = await supervise({ house, facts, mutant, listen: listenAt(house), peers }, supervision);
      houses.push(launched);
      return launched;
    };
    const vfsWithCoreAt = (address: string): Promise<unknown> => launch("vfs", [{ house: "companion", address }]);
    if (core !== undefined) {
      await vfsWithCoreAt(core);
    } else if (over === "unix") {
      // The addresses are known beforehand, so nobody needs to wait for anybody.
      await Promise.all([launch("companion", []), vfsWithCoreAt(listenAt("companion"))]);
    } else {
      await vfsWithCoreAt((await launch("companion", [])).address);
    }
    if (core !== undefined) reach.set("companion", connect(core));
    for (const { house, address } of houses) {
      const link = connectHouse({ address, clock: kit.clock, exchange: "auto", protos });
      closers.push(() => link.close());
      if (!(await link.ready(READY_WITHIN_NS)))
        throw new Error(`the process of ${house} serves, yet ${address} cannot be reached`);
      reach.set(house, link.transport);
    }
  } catch (error) {
    await stop();
    throw error;
  }

  const controls = new Map<BuiltHouse, Transport>();
  for (const { house } of houses) {
    const transport = reach.get(house);
    if (transport !== undefined) controls.set(house, controlRoad(transport, kit.clock));
  }
  const pump = createEventPump(controls, ring, kit.clock);
  signals.whenFirst = pump.arrived;
  let stopped: Promise<void> | undefined;
  const world = createWorldOver({
    runtime: "distributed",
    kit,
    reach: (house) => reach.get(house),
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
