import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import type { Outcome as RunOutcome } from "../../services/lab/run/journal.ts";
import { casesOf, outcomeIn, type Case } from "../e2e/agreement.ts";
import { root } from "../tidy/sources.ts";
import { findEngine } from "./engine.ts";
import { createStack, type Stack } from "./stack.ts";

const engine = await findEngine(readFileSync(join(root, "docker-compose.yml"), "utf8"));

/** One profile where time is short, such as in CI; both when nothing is said. */
const wanted = process.env["TENON_TEST_PROFILE"];
const cases = (await casesOf("experiments")).filter(({ profile }) => wanted === undefined || profile === wanted);
/** An experiment takes a second or two, and a hundred of them their time. */
const EACH_WITHIN_MS = 30_000;

/** What `tenon run --json` prints; what is not looked at is left out. */
interface Report {
  readonly runs: readonly {
    readonly name: string;
    readonly profile: string;
    readonly verdict: string;
    readonly why: string;
  }[];
}

const keyOf = (name: string, profile: string): string => `${name} ${profile}`;

if (!engine.ok) {
  test.skip(`every experiment in containers: skipped, ${engine.why}`, () => undefined);
} else {
  describe("every experiment ends in containers as it does in simulation, with the same order of events in every slice", () => {
    let stack: Stack;
    const verdicts = new Map<string, string>();
    /** Runs these in the stack; a trace is written for each beside the name. */
    async function ask(
      what: readonly string[],
      profile: string | undefined,
      trace: string,
      count: number,
    ): Promise<void> {
      const argv = ["run", ...what, ...(profile === undefined ? [] : ["--profile", profile]), "--json"];
      const ran = await stack.tenon([...argv, "--trace", `/folder/${trace}.jsonl`], {
        withinMs: 60_000 + count * EACH_WITHIN_MS,
      });
      expect(ran?.err).toBe("");
      const { runs } = JSON.parse(ran?.out ?? "{}") as Report;
      for (const { name, profile: of, verdict, why } of runs) verdicts.set(keyOf(name, of), `${verdict} ${why}`.trim());
    }
    /** What is wrong with a run, beside that in simulation; undefined for nothing. */
    async function wrongWith(one: Case, simulated: RunOutcome, file: string): Promise<string | undefined> {
      const verdict = verdicts.get(keyOf(one.name, one.profile)) ?? "it was not run";
      if (!/^pass\b/.test(verdict)) return verdict;
      // What a bad core does after its mistake is its own affair; that it is found is the verdict.
      if (one.experiment.core !== "reference") return undefined;
      const difference = firstDifference(sliceOrders(simulated.events), sliceOrders(await stack.trace(file)));
      return difference === undefined ? undefined : `another order: ${JSON.stringify(difference)}`;
    }

    beforeAll(async () => {
      stack = await createStack(engine, "tenon-test-experiments");
      await stack.up();
      await ask(["experiments"], wanted, "trace", cases.length);
    }, 3_600_000);
    afterAll(() => stack.down(), 120_000);

    test("all were run", () => {
      expect(verdicts.size).toBe(cases.length);
    });

    test.each(cases)(
      "$name, $profile",
      async (one: Case) => {
        const simulated = await outcomeIn("simulated", one);
        expect(simulated.verdict).toBe("pass");
        const first = await wrongWith(one, simulated, `trace.${one.name}.${one.profile}.jsonl`);
        if (first === undefined) return;
        // In real time a step may come too late on a machine that is busy: one such run is told, two are a defect.
        process.stdout.write(`${one.name}, ${one.profile}, is asked again: ${first}\n`);
        await ask([relative(root, one.experiment.file)], one.profile, "again", 1);
        expect(await wrongWith(one, simulated, "again.jsonl")).toBeUndefined();
      },
      240_000,
    );
  });
}
