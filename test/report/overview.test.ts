import { describe, expect, test } from "@jest/globals";
import { compareWith, remember } from "../../services/report/last-time.ts";
import { memoryIn, renderOverview, renderRun } from "../../services/report/render.ts";
import type { RunSummary } from "../../services/report/summary.ts";
import { madeOf, tagsOf, textOf } from "./made.ts";

const { summary } = renderRun(await madeOf("experiments/sockets/bind-refused.yaml"));

const run = (experiment: string, more: Partial<RunSummary> = {}): RunSummary => ({
  ...summary,
  experiment,
  id: `${experiment}.documented.simulated.0x1`,
  base: `${experiment}.documented`,
  ...more,
});
const failed = (experiment: string): RunSummary => run(experiment, { verdict: "fail", sentence: "It broke." });

const overview = (runs: readonly RunSummary[], memory = {}) => {
  const files = renderOverview({ runs, verdict: "fail", planned: runs.length, version: "1" }, memory);
  return (name: string): string => String(files.get(name));
};

describe("since last time", () => {
  const first = [run("good"), failed("bad"), run("gone")];
  const memory = remember({}, first);

  test("new failures, repairs and new runs are told apart", () => {
    const now = [failed("good"), run("bad"), run("new")];
    const compared = compareWith(memory, now);
    expect(compared?.newFailures.map(({ experiment }) => experiment)).toEqual(["good"]);
    expect(compared?.fixed.map(({ experiment }) => experiment)).toEqual(["bad"]);
    expect(compared?.added.map(({ experiment }) => experiment)).toEqual(["new"]);
    expect(compared?.flaky).toEqual([]);
    const text = textOf(overview(now, memory)("index.html"));
    expect(text).toContain("2 runs of this seed, runtime and profile were in this folder before; 1 is new.");
    expect(text).toMatch(/New failures: 1 good \(documented\) ✗ fail It broke\./);
  });

  test("a verdict that comes and goes is flaky, one that changed once is not", () => {
    const twice = remember(memory, [failed("good")]);
    expect(compareWith(twice, [run("good")])?.flaky.map(({ experiment }) => experiment)).toEqual(["good"]);
    expect(compareWith(memory, [failed("good")])?.flaky).toEqual([]);
  });

  test("a rule that was triggered and is not any more is newly vacuous, unless nobody asked it", () => {
    const [rule] = summary.rules.filter(({ triggered }) => triggered > 0);
    const silent = summary.rules.map((one) => (one.id === rule?.id ? { ...one, triggered: 0 } : one));
    expect(compareWith(memory, [run("good", { rules: silent })])?.newlyVacuous).toEqual([rule?.id]);
    const gone = summary.rules.filter(({ id }) => id !== rule?.id);
    expect(compareWith(memory, [run("good", { rules: gone })])?.newlyVacuous).toEqual([]);
  });

  test("an empty folder, one of other runs and a broken file are nothing to compare with", () => {
    expect(compareWith({}, first)).toBeUndefined();
    expect(compareWith(memory, [run("other")])).toBeUndefined();
    expect(memoryIn("{ no JSON")).toEqual({});
    expect(memoryIn("null")).toEqual({});
  });

  test("what the folder remembers survives its own file, and runs that were not made this time", () => {
    const again = memoryIn(overview([run("good")], memory)("index.json"));
    expect(Object.keys(again)).toEqual(Object.keys(memory));
    expect(again["good.documented.simulated.0x1"]?.verdicts).toEqual(["pass", "pass"]);
  });
});

describe("the page over all runs", () => {
  test("has what did not pass first, a matrix whose cells open their run, and the rules", () => {
    const html = overview([run("good"), failed("bad")])("index.html");
    const text = textOf(html);
    expect(text).toContain("2 runs: 1 passed, 1 failed, 0 inconclusive");
    expect(text.indexOf("What did not pass")).toBeLessThan(text.indexOf("1 run passed"));
    expect(html).toMatch(/<a href="good\.documented\.html#faults"[^>]*><span class="tag good">detected<\/span><\/a>/);
    expect(text).toMatch(/Point refuse instead sock_oob_bind detected detected/);
    expect(text).toMatch(/\d+ rules: 0 broken somewhere, \d+ triggered nowhere/);
    expect(() => tagsOf(html)).not.toThrow();
  });

  test("every kind of outcome has its word in the matrix", () => {
    const [cell] = summary.cells;
    const outcomes = ["not reached", "not fired", "masked", "detected", "violation", "hang", "crash"] as const;
    const runs = outcomes.map((outcome) => run(outcome, { cells: cell === undefined ? [] : [{ ...cell, outcome }] }));
    const html = overview(runs)("index.html");
    const matrix = textOf(html.slice(html.indexOf('id="matrix"'), html.indexOf('id="rules"')));
    expect(matrix).toContain(`sock_oob_bind ${outcomes.join(" ")}`);
  });
});

describe("for machines", () => {
  const evil = `a<b> & "c" | \`d\``;
  const files = overview([
    run("good"),
    failed("bad"),
    run("unsure", { verdict: "inconclusive", sentence: evil, file: "experiments/net/unsure.yaml" }),
    run("silent", { inJunit: false }),
  ]);

  test("JUnit has a suite for each folder, failures with how to do it again, and doubt as an error", () => {
    const xml = files("junit.xml");
    expect(xml).toMatch(/<testsuites tests="3" failures="1" errors="1" skipped="0"/);
    expect(xml).toContain('<testsuite name="experiments/sockets"');
    expect(xml).toContain('<testsuite name="experiments/net"');
    expect(xml).toMatch(
      /<failure message="It broke\." type="violation">[^<]*<!\[CDATA\[[\s\S]*npx tenon run experiments/,
    );
    expect(xml).toMatch(/<error message="a&lt;b> &amp; &quot;c&quot;[^"]*" type="inconclusive"/);
    for (const property of ["seed", "profile", "runtime", "core", "faultsFired"])
      expect(xml).toContain(`<property name="${property}" value="`);
    expect(xml).not.toContain("silent (");
  });

  test("the summary for CI is Markdown that nothing in it can break", () => {
    const text = files("summary.md");
    expect(text).toContain("## ❌ 4 runs: 2 passed, 1 failed, 1 inconclusive");
    expect(text).toContain('| ❔ inconclusive | unsure | documented | a&lt;b> &amp; "c" \\| \\`d\\` |');
    const rows = text.split("\n").filter((line) => line.startsWith("| "));
    for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(6);
    expect(text).toContain("```sh\nnpx tenon run ");
  });
});
