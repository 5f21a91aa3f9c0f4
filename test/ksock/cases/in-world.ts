import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../../services/abi/event.ts";
import { createRuleSet } from "../../../services/lab/run/rules.ts";
import type { Runtime, World } from "../../../services/lab/world.ts";
import { BOOK } from "../../../services/rules/book/book.ts";
import { causality } from "../../../services/rules/causality.ts";
import { createWorld } from "../../../services/runtimes/world.ts";
import { nameOf, type Case } from "./case.ts";
import { createStage, TOPOLOGY, type Stage } from "./rig.ts";

/** Makes a test of each case, all of them in one world of this runtime, one after the other, and judges what happened in it. */
export function testsIn(runtime: Runtime, cases: readonly Case[]): void {
  const events: TraceEvent[] = [];
  let world: World;
  let stage: Stage;
  beforeAll(async () => {
    world = await createWorld(runtime, { seed: 1n, profile: "documented", topology: TOPOLOGY });
    world.onEvents((batch) => events.push(...batch));
    stage = await world.drive(() => createStage(world));
  });
  afterAll(() => world.stop());
  test.each(cases.map((one) => ({ name: nameOf(one), one })))("$name", async ({ one }) => {
    await world.drive(() => stage.run(one.run));
  });

  test("no rule of the book is broken by all that happened", async () => {
    await world.settle();
    expect(await world.dropped()).toBe(0);
    const rules = createRuleSet(BOOK.filter(({ profile }) => profile === "both" || profile === "documented"));
    const judged = rules.judge(causality(events), { ended: "cut", missing: 0 });
    const broken = judged.filter(({ verdict }) => verdict === "certain-fail" || verdict === "possible-fail");
    expect(broken.map(({ rule, violations }) => `${rule.id} ${rule.title}: ${violations[0]?.slice ?? ""}`)).toEqual([]);
  });
}
