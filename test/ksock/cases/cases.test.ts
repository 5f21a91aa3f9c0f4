import { beforeAll, describe, expect, test } from "@jest/globals";
import { createSimulatedWorld } from "../../../services/runtimes/simulated/world.ts";
import { nameOf } from "./case.ts";
import { createStage, TOPOLOGY, type Stage } from "./rig.ts";
import { IDS, SHEETS, TABLE } from "./table.ts";

describe("kernel sockets, case by case, in virtual time", () => {
  const world = createSimulatedWorld({ seed: 1n, profile: "documented", topology: TOPOLOGY });
  let stage: Stage;
  beforeAll(async () => {
    stage = await world.drive(() => createStage(world));
  });

  test.each([...TABLE, ...SHEETS].map((one) => ({ name: nameOf(one), one })))("$name", async ({ one }) => {
    await world.drive(() => stage.run(one.run));
  });
});

describe("the table of cases", () => {
  test("has every row, hand-written case, trace, difference, policy and ruling of the fact sheet, and no other", () => {
    const proved = new Set(TABLE.flatMap(({ ids }) => ids));
    expect(IDS.filter((id) => !proved.has(id))).toEqual([]);
    expect([...proved].filter((id) => !IDS.includes(id))).toEqual([]);
  });

  test("each case has a name of its own", () => {
    const all = [...TABLE, ...SHEETS].map(nameOf);
    expect(new Set(all).size).toBe(all.length);
  });
});
