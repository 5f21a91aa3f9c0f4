import { describe, expect, test } from "@jest/globals";
import type { Journal } from "../../services/lab/run/journal.ts";
import { createRuleSet } from "../../services/lab/run/rules.ts";
import { runExperiment } from "../../services/lab/run/run.ts";
import { type FakeOptions, fakeWorld, type FakeWorld, lost, refused, returned, withCalls } from "./fake-world.ts";
import { experimentOf } from "./written.ts";

const workload = (...steps: string[]): string =>
  ["  workload:", ...steps.map((step) => `    - ${step}`), ""].join("\n");
const EXEC = "{ task: app, call: exec }";
const FAULT = "  faults:\n    - { id: f, point: oob_open_file, select: { nth: 1 }, effect: { skip: true } }\n";

/** The houses of a fake world keep no rule of the book: they are not there. */
const NO_RULES = { rules: createRuleSet([]) };

/** Runs a body in a fake world. */
async function run(
  body: string,
  options: FakeOptions = {},
  meanwhile?: (world: FakeWorld) => void,
): Promise<Journal & { readonly world: FakeWorld }> {
  const world = fakeWorld(options);
  const running = runExperiment(experimentOf(body), world, NO_RULES);
  meanwhile?.(world);
  const { journal, verdict } = await running;
  expect(journal.verdict).toBe(verdict);
  return { ...journal, world };
}

const statuses = ({ steps }: Journal): string[] => steps.map(({ status }) => status);

