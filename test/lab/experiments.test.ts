import { describe, expect, test } from "@jest/globals";
import { CONTRACT, type PointName } from "../../services/abi/contract.generated.ts";
import type { TraceEvent } from "../../services/abi/event.ts";
import type { Profile } from "../../services/abi/profile.ts";
import { FACTS, strangersIn } from "../../services/rules/atoms/vocabulary.ts";
import { parseAtom } from "../../services/rules/atoms/parse.ts";
import { firstDifferingEvent } from "../../services/lab/determinism.ts";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import type { Outcome } from "../../services/lab/run/journal.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { eventToLine } from "../../services/lab/trace-file.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { SHIPPED, shipped } from "./written.ts";

const SEEDS = 3n;
const CASES = SHIPPED.flatMap((file) => shipped(file).profiles.map((profile) => ({ file, profile })));

async function simulate(file: string, profile: Profile, seed: bigint, core?: string): Promise<Outcome> {
  const experiment = shipped(file);
  const subject = core ?? experiment.core;
  const world = createSimulatedWorld({
    seed,
    profile,
    topology: experiment.topology,
    ...(subject !== "reference" && { mutant: subject }),
  });
  const outcome = await runExperiment(experiment, world);
  await world.stop();
  return outcome;
}

/** The names of all events of the runs below. */
const fired = new Set<string>();

/** Every event is one that is known, with fields that are known, and none tells of a broken contract. */
function expectKnown({ point, phase, slice, args }: TraceEvent): void {
  const fields = Object.keys({ ...slice, ...args }).map((field) => `${point}.${phase}[${field}!=x]`);
  const strangers = fields.flatMap((text) => {
    const parsed = parseAtom(text);
    return parsed.ok ? strangersIn(parsed.atom) : [parsed.error];
  });
  expect(strangers).toEqual([]);
  expect(point in FACTS || point in CONTRACT).toBe(true);
  expect(["contract_breach", "lock_order"]).not.toContain(point);
}

describe.each(CASES)("$file, $profile, simulated", ({ file, profile }) => {
  test("comes out as it should for every seed, in the same order, twice the same, and records what is known", async () => {
    const first = await simulate(file, profile, 1n);
    expect(first.journal.reasons.filter(() => first.verdict !== "pass")).toEqual([]);
    expect(first.verdict).toBe("pass");
    for (const event of first.events) {
      fired.add(event.point);
      expectKnown(event);
    }
    let last = first;
    for (let seed = 2n; seed <= SEEDS; seed++) {
      last = await simulate(file, profile, seed);
      expect(last.verdict).toBe("pass");
      expect(firstDifference(sliceOrders(first.events), sliceOrders(last.events))?.text).toBeUndefined();
    }
    const again = await simulate(file, profile, SEEDS);
    expect(firstDifferingEvent(last.events.map(eventToLine), again.events.map(eventToLine))?.text).toBeUndefined();
  }, 30_000);
});

describe("the experiments together", () => {
  test("each is named as its file, and no two alike", () => {
    expect(SHIPPED.map((file) => shipped(file).name)).toEqual(
      SHIPPED.map((file) => file.replace(/^.*\/|\.yaml$/g, "")),
    );
    expect(new Set(SHIPPED.map((file) => shipped(file).name)).size).toBe(SHIPPED.length);
  });

  test("each has a title and says what there is to learn", () => {
    for (const experiment of SHIPPED.map(shipped)) {
      expect(experiment.description.length).toBeGreaterThan(100);
      expect(experiment.expectations.length + experiment.steps.length).toBeGreaterThan(1);
    }
  });

  test("fire every hook and every service between the houses", () => {
    const points = Object.values(CONTRACT).filter(({ kind }) => kind === "hook" || kind === "core");
    expect(points.map(({ name }) => name).filter((name: PointName) => !fired.has(name))).toEqual([]);
  });

  test("of bad cores fail on the core's account: what they expect holds for the reference core", async () => {
    for (const { file, profile } of CASES.filter((one) => shipped(one.file).core !== "reference")) {
      const { violates: ids = [] } = shipped(file);
      const { verdict, journal } = await simulate(file, profile, 1n, "reference");
      expect([journal.outcome, verdict, journal.reasons]).toEqual([
        "pass",
        "fail",
        [`${ids.join(", ")} ${ids.length === 1 ? "is" : "are"} expected to be broken, and held`],
      ]);
    }
  }, 30_000);
});
