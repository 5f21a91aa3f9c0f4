import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
import { FIRST_TURN, sweptFault } from "../../services/lab/run/sweep.ts";
import { casesOf, orderByChance, outcomeIn, takesMinutes, type Case } from "../e2e/agreement.ts";
import { root } from "../tidy/sources.ts";
import { findEngine } from "./engine.ts";
import { createStack, type Stack } from "./stack.ts";

const engine = await findEngine(readFileSync(join(root, "docker-compose.yml"), "utf8"));

/** One profile where time is short, such as in CI; both when nothing is said. */
const wanted = process.env["TENON_TEST_PROFILE"];
/** The stack has two nodes and one switch; worlds of others have no places there. */
const isBorne = ({ experiment }: Case): boolean => experiment.topology.switches.every(({ name }) => name === "lan");
const cases = (await casesOf("experiments")).filter(
  (one) => (wanted === undefined || one.profile === wanted) && isBorne(one) && !takesMinutes(one),
);
/** The folders of the experiments, and the tour, with how many cases each has. */
const folders = new Map<string, number>();
for (const { experiment } of cases) {
  const file = relative(root, experiment.file);
  const folder = file.split("/").length > 2 ? dirname(file) : file;
  folders.set(folder, (folders.get(folder) ?? 0) + 1);
}
/** An experiment takes a second or two, and a hundred of them their time. */
const EACH_WITHIN_MS = 30_000;

/** What `tenon run --json` prints; what is not looked at is left out. */
interface Report {
  readonly runs: readonly {
    readonly name: string;
    readonly profile: string;
    readonly verdict: string;
    readonly why: string;
    /** Which run of a sweep it is. */
    readonly sweep?: { readonly nth: number };
  }[];
}
/** A run, and the file of its trace. */
type Ran = Report["runs"][number] & { readonly file: string };

/** What the trace of one run of a sweep has at the end of its name. */
const sweepEnd = (sweep: Ran["sweep"]): string => (sweep === undefined ? "" : `.nth-${sweep.nth}`);
const keyOf = (name: string, profile: string): string => `${name} ${profile}`;

if (!engine.ok) {
  test.skip(`every experiment in containers: skipped, ${engine.why}`, () => undefined);
} else {
  describe("every experiment ends in containers as it does in simulation, with the same order of events in every slice", () => {
    let stack: Stack;
    /** All runs of each case: a sweep has several. */
    const runsOf = new Map<string, readonly Ran[]>();
    /** What the tool said of those that it could not run. */
    const troubles: string[] = [];
    /** Runs a file or a folder in the stack; a trace is written for each run beside the name. */
    async function ask(what: string, profile: string | undefined, trace: string, count: number): Promise<void> {
      const argv = ["run", what, ...(profile === undefined ? [] : ["--profile", profile]), "--json"];
      const said = await stack.tenon([...argv, "--trace", `/folder/${trace}.jsonl`], {
        withinMs: 60_000 + count * EACH_WITHIN_MS,
      });
      if (said === undefined || said.err !== "") {
        troubles.push(`${what}: ${said?.err ?? "it hangs"}`);
        return;
      }
      const { runs } = JSON.parse(said.out) as Report;
      const made = new Map<string, Ran[]>();
      for (const one of runs) {
        const key = keyOf(one.name, one.profile);
        const which = sweepEnd(one.sweep);
        const file =
          count === 1 && which === "" ? `${trace}.jsonl` : `${trace}.${one.name}.${one.profile}${which}.jsonl`;
        made.set(key, [...(made.get(key) ?? []), { ...one, file }]);
      }
      for (const [key, all] of made) runsOf.set(key, all);
    }
    /** What is wrong with a run, beside that in simulation; undefined for nothing. */
    async function wrongWith(one: Case, { verdict, why, sweep, file }: Ran): Promise<string | undefined> {
      if (verdict !== "pass") return `${verdict} ${why}`;
      const turn = sweep && { ...FIRST_TURN, nth: sweep.nth };
      const simulated = await outcomeIn("simulated", one, turn);
      expect(simulated.verdict).toBe("pass");
      // What a bad core does after its mistake is its own affair; that it is found is the verdict.
      if (one.experiment.core !== "reference") return undefined;
      if (orderByChance(one) !== undefined) return undefined;
      const difference = firstDifference(sliceOrders(simulated.events), sliceOrders(await stack.trace(file)));
      return difference === undefined ? undefined : `another order: ${JSON.stringify(difference)}`;
    }
    /** What is wrong with the first run of a case that anything is wrong with. */
    async function firstWrong(one: Case): Promise<string | undefined> {
      const runs = runsOf.get(keyOf(one.name, one.profile)) ?? [];
      for (const ran of runs) {
        const wrong = await wrongWith(one, ran);
        if (wrong !== undefined) return ran.sweep === undefined ? wrong : `run ${ran.sweep.nth} of the sweep: ${wrong}`;
      }
      return runs.length === 0 ? "it was not run" : undefined;
    }

    beforeAll(async () => {
      stack = await createStack(engine, "tenon-test-experiments");
      await stack.up();
      // Folder by folder: what cannot be run keeps no more than its folder from being run.
      for (const [folder, count] of folders) await ask(folder, wanted, "trace", count);
    }, 3_600_000);
    afterAll(() => stack.down(), 120_000);

    test("all were run, and a sweep as often as it has something to strike", () => {
      expect(troubles).toEqual([]);
      for (const { name, profile, experiment } of cases) {
        const runs = runsOf.get(keyOf(name, profile)) ?? [];
        expect([name, runs.length > 0]).toEqual([name, true]);
        expect([name, runs.length > 1]).toEqual([name, sweptFault(experiment, profile) !== undefined]);
      }
    });

    test.each(cases)(
      "$name, $profile",
      async (one: Case) => {
        const first = await firstWrong(one);
        if (first === undefined) return;
        // In real time a step may come too late on a machine that is busy: such runs are told, two in a row are a defect.
        process.stdout.write(`${one.name}, ${one.profile}, is asked again: ${first}\n`);
        runsOf.delete(keyOf(one.name, one.profile));
        await ask(relative(root, one.experiment.file), one.profile, "again", 1);
        expect(await firstWrong(one)).toBeUndefined();
      },
      240_000,
    );
  });
}