describe("the steps of a workload", () => {
  test("a task is started when it is first mentioned, and calls with the table that it was given", async () => {
    const { verdict, world } = await run(workload(EXEC, "{ task: app, call: oob_ioctl, with: { fd: 0, cmd: 1 } }"), {
      answers: { sys_spawn: () => returned({ pid: 1, files: 5 }), sys_exec: () => returned({ files: 6 }) },
    });
    expect(verdict).toBe("pass");
    expect(world.made).toEqual(["app: sys_spawn in 0 inband", "app: sys_exec in 5 inband", "app: oob_ioctl in 6 oob"]);
  });

  test("a fork's child is not started again, and close_range may change a table", async () => {
    const { world } = await run(
      workload(
        "{ task: app, call: fork, with: { child: kid } }",
        "{ task: kid, call: close_range, with: { first: 0, last: 9 } }",
        "{ task: kid, call: exec }",
        EXEC,
      ),
      {
        answers: {
          sys_fork: () => returned({ pid: 2, files: 8, child: "kid" }),
          sys_close_range: () => returned({ files: 9 }),
        },
      },
    );
    expect(world.made).toEqual([
      "app: sys_spawn in 0 inband",
      "app: sys_fork in 1 inband",
      "kid: sys_close_range in 8 inband",
      "kid: sys_exec in 9 inband",
      "app: sys_exec in 1 inband",
    ]);
  });

  test("a child whose fork has failed is not started by being mentioned", async () => {
    const body = workload("{ task: app, call: fork, with: { child: kid } }", "{ task: kid, call: exec }");
    const journal = await run(body, { answers: { sys_fork: () => refused("ENOMEM") } });
    expect(statuses(journal)).toEqual(["mismatch", "skipped"]);
    expect(journal.steps[1]?.note).toBe("no fork has made kid");
  });

  test("a limit of descriptors is set by each task that is started", async () => {
    const { world } = await run(`${workload(EXEC)}  configuration: { nofile: 3 }\n`);
    expect(world.made).toEqual([
      "app: sys_spawn in 0 inband",
      "app: sys_prlimit in 1 inband",
      "app: sys_exec in 1 inband",
    ]);
  });

  test("a result can be named, sent back and expected again", async () => {
    const sent: unknown[] = [];
    const journal = await run(
      workload(
        "{ task: app, call: dup, with: { fd: 3 }, as: fd, expect: 7 }",
        "{ task: app, call: read, with: { fd: $fd, count: 9 }, as: text, expect: hello }",
        "{ task: app, call: write, with: { fd: $fd, data: $text }, expect: 5 }",
        "{ task: app, call: dup, with: { fd: $fd }, expect: $fd }",
      ),
      {
        answers: {
          sys_dup: () => returned({ fd: 7 }),
          sys_read: () => returned({ data: new TextEncoder().encode("hello") }),
          sys_write: (args) => {
            sent.push(args["fd"], new TextDecoder().decode(args["data"] as Uint8Array));
            return returned({ count: 5 });
          },
        },
      },
    );
    expect(journal.verdict).toBe("pass");
    expect(sent).toEqual([7, "hello"]);
  });

  test("what is not as expected fails the run, is told with both, and the workload goes on", async () => {
    const journal = await run(
      workload(
        "{ task: app, call: dup, with: { fd: 3 }, expect: 4 }",
        "{ task: app, call: close, with: { fd: 3 } }",
        "{ task: app, call: close, with: { fd: 3 }, expect: EINVAL }",
        "{ task: app, call: close, with: { fd: 3 }, expect: EBADF }",
        "{ task: app, call: exec, expect: { lost: timeout } }",
        "{ task: app, call: exec }",
      ),
      {
        answers: {
          sys_dup: () => returned({ fd: 7 }),
          sys_close: () => refused("EBADF"),
          sys_exec: () => lost(),
        },
      },
    );
    expect(journal.verdict).toBe("fail");
    expect(statuses(journal)).toEqual(["mismatch", "mismatch", "mismatch", "ok", "ok", "mismatch"]);
    expect(journal.reasons).toEqual([
      "workload[0], app: dup(fd: 3): expected 4, got 7",
      "workload[1], app: close(fd: 3): expected success, got EBADF",
      "workload[2], app: close(fd: 3): expected EINVAL, got EBADF",
      "workload[5], app: exec(): expected success, got lost: timeout",
    ]);
  });

  test("a step that needs a result that never came is skipped, and so is what needs it", async () => {
    const journal = await run(
      workload(
        "{ task: app, call: dup, with: { fd: 3 }, as: fd }",
        "{ task: app, call: dup, with: { fd: $fd }, as: other }",
        "{ task: app, call: close, with: { fd: $other }, background: b }",
        "{ join: b }",
        EXEC,
      ),
      { answers: { sys_dup: () => refused("EBADF") } },
    );
    expect(journal.verdict).toBe("fail");
    expect(statuses(journal)).toEqual(["mismatch", "skipped", "skipped", "skipped", "ok"]);
    expect(journal.reasons[1]).toBe("workload[1], app: dup(fd: $fd) as other: skipped, $fd has no value");
  });

  test("only the steps of the profile run, and each expects what its profile says", async () => {
    const body = workload(
      "{ task: app, call: exec, profile: as-implemented }",
      "{ task: app, call: dup, with: { fd: 3 }, expect: { documented: 7, as-implemented: EBADF } }",
    );
    const answers: FakeOptions["answers"] = { sys_dup: () => returned({ fd: 7 }) };
    expect(statuses(await run(body, { answers }))).toEqual(["ok"]);
    expect(statuses(await run(body, { answers, profile: "as-implemented" }))).toEqual(["ok", "mismatch"]);
  });

  test("sleep lets the world's time pass", async () => {
    const { durationNs, clock } = await run(workload("{ sleep: 10ms }"));
    expect([durationNs, clock]).toEqual([10e6, "virtual"]);
  });
});

describe("calls in the background", () => {
  const READ = "{ task: app, call: oob_read, with: { fd: 0, count: 1 }, background: b }";

  test("go on while other tasks call, and are judged where they are joined", async () => {
    let answer: (() => void) | undefined;
    const world = fakeWorld({ answers: { sys_exec: () => (answer?.(), returned({ files: 1 })) } });
    const blocked = new Promise<void>((resolve) => (answer = resolve));
    const calls = { ...world.calls, oob_read: async () => (await blocked, refused("EBADF") as never) };
    const experiment = experimentOf(workload(READ, "{ task: other, call: exec }", "{ join: b, expect: EBADF }"));
    const { journal } = await runExperiment(experiment, withCalls(world, calls), NO_RULES);
    expect(journal.verdict).toBe("pass");
    expect(statuses(journal)).toEqual(["ok", "ok", "ok"]);
  });

  test("that nobody joins are waited for at the end, and must succeed", async () => {
    const journal = await run(workload(READ), { answers: { oob_read: () => refused("EBADF") } });
    expect(journal.verdict).toBe("fail");
    expect(journal.steps[0]).toMatchObject({ status: "mismatch", expected: "success", actual: "EBADF" });
  });

  test("that never end leave the run stuck, unless they may be left", async () => {
    const stuck = await run(workload(READ), { answers: { oob_read: () => undefined } });
    expect(stuck.verdict).toBe("fail");
    expect(stuck.waiting).toEqual(["app: oob_read(fd: 0, count: 1), in the background as b"]);
    expect(stuck.reasons[0]).toMatch(/^nothing could move any more; waiting: app: oob_read/);
    const left = await run(workload(READ.replace("background: b", "background: b, leave: true")), {
      answers: { oob_read: () => undefined },
    });
    expect(left.verdict).toBe("pass");
    expect(statuses(left)).toEqual(["left"]);
  });
});

