import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ILLUMOS, LINUX } from "../../../services/inband/model/tcp/settings.ts";
import { pollAtNs } from "../../../services/inband/model/tcp/timers.ts";
import { Coverage } from "./coverage.ts";
import { forger } from "./forger.ts";
import { play, type EndScenario, type Scenario } from "./pair.ts";
import { anyScenario } from "./scenarios.ts";
import { Puppet } from "./puppet.ts";
import { judge } from "./verdict.ts";
import { CLEAN } from "./wire.ts";

const SCENARIOS = 160;
const SECOND = 1_000_000_000;

test("bytes arrive once and in order or the connection fails with the right error, whatever wire and applications do", () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(anyScenario, (scenario) => {
      const outcome = judge(scenario, play(scenario, new Coverage())).join(", ");
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: SCENARIOS, seed: 20_261_123 },
  );
  // Most end well, and there are those that do not.
  expect(outcomes.get("finished, finished") ?? 0).toBeGreaterThan(SCENARIOS / 2);
  expect(outcomes.size).toBeGreaterThan(4);
});

test("no segment outside the window is believed: a forger who knows all numbers but uses none of them changes nothing", () => {
  fc.assert(
    fc.property(anyScenario, fc.nat(1_000_000), (scenario, seed) => {
      judge(scenario, play(scenario, new Coverage(), forger(seed)), true);
    }),
    { numRuns: SCENARIOS / 2, seed: 5961 },
  );
});

describe.each([
  ["cubic", true, true],
  ["cubic", false, false],
  ["reno", true, true],
  ["reno", true, false],
  ["reno", false, true],
] as const)("%s, SACK %s, timestamps and scaling %s", (congestion, sack, modern) => {
  test.each([0, 10, 50])("300 KB each way at a loss of %d in a thousand, across the wrap of the numbers", (loss) => {
    const end = (iss: number): EndScenario => ({
      iss,
      settings: { ...LINUX, congestion, sack, timestamps: modern, windowScaling: modern },
      acts: Array.from({ length: 10 }, () => ({ t: "send", bytes: 30_000, urgent: false, more: false })),
      readMax: 10_000,
      readPauseNs: 0,
      readAfterNs: 0,
    });
    const scenario: Scenario = {
      seed: loss + 1,
      ends: [end(2 ** 32 - 100_000), end(2 ** 31 - 100_000)],
      wire: { ...CLEAN, loss },
      simultaneous: false,
    };
    const pair = play(scenario, new Coverage());
    expect(judge(scenario, pair)).toEqual(["finished", "finished"]);
    // A few seconds at a round trip of 10 ms, though every twentieth segment is lost.
    for (const { closedAtNs } of pair.ends)
      expect(closedAtNs).toBeLessThan(60 * SECOND + (loss === 50 ? 100 : 15) * SECOND);
    if (loss === 0) for (const { connection } of pair.ends) expect(connection?.counters.retransmits).toBe(0);
  });
});

test("a stack of each system on either end, and one that reads one byte at a time", () => {
  const end = (settings: EndScenario["settings"], readMax: number): EndScenario => ({
    iss: 7,
    settings,
    acts: [{ t: "send", bytes: 3000, urgent: true, more: false }],
    readMax,
    readPauseNs: 0,
    readAfterNs: SECOND,
  });
  const scenario: Scenario = {
    seed: 1,
    ends: [end(LINUX, 1), end(ILLUMOS, 1)],
    wire: CLEAN,
    simultaneous: false,
  };
  expect(judge(scenario, play(scenario, new Coverage()))).toEqual(["finished", "finished"]);
});

test("a connection on which nothing is left to do waits for nothing", () => {
  const puppet = Puppet.established();
  puppet.writes(new Uint8Array(5000));
  puppet.says({});
  expect(pollAtNs(puppet.connection)).toBeUndefined();
  puppet.honestly(new Uint8Array(100));
  puppet.pass(SECOND);
  puppet.reads();
  expect(pollAtNs(puppet.connection)).toBeUndefined();
});
