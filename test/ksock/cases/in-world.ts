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
  let events: TraceEvent[] = [];
  let current: { readonly world: World; readonly stage: Stage } | undefined;
  async function start(): Promise<{ readonly world: World; readonly stage: Stage }> {
    const world = await createWorld(runtime, { seed: 1n, profile: "documented", topology: TOPOLOGY });
    const heard: TraceEvent[] = [];
    events = heard;
    world.onEvents((batch) => heard.push(...batch));
    return { world, stage: await world.drive(() => createStage(world)) };
  }
  beforeAll(async () => {
    current = await start();
  });
  afterAll(() => current?.world.stop());
  test.each(cases.map((one) => ({ name: nameOf(one), one })))("$name", async ({ one }) => {
    const { world, stage } = (current ??= await start());
    try {
      await world.drive(() => stage.run(one.run));
    } catch (error) {
      // Whatever is wrong with this world, the other cases are to show what is wrong with them.
      current = undefined;
      await world.stop();
      throw error;
    }
  });

  test("no rule of the book is broken by all that happened", async () => {
    const { world } = (current ??= await start());
    await world.settle();
    expect(await world.dropped()).toBe(0);
    const rules = createRuleSet(BOOK.filter(({ profile }) => profile === "both" || profile === "documented"));
    const judged = rules.judge(causality(events), { ended: "cut", missing: 0 });
    const broken = judged.filter(({ verdict }) => verdict === "certain-fail" || verdict === "possible-fail");
    const said = broken.map(({ rule, violations: [first] }) => [rule.id, rule.title, first?.slice, first?.at]);
    expect(said).toEqual([]);
  });
}