describe("an answer that comes after the end", () => {
  test("changes nothing: the run has been judged without it", async () => {
    let answer: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answer = resolve));
    const world = fakeWorld();
    const calls = { ...world.calls, oob_read: async () => (await late, refused("EBADF") as never) };
    const read = "{ task: app, call: oob_read, with: { fd: 0, count: 1 } }";
    const { journal } = await runExperiment(experimentOf(workload(read)), withCalls(world, calls), NO_RULES);
    const told = JSON.stringify(journal);
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(JSON.stringify(journal)).toBe(told);
    expect(statuses(journal)).toEqual(["running"]);
  });
});

describe("waiting for an event", () => {
  test("ends with the n-th one that fits, counted from the start", async () => {
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const world = fakeWorld();
    const running = runExperiment(
      experimentOf(workload('{ wait: "fd_clear[fd==3]", count: 2 }', EXEC)),
      world,
      NO_RULES,
    );
    for (const fd of [3, 4]) {
      await turn();
      world.record("fd_clear", { slice: { fd } });
    }
    await turn();
    expect(world.made).toEqual([]);
    world.record("fd_clear", { slice: { fd: 3 } });
    expect((await running).verdict).toBe("pass");
    expect(world.made).toHaveLength(2);
  });

  test("counts what happened before the step", async () => {
    const body = workload(EXEC, "{ wait: sys_exec.exit }", "{ wait: sys_exec.enter, count: 1 }");
    expect((await run(body)).verdict).toBe("pass");
  });

  test("for what never comes leaves the run stuck, with the step named", async () => {
    const { verdict, reasons } = await run(workload("{ wait: fd_clear }", EXEC));
    expect([verdict, reasons[0]]).toEqual(["fail", "nothing could move any more; waiting: wait for fd_clear"]);
  });
});

describe("faults", () => {
  test("are armed before the workload and disarmed after it", async () => {
    const { verdict, faults, world } = await run(workload(EXEC) + FAULT, { fired: { f: 1 } });
    expect(verdict).toBe("pass");
    expect(faults).toMatchObject([{ id: "f", point: "oob_open_file", crossings: 1, matched: 1, fired: 1 }]);
    expect(world.log).toEqual(["arm f", "disarm f"]);
  });

  test("that never fire make a run inconclusive, also one that fails, or one that is expected to fail", async () => {
    const quiet = await run(workload(EXEC) + FAULT);
    expect([quiet.verdict, quiet.reasons]).toEqual([
      "inconclusive",
      ["the fault f never fired: oob_open_file was never called"],
    ]);
    const wrong = workload("{ task: app, call: exec, expect: EBADF }") + FAULT;
    expect((await run(wrong)).verdict).toBe("inconclusive");
    expect((await run(`${wrong}  expect: { verdict: fail }\n`)).verdict).toBe("inconclusive");
  });

  test("need not fire where the experiment says so", async () => {
    expect((await run(`${workload(EXEC)}${FAULT}  requireFaultFired: false\n`)).verdict).toBe("pass");
  });

  test("that cannot be armed make it inconclusive, and nothing is run", async () => {
    const { verdict, reasons, world } = await run(workload(EXEC) + FAULT, { refuses: () => "no such house" });
    expect([verdict, reasons[0]]).toEqual(["inconclusive", "a fault could not be armed: f: no such house"]);
    expect(world.made).toEqual([]);
  });

  test("can be armed and disarmed by steps, and what they did is kept", async () => {
    const body =
      workload("{ arm: f }", EXEC, "{ disarm: f }") +
      FAULT.replace("}\n", ", armed: false }\n").replace("true } }", "true }");
    const { verdict, faults, world } = await run(body.replace("true , armed", "true }, armed"), { fired: { f: 2 } });
    expect(verdict).toBe("pass");
    expect(faults).toMatchObject([{ fired: 2 }]);
    expect(world.log).toEqual(["arm f", "disarm f"]);
  });

  test("of another profile are left alone", async () => {
    const body = workload(EXEC) + FAULT.replace("{ id: f,", "{ id: f, profile: as-implemented,");
    expect((await run(body)).verdict).toBe("pass");
    expect((await run(body, { profile: "as-implemented" })).verdict).toBe("inconclusive");
  });
});

