import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { firstDifference, sliceOrders } from "../../services/lab/order.ts";
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
    beforeAll(async () => {
      stack = await createStack(engine, "tenon-test-experiments");
      await stack.up();
      const profile = wanted === undefined ? [] : ["--profile", wanted];
      const argv = ["run", "experiments", ...profile, "--json", "--trace", "/folder/trace.jsonl"];
      const ran = await stack.tenon(argv, { withinMs: cases.length * EACH_WITHIN_MS });
      expect(ran?.err).toBe("");
      const { runs } = JSON.parse(ran?.out ?? "{}") as Report;
      for (const { name, profile: of, verdict, why } of runs) verdicts.set(keyOf(name, of), `${verdict} ${why}`.trim());
    }, 3_600_000);
    afterAll(() => stack.down(), 120_000);

    test("all were run", () => {
      expect(verdicts.size).toBe(cases.length);
    });

    test.each(cases)("$name, $profile", async (one: Case) => {
      const simulated = await outcomeIn("simulated", one);
      expect(simulated.verdict).toBe("pass");
      expect(verdicts.get(keyOf(one.name, one.profile))).toMatch(/^pass\b/);
      const file = readdirSync(stack.folder).find((name) => name === `trace.${one.name}.${one.profile}.jsonl`) ?? "";
      const events = await stack.trace(file);
      expect(firstDifference(sliceOrders(simulated.events), sliceOrders(events))).toBeUndefined();
    });
  });
}
