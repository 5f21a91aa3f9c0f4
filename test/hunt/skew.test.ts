import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TraceEvent } from "../../services/abi/event.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import type { World } from "../../services/lab/world.ts";
import { createWorld } from "../../services/runtimes/world.ts";
import { shipped } from "../lab/written.ts";
import { createChance } from "./chance.ts";
import { createJudge, failing, verdictsOf } from "./judge.ts";
import { logByLog, skewed } from "./skew.ts";

/** Experiments of which houses of two nodes, in processes of their own, have a part. */
const FILES = ["experiments/sockets/socket-close-with-reader.yaml", "experiments/net/udp-two-nodes.yaml"];
const SKEWS = 24;
const MOST_NS = 10e9;

describe.each(FILES)("%s, run in processes whose clocks differ", (file) => {
  const judge = createJudge("documented");
  let events: readonly TraceEvent[] = [];
  let world: World | undefined;

  beforeAll(async () => {
    const experiment = shipped(file);
    const { seed, topology } = experiment;
    world = await createWorld("distributed", { seed, profile: "documented", topology });
    const { journal, events: seen } = await runExperiment(experiment, world);
    expect(journal.reasons.filter(() => journal.verdict !== "pass")).toEqual([]);
    events = seen;
  }, 60_000);

  afterAll(() => world?.stop());

  test("no clock that is off by up to ten seconds makes a rule fail, nor changes any verdict", () => {
    const unskewed = verdictsOf(judge.byCause(events));
    expect([...unskewed].filter(([, verdict]) => verdict === "certain-fail")).toEqual([]);
    for (let i = 0; i < SKEWS; i++) {
      const chance = createChance(`${file} ${i}`);
      const merged = i % 3 === 2 ? logByLog(events, chance) : skewed(events, chance, MOST_NS);
      const judged = judge.byCause(merged);
      expect(failing(judged).map(({ rule }) => rule.id)).toEqual([]);
      expect(verdictsOf(judged)).toEqual(unskewed);
    }
  }, 60_000);

  test("whoever goes by time takes correct runs for wrong", () => {
    const wrong = Array.from({ length: SKEWS }, (_, i) =>
      skewed(events, createChance(`${file} by time ${i}`), MOST_NS),
    ).filter((merged) => failing(judge.live(merged)).length > 0);
    expect(wrong.length).toBeGreaterThan(SKEWS / 2);
  }, 60_000);
});