describe("the budget", () => {
  test("of crossings ends a run that does not", async () => {
    const body = `${workload(EXEC, EXEC, EXEC, "{ wait: fd_clear }")}  budget: { steps: 2 }\n`;
    const { verdict, reasons } = await run(body);
    expect(verdict).toBe("inconclusive");
    expect(reasons[0]).toMatch(/^it made more than the 2 crossings of its budget/);
  });

  test("of virtual time is looked at when events arrive", async () => {
    const body = `${workload("{ wait: fd_clear }")}  budget: { virtualTime: 1s }\n`;
    const { verdict, reasons } = await run(body, {}, (world) => {
      setImmediate(() => {
        world.passNs(2e9);
        world.record("fd_reserve");
      });
    });
    expect(verdict).toBe("inconclusive");
    expect(reasons[0]).toBe("the time of its budget has passed; waiting: wait for fd_clear");
  });
});

describe("expectations on events", () => {
  const expecting = (...entries: string[]): string =>
    `${workload(EXEC)}  expect:\n    events:\n${entries.map((entry) => `      - ${entry}\n`).join("")}`;
  const story = (world: FakeWorld): void => {
    world.record("fd_reserve", { slice: { fd: 3 } });
    world.record("fd_publish", { slice: { fd: 3 } });
    world.record("fd_clear", { slice: { fd: 3 }, args: { references: 0 } });
    world.record("index_add", { service: "companion", slice: { fd: 3 } });
  };

  test.each([
    ["{ inOrder: [fd_reserve, fd_clear] }", "pass", undefined],
    [
      "{ inOrder: [fd_clear, fd_reserve] }",
      "fail",
      "nothing like fd_reserve after vfs:fd_clear fd=3 references=0; it came before: vfs:fd_reserve fd=3",
    ],
    [
      '{ inOrder: [fd_reserve, "fd_clear[fd==4]"] }',
      "fail",
      "nothing like fd_clear[fd==4] after vfs:fd_reserve fd=3; there was vfs:fd_clear fd=3 references=0",
    ],
    [
      "{ inOrder: [fd_reserve, lock_wait] }",
      "fail",
      "nothing like lock_wait after vfs:fd_reserve fd=3; no event of that name at all",
    ],
    [
      "{ inOrder: [fd_reserve, index_add] }",
      "inconclusive",
      "index_add happened, but nothing says that it came after vfs:fd_reserve fd=3: the order may be another one next time",
    ],
    ['{ exactly: [fd_reserve, fd_publish, fd_clear], points: ["fd_*"] }', "pass", undefined],
    [
      '{ exactly: [fd_reserve, fd_clear, fd_publish], points: ["fd_*"] }',
      "fail",
      "event 2 should be like fd_clear, yet is vfs:fd_publish fd=3",
    ],
    [
      '{ exactly: [fd_reserve], points: ["fd_*"] }',
      "fail",
      "3 events instead of 1; the first too many is vfs:fd_publish fd=3",
    ],
    [
      '{ exactly: [fd_reserve, fd_publish, fd_clear, fd_clear], points: ["fd_*"] }',
      "fail",
      "only 3 of 4 events; the next should be like fd_clear",
    ],
    ["{ exactly: [], points: [lock_wait] }", "pass", undefined],
    [
      "{ exactly: [fd_clear, index_add], points: [fd_clear, index_add] }",
      "inconclusive",
      "nothing orders vfs:fd_clear fd=3 references=0 and companion:index_add fd=3: they may change places next time",
    ],
    [
      "{ exactly: [index_add, fd_clear], points: [fd_clear, index_add] }",
      "inconclusive",
      "nothing orders vfs:fd_clear fd=3 references=0 and companion:index_add fd=3: they may change places next time",
    ],
    ["{ exactly: [index_add], where: { service: companion } }", "pass", undefined],
    ["{ never: lock_wait }", "pass", undefined],
    ["{ never: fd_clear }", "fail", "it happened: vfs:fd_clear fd=3 references=0"],
    ["{ never: fd_clear, where: { fd: 4 } }", "pass", undefined],
    ['{ count: { "fd_*": 3, lock_wait: 0, index_add: ">= 1" } }', "pass", undefined],
    ["{ count: { fd_clear: 2 } }", "fail", "1 like fd_clear, where 2 should be: vfs:fd_clear fd=3 references=0"],
    ['{ count: { fd_clear: "<1" } }', "fail", "1 like fd_clear, where < 1 should be: vfs:fd_clear fd=3 references=0"],
    ["{ never: fd_clear, profile: as-implemented }", undefined, undefined],
  ])("%s", async (entry, verdict, why) => {
    const journal = await run(expecting(entry), {}, story);
    expect(journal.expectations.map((one) => [one.verdict, one.why])).toEqual(
      verdict === undefined ? [] : [[verdict, why]],
    );
    expect(journal.verdict).toBe(verdict ?? "pass");
  });

  test("what surely failed outweighs what cannot be told", async () => {
    const journal = await run(expecting("{ inOrder: [fd_reserve, index_add] }", "{ never: fd_clear }"), {}, story);
    expect(journal.verdict).toBe("fail");
    expect(journal.reasons).toHaveLength(2);
  });

  test("a run that lost events is inconclusive, whatever they show", async () => {
    const { verdict, reasons } = await run(expecting("{ never: fd_clear }"), { dropped: 3 }, story);
    expect([verdict, reasons[0]]).toEqual(["inconclusive", "3 events were lost before they were taken"]);
  });

  test("a gap in a house's count is a loss too", async () => {
    const world = fakeWorld();
    const onEvents: FakeWorld["onEvents"] = (listener) =>
      world.onEvents((events) => listener(events.filter(({ service, seq }) => service !== "task" || seq !== 2)));
    const { journal } = await runExperiment(experimentOf(workload(EXEC)), { ...world, onEvents }, NO_RULES);
    expect([journal.verdict, journal.dropped]).toEqual(["inconclusive", 1]);
  });
});

