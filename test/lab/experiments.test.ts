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
import { BOOK } from "../../services/rules/book/book.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { UNJUDGED } from "../rules/judge.ts";
import { SHIPPED, shipped } from "./written.ts";

const SEEDS = 3n;
const CASES = SHIPPED.flatMap((file) => shipped(file).profiles.map((profile) => ({ file, profile })));

/** Rules judge one run of each experiment: what it comes to with another seed is compared event by event. */
interface Ways {
  readonly core?: string;
  readonly judged?: boolean;
}

async function simulate(
  file: string,
  profile: Profile,
  seed: bigint,
  { core, judged = true }: Ways = {},
): Promise<Outcome> {
  const experiment = shipped(file);
  const subject = core ?? experiment.core;
  const world = createSimulatedWorld({
    seed,
    profile,
    topology: experiment.topology,
    ...(subject !== "reference" && { mutant: subject }),
  });
  const outcome = await runExperiment(experiment, world, judged ? {} : { rules: UNJUDGED });
  await world.stop();
  return outcome;
}

/** The names of all events of the runs below, and the rules that one of them triggered. */
const fired = new Set<string>();
const triggered = new Set<string>();

/** The events that were looked at, by their fields. */
const known = new Set<string>();

/** Every event is one that is known, with fields that are known. */
function expectKnown({ point, phase, slice, args }: TraceEvent): void {
  const fields = Object.keys({ ...slice, ...args }).map((field) => `${point}.${phase}[${field}!=x]`);
  const key = `${point} ${fields.join()}`;
  if (known.has(key)) return;
  known.add(key);
  const strangers = fields.flatMap((text) => {
    const parsed = parseAtom(text);
    return parsed.ok ? strangersIn(parsed.atom) : [parsed.error];
  });
  expect(strangers).toEqual([]);
  expect(point in FACTS || point in CONTRACT).toBe(true);
}

/** Faults that make a house see a contract broken. */
const BREAKS = ["wrong_stage"];

describe.each(CASES)("$file, $profile, simulated", ({ file, profile }) => {
  test("comes out as it should for every seed, in the same order, twice the same, and records what is known", async () => {
    const { core, faults, violates, steps } = shipped(file);
    const first = await simulate(file, profile, 1n);
    expect(first.journal.reasons.filter(() => first.verdict !== "pass")).toEqual([]);
    expect(first.verdict).toBe("pass");
    for (const event of first.events) {
      fired.add(event.point);
      expectKnown(event);
    }
    const isGood = core === "reference" && violates === undefined;
    const { judgements, other, alarms } = first.journal.invariants;
    for (const { id, triggered: times } of [...judgements, ...other]) if (times > 0) triggered.add(id);
    // What a monitor sees while the run goes on is what is found in the end.
    if (isGood) expect(alarms).toEqual([]);
    if (isGood && !faults.some(({ rule }) => BREAKS.includes(rule.effect?.kind ?? "")))
      expect(first.events.filter(({ point }) => point === "contract_breach" || point === "lock_order")).toEqual([]);
    if (core !== "reference") expect(judgements.some(({ verdict }) => verdict === "certain-fail")).toBe(true);
    // A bad core may be recognized by its rules alone.
    const ways = { judged: !isGood };
    let last = first;
    // Loops that go on until the end are cut there, wherever a seed has let them come.
    const isCut = steps.some((step) => step.t === "loop" && step.leave);
    const seeds = profile === "documented" ? SEEDS : SEEDS - 1n;
    for (let seed = 2n; seed <= seeds; seed++) {
      last = await simulate(file, profile, seed, ways);
      expect(last.verdict).toBe("pass");
      if (isCut) continue;
      expect(firstDifference(sliceOrders(first.events), sliceOrders(last.events))?.text).toBeUndefined();
    }
    const again = await simulate(file, profile, seeds, ways);
    expect(firstDifferingEvent(last.events.map(eventToLine), again.events.map(eventToLine))?.text).toBeUndefined();
  });
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
      const { expectations, steps, method, violates } = experiment;
      expect(expectations.length + steps.length + method.length + (violates ?? []).length).toBeGreaterThan(1);
    }
  });

  test("fire every hook and every service between the houses", () => {
    const points = Object.values(CONTRACT).filter(({ kind }) => kind === "hook" || kind === "core");
    expect(points.map(({ name }) => name).filter((name: PointName) => !fired.has(name))).toEqual([]);
  });

  test("trigger every rule of the book, or it is written why none does", () => {
    const silent = BOOK.filter(({ id, untriggered }) => !triggered.has(id) && untriggered === undefined);
    expect(silent.map(({ id }) => id)).toEqual([]);
    const excused = BOOK.filter(({ id, untriggered }) => triggered.has(id) && untriggered !== undefined);
    expect(excused.map(({ id }) => id)).toEqual([]);
  });

  test("of bad cores fail on the core's account: what they expect holds for the reference core", async () => {
    for (const { file, profile } of CASES.filter((one) => shipped(one.file).core !== "reference")) {
      const { violates: ids = [] } = shipped(file);
      const { verdict, journal } = await simulate(file, profile, 1n, { core: "reference" });
      expect([journal.outcome, verdict, journal.reasons]).toEqual([
        "pass",
        "fail",
        [`${ids.join(", ")} ${ids.length === 1 ? "is" : "are"} expected to be broken, and held`],
      ]);
    }
  });
});
