import type { House } from "../../abi/contract.generated.ts";
import type { Kit } from "../../abi/kit.ts";
import { LIMITS } from "../../abi/limits.ts";
import { loneNode } from "../../abi/topology.ts";
import { createCaller } from "../../boundary/caller.ts";
import { createEventLog } from "../../boundary/events/log.ts";
import { createEventRing } from "../../boundary/events/ring.ts";
import { createFaultEngine } from "../../boundary/faults/engine.ts";
import { localTransport } from "../../transports/local.ts";
import { buildHouse } from "../houses/all.ts";
import { createRandom } from "../random.ts";
import { createScheduler } from "../simulated/scheduler.ts";
import { createHops } from "../simulated/hops.ts";
import { installAndUninstall, openBenchFile, type Rig } from "./rig.ts";

/** The simulated runtime: the floor is an asynchronous function that returns at once. */
export async function simulatedRig(): Promise<Rig> {
  const ring = createEventRing(LIMITS.eventRing);
  const scheduler = createScheduler(() => false);
  const { clock } = scheduler;
  const random = createRandom(1n);
  const hop = createHops(clock, random);
  const kitOf = (house: House, process: number): Kit => ({
    node: "alpha",
    house,
    profile: "documented",
    seed: 1n,
    clock,
    random,
    events: createEventLog(ring, clock, "alpha", house, process),
  });
  const { serve } = buildHouse("companion", {
    kit: kitOf("companion", 2),
    node: loneNode("alpha"),
    ports: { host: new Map(), oob: new Map(), wires: new Map(), relay: undefined },
    identity: "alpha/companion#1",
    epochMs: undefined,
    ring,
    eventsArrived: { wake: () => undefined },
    reach: () => undefined,
    mutant: undefined,
    onBroken: (error) => scheduler.stop(error),
  });
  const road = localTransport(serve, { hop: () => hop("vfs>companion") });
  const hooks = createCaller("vfs", {
    kit: kitOf("vfs", 1),
    identity: "alpha/vfs#1",
    engine: createFaultEngine(1n),
    reach: () => road,
  });
  const oobData = await scheduler.run(() => openBenchFile(hooks));
  return {
    runtime: "simulated",
    floorName: "a bare function",
    hook: installAndUninstall(hooks, oobData),
    floor: async (slot) => Promise.resolve(slot),
    drive: (program) => scheduler.run(program),
    close: () => Promise.resolve(),
  };
}