describe("what an experiment expects of the whole run", () => {
  const failing = workload("{ task: app, call: exec, expect: EBADF }");
  const passing = workload(EXEC);
  test.each([
    ["fail", failing, "pass", /^fails, as expected: workload\[0\]/],
    ["knownFailing", failing, "pass", /^fails, as expected: workload\[0\]/],
    ["fail", passing, "fail", /^it passes, though it is expected to fail$/],
    ["knownFailing", passing, "fail", /^it passes, though it is marked as known to fail: take the mark away$/],
    ["inconclusive", passing + FAULT, "pass", /^is inconclusive, as expected: the fault f never fired/],
    ["inconclusive", passing, "fail", /^it is pass, though it is expected to be inconclusive$/],
  ])("%s", async (expected, body, verdict, reason) => {
    const journal = await run(`${body}  expect: { verdict: ${expected} }\n`);
    expect(journal.verdict).toBe(verdict);
    expect(journal.reasons[0]).toMatch(reason);
  });
});

describe("the journal", () => {
  test("says what was run, and the line that runs it again", async () => {
    const { world: _, ...journal } = await run(workload(EXEC));
    expect(journal).toMatchObject({
      id: "sample.documented.simulated.0x7",
      experiment: "sample",
      subject: { core: "reference" },
      mode: "simulated",
      seed: "0x7",
      outcome: "pass",
      repro: { cmd: "npx tenon run x.yaml --runtime simulated --seed 0x7 --profile documented" },
    });
    expect(JSON.parse(JSON.stringify(journal))).toEqual(journal);
  });

  test("steps are told as they end", async () => {
    const told: string[] = [];
    const onStep = ({ path, status }: { path: string; status: string }): void => void told.push(`${path} ${status}`);
    await runExperiment(
      experimentOf(workload("{ task: app, call: exec, background: b }", "{ join: b }")),
      fakeWorld(),
      { ...NO_RULES, onStep },
    );
    expect(told).toEqual(["workload[0] running", "workload[1] ok"]);
  });

  test("an experiment is not run under a profile that it does not apply to", async () => {
    const experiment = experimentOf(`${workload(EXEC)}  profile: as-implemented\n`);
    await expect(runExperiment(experiment, fakeWorld())).rejects.toThrow("sample applies to the profile documented");
  });
});
