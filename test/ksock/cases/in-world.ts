import { afterAll, beforeAll, test } from "@jest/globals";
import type { Runtime, World } from "../../../services/lab/world.ts";
import { createWorld } from "../../../services/runtimes/world.ts";
import { nameOf, type Case } from "./case.ts";
import { createStage, TOPOLOGY, type Stage } from "./rig.ts";

/** Makes a test of each case, all of them in one world of this runtime, one after the other. */
export function testsIn(runtime: Runtime, cases: readonly Case[]): void {
  let world: World;
  let stage: Stage;
  beforeAll(async () => {
    world = await createWorld(runtime, { seed: 1n, profile: "documented", topology: TOPOLOGY });
    stage = await world.drive(() => createStage(world));
  });
  afterAll(() => world.stop());
  test.each(cases.map((one) => ({ name: nameOf(one), one })))("$name", async ({ one }) => {
    await world.drive(() => stage.run(one.run));
  });
}
