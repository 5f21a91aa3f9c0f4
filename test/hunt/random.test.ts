import { describe, expect, test } from "@jest/globals";
import { PROFILES } from "../../services/abi/profile.ts";
import { randomPlan } from "./generate.ts";
import { hunt } from "./hunt.ts";
import { runPlan } from "./run.ts";
import { shrink } from "./shrink.ts";
import { textOfPlan } from "./written.ts";

describe.each(PROFILES)("random experiments with random faults, %s", (profile) => {
  test("end, are the same twice, and break no rule", async () => {
    const { finds } = await hunt({ from: 1, count: 50, profile, shrinks: false, liveEvery: 16, twiceEvery: 20 });
    expect(finds.map(({ seed, what, text }) => `seed ${seed}: ${what}: ${text}`)).toEqual([]);
  }, 120_000);
});

test("a random experiment is its seed's, and does not shift when another is made", () => {
  const first = textOfPlan(randomPlan("7"));
  randomPlan("8");
  expect(textOfPlan(randomPlan("7"))).toBe(first);
  expect(textOfPlan(randomPlan("9"))).not.toBe(first);
});

test("an alarm is made small: what it does not need is left out, with all that refers to it", async () => {
  const steps = [
    { task: "app", call: "open", with: { path: "/dev/null", flags: "O_RDWR" }, as: "fd1" },
    { task: "app", call: "fork", with: { child: "t", flags: 0 } },
    { task: "app", call: "dup", with: { fd: "$fd1" }, as: "fd2" },
    { sleep: "1ms" },
    { task: "app", call: "close", with: { fd: "$fd2" }, background: "b" },
    { join: "b" },
    { task: "t", call: "exit" },
  ];
  const faults = [{ id: "f", point: "sys_dup", select: { nth: 2 }, effect: { loseReply: true } }];
  const plan = { seed: "1", world: undefined, nofile: 4, steps, faults };
  const small = await shrink(plan, async (tried) => {
    const { events } = await runPlan(tried, "documented");
    return events.some(({ point, slice }) => point === "fd_clear" && slice["fd"] === 1);
  });
  expect(small.steps).toEqual([
    { task: "app", call: "open", with: { path: "/dev/null", flags: "O_RDWR" }, as: "fd1" },
    { task: "app", call: "dup", with: { fd: "$fd1" }, as: "fd2" },
    { task: "app", call: "close", with: { fd: "$fd2" } },
  ]);
  expect([small.faults, small.nofile]).toEqual([[], undefined]);
});
