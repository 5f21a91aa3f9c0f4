import { createCaller } from "../../boundary/caller.ts";
import { createFaultEngine } from "../../boundary/faults/engine.ts";
import type { Tracing } from "../../abi/event.ts";
import { createSimulatedHouses } from "../simulated/world.ts";
import { installAndUninstall, openBenchFile, type Rigs, type Way } from "./rig.ts";

/** A way to call hooks in a simulated world, and what turns its loop. */
async function simulatedWay(tracing: Tracing) {
  const { scheduler, kitOf, places } = createSimulatedHouses({ seed: 1n, profile: "documented", tracing });
  const hooks = createCaller("vfs", {
    kit: kitOf("alpha", "vfs"),
    identity: "alpha/vfs#1",
    engine: createFaultEngine(1n),
    reach: places.reachFrom("alpha", "vfs"),
  });
  const oobData = await scheduler.run(() => openBenchFile(hooks));
  const way: Way = { tracing, call: installAndUninstall(hooks, oobData) };
  return { way, run: scheduler.run };
}

/** The simulated runtime: the floor is an asynchronous function that returns at once. */
export async function simulatedRigs(): Promise<Rigs> {
  const [off, on] = [await simulatedWay("off"), await simulatedWay("on")];
  const floor: Way = { tracing: undefined, call: async (slot) => Promise.resolve(slot) };
  const runs = new Map([off, on].map(({ way, run }) => [way, run]));
  const rig = {
    runtime: "simulated",
    floorName: "a bare function",
    ways: [floor, off.way, on.way],
    drive: <T>(way: Way, program: () => Promise<T>): Promise<T> => runs.get(way)?.(program) ?? program(),
  };
  return { rigs: [rig], close: () => Promise.resolve() };
}
