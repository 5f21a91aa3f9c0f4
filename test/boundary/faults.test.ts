import { describe, expect, test } from "@jest/globals";
import { outermost } from "../../services/abi/context.ts";
import type { FaultMatch } from "../../services/abi/contract.generated.ts";
import { checkRule } from "../../services/boundary/faults/check.ts";
import { subjectOf, type Subject } from "../../services/boundary/faults/subject.ts";
import { createFaultEngine } from "../../services/boundary/faults/engine.ts";
import type { Invocation } from "../../services/boundary/invocation.ts";
import { INSTALL, rule, select } from "./harness.ts";

const crossing = (over: Partial<Invocation> = {}): Subject => subjectOf(call(over), "client", "alpha/vfs#1");
const call = (over: Partial<Invocation> = {}): Invocation => ({
  ...outermost("app", 1),
  point: "install_inband_fd",
  args: INSTALL,
  id: 1,
  settled: 0,
  caller: "alpha/vfs#1",
  origin: 0,
  from: "vfs",
  lamport: 1,
  chain: ["sys_open"],
  notes: { parent: 0 },
  ...over,
});
const match = (some: Partial<FaultMatch>): FaultMatch => ({
  caller: "",
  task: "",
  node: "",
  slice: [],
  args: [],
  require_callers: [],
  reject_callers: [],
  ...some,
});
/** The ordinals, from 1, of the crossings that a rule strikes out of `count`. */
function struck(count: number, some: Parameters<typeof select>[0], seed = 1n): number[] {
  const engine = createFaultEngine(seed);
  expect(engine.arm(rule("install_inband_fd", { kind: "skip" }, { select: select(some) }))).toBeUndefined();
  return Array.from({ length: count }, (_, i) => i + 1).filter(() => engine.judge(crossing()) !== undefined);
}

