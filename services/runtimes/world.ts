import type { Runtime, World } from "../lab/world.ts";
import { createDistributedWorld } from "./distributed/world.ts";
import { createEmbeddedWorld } from "./embedded/world.ts";
import { createSimulatedWorld } from "./simulated/world.ts";
import type { WorldOptions } from "./world-options.ts";

/** Boots a world. Resolves when every house of it answers. */
export async function createWorld(runtime: Runtime, options: WorldOptions): Promise<World> {
  switch (runtime) {
    case "simulated":
      return createSimulatedWorld(options);
    case "embedded":
      return createEmbeddedWorld(options);
    case "distributed":
      return createDistributedWorld(options);
  }
}
