import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { outermost } from "../../services/abi/context.ts";
import { ECHO, POLL } from "../../services/abi/flags.ts";
import type { Result } from "../../services/abi/result.ts";
import { MUTANTS } from "../../services/companion/mutants.ts";
import type { Temper } from "../../services/companion/temper.ts";
import { createStory, drained, outcomeOf } from "./harness.ts";

/** Runs come from this seed, so that a failure here is a failure everywhere; fast-check prints it with the path. */
const SEED = 20_261_122;

describe("the index", () => {
  /** Files 1 and 2 are capable; file 3 is plain. */
  const PLAIN = 3;
  const step = fc.record({
    hook: fc.constantFrom("install", "replace", "uninstall"),
    files: fc.integer({ min: 1, max: 3 }),
    fd: fc.integer({ min: 0, max: 3 }),
    file: fc.integer({ min: 1, max: PLAIN }),
    current: fc.integer({ min: 0, max: 3 }),
  });

  /** Whatever happens, the index equals what a few lines with a Map say. */
  const followsTheHooks = (temper?: Temper) =>
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const story = createStory(temper);
      await story.open(1);
      await story.open(2);
      const expected = new Map<string, number>();
      for (const { hook, files, fd, file, current } of steps) {
        const key = `${files}:${fd}`;
        if (hook === "uninstall") {
          await story.uninstall(files, fd, file, outermost("anybody", current));
          expected.delete(key);
        } else {
          await story[hook](files, fd, file);
          if (hook === "replace") expected.delete(key);
          if (file !== PLAIN && !expected.has(key)) expected.set(key, file);
        }
        const lines = [...expected].map(([at, known]) => `${at} -> ${known}`);
        expect(story.index()).toEqual(lines.sort());
      }
    });

  test("equals a simple map after any installs, replaces and uninstalls, whoever is current", async () => {
    await fc.assert(followsTheHooks(), { seed: SEED, numRuns: 300 });
  });

  test.each(["stale-index", "trusts-current"] as const)("of the core %s does not, and that is found", async (name) => {
    const found = await fc.check(followsTheHooks(MUTANTS[name].temper), { seed: SEED, numRuns: 300 });
    expect(found.failed).toBe(true);
    expect(found.counterexample?.[0].length).toBe(2);
  });
});

describe("bytes and waiters", () => {
  const THREADS = ["a", "b", "c"];
  const FDS = [3, 4];
  const FILE = 7;
  const FILES = 1;
  const STEPS_MAX = 60;
  /** So that every byte of a run has a number of its own. */
  const WRITTEN_MAX = 4;

  const kinds = {
    oob_write: 4,
    inband_write: 2,
    oob_read: 6,
    inband_read: 1,
    poll: 2,
    detach: 1,
    attach: 1,
    close: 1,
    time: 4,
  };
  const step = fc.record({
    kind: fc.oneof(
      ...(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => ({
        weight: kinds[kind],
        arbitrary: fc.constant(kind),
      })),
    ),
    task: fc.constantFrom(...THREADS),
    fd: fc.constantFrom(...FDS),
    count: fc.integer({ min: 0, max: WRITTEN_MAX }),
  });

  /** Bytes are numbered in the order in which the file takes them, so a byte that is lost, doubled or displaced shows. */
  const losesNothing = (temper?: Temper) =>
    fc.asyncProperty(fc.array(step, { maxLength: STEPS_MAX }), async (steps) => {
      const story = createStory(temper);
      for (const task of THREADS) await story.thread(task, FILES).attach();
      await story.open(FILE);
      for (const fd of FDS) await story.install(FILES, fd, FILE);

      const calls: Promise<unknown>[] = [];
      const reads: number[][] = [];
      let written = 0;
      const took = (outcome: Result<{ readonly data: Uint8Array }>): void => {
        if (outcome.ok && outcome.value.data.length > 0) reads.push([...outcome.value.data]);
      };
      for (const { kind, task, fd, count } of steps) {
        const thread = story.thread(task, FILES);
        const oob = outermost(task, FILES, "oob");
        const data = Uint8Array.from({ length: count }, (_, at) => written + at);
        const driver = { file: FILE, oob_data: 1, data, count, cmd: 0, arg: 0 };
        // Every call but a write is left running while the next step begins.
        if (kind === "oob_write") written += (await story.call("oob_write", { fd, data }, oob)).ok ? count : 0;
        else if (kind === "inband_write")
          written += (await story.call("oob_driver_io", { ...driver, operation: "write" }, oob)).ok ? count : 0;
        else if (kind === "oob_read") calls.push(story.call("oob_read", { fd, count }, oob).then(took));
        else if (kind === "inband_read")
          calls.push(story.call("oob_driver_io", { ...driver, operation: "read" }, oob).then(took));
        else if (kind === "poll") calls.push(thread.poll(fd, POLL.POLLIN, count));
        else if (kind === "detach") calls.push(thread.detach());
        else if (kind === "attach") calls.push(thread.attach());
        else if (kind === "close") calls.push(story.uninstall(FILES, fd, FILE));
        else {
          story.clock.advance(2);
          await drained();
        }
      }
      const unread = await story.inbandIoctl(FILE, ECHO.ECHO_IOC_COUNT);
      for (const fd of FDS) calls.push(story.uninstall(FILES, fd, FILE));
      calls.push(story.release(FILE));

      expect(await outcomeOf(Promise.all(calls))).not.toBe("asleep");
      expect(story.clock.pending).toBe(0);
      expect(story.facts("efile_free")).toEqual([`efile_free file=${FILE} inside=0`]);
      expect(story.facts("oob_wake", "poll_wake")).toHaveLength(story.facts("oob_wait", "poll_wait").length);
      // Each read got a run of bytes. Put in order, the runs are all that was written, up to what nobody has read.
      const seen = reads.sort(([a = 0], [b = 0]) => a - b).flat();
      expect(seen).toEqual(Array.from({ length: written - Number(unread) }, (_, at) => at));
    });

  test("no byte is lost or read twice, and no caller is left asleep once the file is closed", async () => {
    await fc.assert(losesNothing(), { seed: SEED, numRuns: 500 });
  });

  test.each(["forgets-pollers", "impatient-release"] as const)("the core %s fails that, and is found", async (name) => {
    const found = await fc.check(losesNothing(MUTANTS[name].temper), { seed: SEED, numRuns: 500 });
    expect(found.failed).toBe(true);
  });
});