describe("which crossings a rule strikes", () => {
  test.each([
    ["the second", { nth: [{ from: 2, to: 2 }] }, [2]],
    ["the third to the fifth", { nth: [{ from: 3, to: 5 }] }, [3, 4, 5]],
    ["from the eighth on", { nth: [{ from: 8, to: 0 }] }, [8, 9, 10]],
    ["each fourth", { every: 4 }, [4, 8]],
    ["each second, three times at most", { every: 2, times: 3 }, [2, 4, 6]],
    ["interval alone is every", { interval: 5 }, [5, 10]],
    ["always", { probability: { numerator: 1, denominator: 1 } }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["never", { probability: { numerator: 0, denominator: 1 } }, []],
  ])("%s", (_name, some, expected) => {
    expect(struck(10, some)).toEqual(expected);
  });

  test("a share of 10 % strikes about one in ten, the same ones for the same seed", () => {
    const tenth = { probability: { numerator: 10, denominator: 100 } };
    const hits = struck(20_000, tenth);
    // Five standard deviations of a binomial around 2000.
    expect(Math.abs(hits.length - 2000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9));
    expect(struck(20_000, tenth)).toEqual(hits);
    expect(struck(20_000, tenth, 2n)).not.toEqual(hits);
  });

  test("only every third is a candidate for the share", () => {
    const hits = struck(3000, { interval: 3, probability: { numerator: 1, denominator: 2 } });
    expect(hits.every((ordinal) => ordinal % 3 === 0)).toBe(true);
    expect(Math.abs(hits.length - 500)).toBeLessThan(5 * Math.sqrt(250));
  });

  test("a decision by chance depends on the slice's own count, not on other slices", () => {
    const half = rule(
      "install_inband_fd",
      { kind: "skip" },
      { select: select({ probability: { numerator: 1, denominator: 2 } }) },
    );
    const decisions = (withNoise: boolean): boolean[] => {
      const engine = createFaultEngine(7n);
      engine.arm(half);
      return Array.from({ length: 64 }, () => {
        if (withNoise) engine.judge(crossing({ args: { ...INSTALL, fd: 99 } }));
        return engine.judge(crossing()) !== undefined;
      });
    };
    expect(decisions(true)).toEqual(decisions(false));
  });

  test.each([
    ["another task", { task: "other" }, false],
    ["this task", { task: "app" }, true],
    ["a slice that differs", { slice: [{ field: "fd", operator: "==", value: "4" }] }, false],
    ["a slice that is the same", { slice: [{ field: "fd", operator: "==", value: "3" }] }, true],
    ["an argument above", { args: [{ field: "file", operator: ">", value: "6" }] }, true],
    ["numbers compare as numbers", { args: [{ field: "file", operator: "<", value: "10" }] }, true],
    ["an argument not above", { args: [{ field: "file", operator: ">", value: "7" }] }, false],
    ["inside open", { require_callers: ["sys_open"] }, true],
    ["inside dup", { require_callers: ["sys_dup"] }, false],
    ["not inside open", { reject_callers: ["sys_open"] }, false],
  ] as const)("matches %s: %j gives %s", (_name, some, expected) => {
    const engine = createFaultEngine(1n);
    expect(
      engine.arm(rule("install_inband_fd", { kind: "skip" }, { match: match(some as Partial<FaultMatch>) })),
    ).toBeUndefined();
    expect(engine.judge(crossing()) !== undefined).toBe(expected);
  });

  test("crossings that do not match do not count towards nth", () => {
    const engine = createFaultEngine(1n);
    engine.arm(
      rule(
        "install_inband_fd",
        { kind: "skip" },
        { match: match({ task: "app" }), select: select({ nth: [{ from: 2, to: 2 }] }) },
      ),
    );
    expect(engine.judge(crossing())).toBeUndefined();
    expect(engine.judge(crossing({ task: "other" }))).toBeUndefined();
    expect(engine.judge(crossing())).toMatchObject({ rule: "f1" });
    expect(engine.report()).toMatchObject([{ crossings: 3, matched: 2, fired: 1 }]);
  });

  test("a disarmed rule strikes no more; disarming an unknown one is an error", () => {
    const engine = createFaultEngine(1n);
    engine.arm(rule("install_inband_fd", { kind: "skip" }, { select: select({ every: 1 }) }));
    expect(engine.disarm("f1").ok).toBe(true);
    expect(engine.judge(crossing())).toBeUndefined();
    expect(engine.disarm("f1")).toMatchObject({ errno: "ENOENT" });
  });
});

describe("what cannot be armed", () => {
  test.each([
    [
      "an errno from a hook that returns nothing",
      rule("install_inband_fd", { kind: "refuse", errno: "ENOMEM" }),
      /returns nothing, so it cannot refuse/,
    ],
    [
      "an errno from a verdict",
      rule("netif_deliver_oob", { kind: "refuse", errno: "ENOMEM" }),
      /yes or no, never an errno/,
    ],
    [
      "an errno that the hook does not have",
      rule("sock_oob_bind", { kind: "refuse", errno: "EBADF" }),
      /cannot answer EBADF; it can answer ENOMEM/,
    ],
    ["an unknown point", rule("sock_oob_bnd", { kind: "skip" }), /no point of the contract/],
    ["a skipped system call", rule("sys_open", { kind: "skip" }), /no weak definition/],
    ["control", rule("ctl_arm_fault", { kind: "delay", delay_ns: 1 }), /never a fault point/],
    ["a delay without length", rule("sock_oob_bind", { kind: "delay" }), /how long/],
    ["no selection", rule("sock_oob_bind", { kind: "skip" }, { select: select({}) }), /would never fire/],
    [
      "a share above one",
      rule("sock_oob_bind", { kind: "skip" }, { select: select({ probability: { numerator: 3, denominator: 2 } }) }),
      /between 0 and 1/,
    ],
    [
      "nth from zero",
      rule("sock_oob_bind", { kind: "skip" }, { select: select({ nth: [{ from: 0, to: 1 }] }) }),
      /counts from 1/,
    ],
    [
      "a field that the point does not have",
      rule(
        "sock_oob_bind",
        { kind: "skip" },
        { match: match({ args: [{ field: "fd", operator: "==", value: "1" }] }) },
      ),
      /no args field fd/,
    ],
    [
      "a caller that never calls it",
      rule("sock_oob_bind", { kind: "skip" }, { match: match({ caller: "vfs" }) }),
      /inband calls sock_oob_bind, never vfs/,
    ],
  ])("%s", (_name, one, reason) => {
    expect(checkRule(one)).toMatch(reason);
    expect(createFaultEngine(1n).arm(one)).toMatch(reason);
  });

  test("two rules of one name", () => {
    const engine = createFaultEngine(1n);
    engine.arm(rule("sock_oob_bind", { kind: "skip" }));
    expect(engine.arm(rule("sock_oob_bind", { kind: "skip" }))).toMatch(/armed already/);
  });
});
