import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { loadExperiment } from "../../services/lab/load/load.ts";
import { loadRules } from "../../services/lab/load/rules.ts";
import { experimentJsonSchema, rulesJsonSchema } from "../../services/lab/schema/json-schema.ts";
import type { JudgementRecord } from "../../services/lab/run/journal.ts";
import { againstExpected } from "../../services/lab/run/verdict.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { createSimulatedWorld } from "../../services/runtimes/simulated/world.ts";
import { complaints, complaintsOf, experimentOf, sample, SHIPPED, textOf } from "./written.ts";

const OPEN = "{ task: app, call: open, with: { path: /dev/oobecho, flags: O_RDWR } }";
const WORKLOAD = `  workload:\n    - ${OPEN}\n`;
const world = () => createSimulatedWorld({ seed: 1n, profile: "documented" });
const journalOf = async (body: string) => (await runExperiment(experimentOf(body), world())).journal;
const steady = (...probes: string[]): string =>
  `  steadyStateHypothesis:\n    title: t\n    probes:\n${probes.map((one) => `      - ${one}\n`).join("")}`;

/** Every key that a schema gives a name to. */
function keysOf(schema: unknown, keys = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) for (const one of schema) keysOf(one, keys);
  else if (typeof schema === "object" && schema !== null) {
    for (const [key, value] of Object.entries(schema)) {
      if (key === "properties") for (const name of Object.keys(value as object)) keys.add(name);
      keysOf(value, keys);
    }
  }
  return keys;
}

/** Every key that a file has. */
function keysIn(data: unknown, keys = new Set<string>()): Set<string> {
  if (Array.isArray(data)) for (const one of data) keysIn(one, keys);
  else if (typeof data === "object" && data !== null) {
    for (const [key, value] of Object.entries(data)) {
      keys.add(key);
      keysIn(value, keys);
    }
  }
  return keys;
}

describe("every word of the format", () => {
  const FIXTURE = "test/lab/fixtures/other-words.yaml";

  test("occurs in an experiment that ships, or in the file of the other words", () => {
    const files = [...SHIPPED, "experiments/steady/rules-of-ones-own.yaml", "experiments/worlds/mixed.yaml", FIXTURE];
    const used = new Set(files.flatMap((file) => [...keysIn(parse(textOf(file)))]));
    const words = new Set([...keysOf(experimentJsonSchema()), ...keysOf(rulesJsonSchema())]);
    expect([...words].filter((word) => !used.has(word)).sort()).toEqual([]);
  });

  test("is read where that file says it", () => {
    expect(complaintsOf(loadExperiment(textOf(FIXTURE), FIXTURE))).toEqual([]);
  });
});

describe("a mistake in the words of this file has one line", () => {
  test.each([
    [
      '  workload:\n    - { task: app, call: close, with: { fd: "${nr}" } }\n',
      /spec.workload\[0\].with.fd: found \$\{nr\}, allowed is a name of spec.configuration \(there is none\)$/,
    ],
    [
      `${WORKLOAD}  configuration: { x: { type: env, key: NOBODY_SETS_IT } }\n`,
      /found NOBODY_SETS_IT, which nothing sets, allowed is the variable NOBODY_SETS_IT set in the environment, or a default here$/,
    ],
    [
      `${WORKLOAD}  invariants: { rules: [{ id: M-1, title: t, formula: "efile_open implies once efile_opne" }] }\n`,
      /^3:\d+: spec.invariants.rules\[0\].formula: found efile_opne, .* did you mean efile_open\?$/,
    ],
    [
      `${WORKLOAD}  invariants: { rules: [{ id: M-1, title: t, formula: "efile_open implies" }] }\n`,
      /^3:\d+: spec.invariants.rules\[0\].formula: found /,
    ],
    [
      `${WORKLOAD}  invariants: { exclude: ["NOPE-*"] }\n`,
      /found NOPE-\*, allowed is the id of a rule, or a glob that fits some$/,
    ],
    [`${WORKLOAD}  expect: { violates: [NOPE-1] }\n`, /found NOPE-1, allowed is the id of a rule that judges the run/],
    [
      WORKLOAD + steady("{ name: a, count: efile_opne, tolerance: 0 }"),
      /found efile_opne, .* did you mean efile_open\?$/,
    ],
    [
      WORKLOAD + steady("{ name: a, count: efile_open }"),
      /found a probe without tolerance, allowed is tolerance or comparator$/,
    ],
    [
      WORKLOAD + steady("{ name: a, list: files, where: { dvv: x }, tolerance: 0 }"),
      /found dvv, allowed is a field of files: .*$/,
    ],
    [
      WORKLOAD +
        steady("{ name: a, mode: Continuous, list: files, tolerance: 0 }").replace(
          "title: t",
          "title: t\n    strategy: after-method-only",
        ),
      /found Continuous, allowed is a mode that the strategy after-method-only has room for/,
    ],
    [
      `${WORKLOAD}  method:\n    - { type: action, do: time.sleep, with: { for: 1ms } }\n`,
      /found a method that does not start the workload, allowed is an action/,
    ],
    [`${WORKLOAD}  method:\n    - { type: action, do: workload.strat }\n`, /did you mean workload.start\?$/],
    [
      `${WORKLOAD}  method:\n    - { type: action, do: workload.start }\n    - { type: action, do: fault.arm, with: { id: f } }\n`,
      /found f, allowed is the id of a fault \(there is none\)$/,
    ],
    [
      `${WORKLOAD}  rollbacks:\n    - { type: action, task: app, call: close, with: { fd: $fd } }\n`,
      /found \$fd, allowed is the result of a step or an action \(there is none\)/,
    ],
    ["  title: t\n", /allowed is an experiment with workload, method or steadyStateHypothesis/],
  ])("%s", (body, complaint) => {
    const found = complaints(body.startsWith("  title") ? "  tags: [x]\n" : body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(complaint);
  });

  test("also in a file of rules", () => {
    const text =
      "apiVersion: tenon/v1alpha1\nkind: Rules\nspec:\n  rules:\n    - { id: M-1, title: t, formula: once nobody }\n";
    const loaded = loadRules(text, "r.yaml");
    expect(loaded.ok).toBe(false);
    expect(loaded.ok ? [] : loaded.errors.map(({ line }) => line)).toEqual([5]);
  });
});

describe("a steady state", () => {
  const balance = (tolerance: number): string =>
    steady(`{ name: a, count: count(efile_open) - count(efile_free), tolerance: ${tolerance} }`);

  test("that is not met before leaves the method undone, and nothing was learnt", async () => {
    const journal = await journalOf(WORKLOAD + balance(1));
    expect([journal.verdict, journal.status, journal.steps.length, journal.deviated]).toEqual([
      "inconclusive",
      "not-run",
      0,
      false,
    ]);
  });

  test("that is not met after is a deviation, and fails", async () => {
    const journal = await journalOf(WORKLOAD + balance(0));
    expect([journal.verdict, journal.deviated, journal.outcomeClass]).toEqual(["fail", true, "silent-wrong"]);
    expect(journal.steadyStates?.after).toMatchObject([{ probe: "a", found: 1, met: false }]);
  });

  test("may be written as Chaos Toolkit writes it", () => {
    const text = sample(WORKLOAD + balance(0)).replace("steadyStateHypothesis", "steady-state-hypothesis");
    expect(complaintsOf(loadExperiment(text, "x.yaml"))).toEqual([]);
  });
});

describe("rollbacks", () => {
  const ROLLBACKS = "  rollbacks:\n    - { type: action, task: app, call: exit }\n";

  test.each([
    ["when the world is stuck", `  workload:\n    - { wait: fd_clear }\n`, "stuck"],
    ["when the budget has ended", `  budget: { steps: 1 }\n  workload:\n    - ${OPEN}\n    - ${OPEN}\n`, "over-budget"],
    ["when the steady state was not met", WORKLOAD + steady("{ name: a, count: efile_open, tolerance: 7 }"), "not-run"],
    ["when all went well", WORKLOAD, "completed"],
  ])("are done %s", async (_, body, status) => {
    const journal = await journalOf(body + ROLLBACKS);
    expect([journal.status, journal.rollbacks.map((one) => one.status)]).toEqual([status, ["ok"]]);
  });
});

describe("rules of one's own", () => {
  const rule = (more: string): string =>
    `${WORKLOAD.replace(/\n$/, "")}\n    - ${OPEN}\n  invariants:\n${more}    rules:\n      - { id: MINE-1, title: one file at most, formula: efile_open implies count(efile_open) <= 1 }\n`;

  test("fail a run, with where they were broken", async () => {
    const journal = await journalOf(rule(""));
    expect([journal.verdict, journal.outcomeClass, journal.status]).toEqual(["fail", "violation", "completed"]);
    expect(journal.reasons[0]).toMatch(
      /^MINE-1 is broken \(the whole trace, at alpha\/companion#\d+\): one file at most$/,
    );
    expect(journal.invariants.alarms).toMatchObject([{ id: "MINE-1" }]);
  });

  test.each([
    ["abort", "aborted"],
    ["pause", "paused"],
    ["none", "completed"],
  ])("with the reactor %s leave the run %s", async (reactor, status) => {
    const journal = await journalOf(rule(`    reactor: ${reactor}\n`));
    expect([journal.verdict, journal.status, journal.state !== undefined]).toEqual([
      "fail",
      status,
      status === "paused",
    ]);
  });

  test("may be expected to be broken, all of them and no other", async () => {
    expect((await journalOf(`${rule("")}  expect: { verdict: knownFailing, violates: [MINE-1] }\n`)).verdict).toBe(
      "pass",
    );
    const other = await journalOf(
      `${rule("")}  expect: { verdict: knownFailing, violates: [META-01] }\n`
        .replaceAll("META-01", "MINE-2")
        .replace(
          "    rules:\n",
          "    rules:\n      - { id: MINE-2, title: t, formula: efile_open implies efile_open }\n",
        ),
    );
    expect([other.verdict, other.reasons[0]]).toEqual(["fail", "MINE-2 is expected to be broken, and held"]);
  });

  test("may be broken besides where they were made of the contract, and not where people wrote them", () => {
    const broken = (id: string, origin: "book" | "contract"): JudgementRecord => ({
      id,
      title: id,
      origin,
      profile: "both",
      verdict: "certain-fail",
      slices: 1,
      triggered: 1,
      violated: 1,
      violations: [],
    });
    const expected = { verdict: "knownFailing", violates: ["SOCK-13"] } as const;
    const named = [broken("AF.sk_free", "contract"), broken("SOCK-13", "book")];
    const failed = { verdict: "fail", reasons: ["SOCK-13 is broken"] } as const;
    expect(againstExpected(expected, failed, named).verdict).toBe("pass");
    expect(againstExpected(expected, failed, [...named, broken("SOCK-15", "book")])).toEqual({
      verdict: "fail",
      reasons: ["SOCK-15 is broken, which nobody expects", "SOCK-13 is broken"],
    });
  });

  test("of the experiment can be left out", async () => {
    expect((await journalOf(rule("    exclude: [MINE-1]\n"))).verdict).toBe("pass");
  });
});
