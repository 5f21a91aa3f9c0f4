import library from "junit-report-builder";
import type { Builder } from "junit-report-builder";
import { assert } from "../abi/assert.ts";
import type { TraceInput } from "./input.ts";
import { clockText } from "./words.ts";
import type { RuleLine, RunSummary } from "./summary.ts";

/** The family of an experiment: the folder that its file is in. */
const familyOf = ({ file }: RunSummary): string => file.replace(/\/?[^/]*$/, "") || "experiments";

/** The types of the package speak of a default that it has for bundlers only: what Node gives is the builder itself. */
const isBuilder = (value: object): value is Builder => "newBuilder" in value;

/**
 * The runs as JUnit XML: a suite for each folder of experiments, a case for each run.
 *
 * An inconclusive run is an `error`, not `skipped`: a fault that did not fire is never green (facts/experiments F8), and what
 * is skipped is green in most viewers.
 */
export function junitText(all: readonly RunSummary[]): string {
  const runs = all.filter(({ inJunit }) => inJunit);
  assert(isBuilder(library), "junit-report-builder gives a builder");
  const builder = library.newBuilder();
  for (const family of [...new Set(runs.map(familyOf))]) {
    const suite = builder.testSuite().name(family);
    for (const run of runs.filter((one) => familyOf(one) === family)) {
      const { experiment, profile, runtime, seed, core, verdict, headline, sentence, again, cells, tookNs } = run;
      const test = suite.testCase().className(`${family}.${experiment}`).name(`${experiment} (${profile})`);
      test.file(run.file).time(tookNs / 1e9);
      const fired = cells.filter((cell) => cell.fired > 0).map(({ fault }) => fault);
      const properties = {
        seed,
        profile,
        runtime,
        core,
        // The time of a case is the world's own.
        clock: clockText(run.clock),
        faultsFired: fired.join(" "),
        report: run.hasPage ? `${run.base}.html` : "",
      };
      for (const [name, value] of Object.entries(properties)) if (value !== "") test.property(name, value);
      const body = `${headline}\n${sentence}\n\nDo it again:\n${again}\n`;
      if (verdict === "fail") test.failure(sentence, "violation").stacktrace(body);
      if (verdict === "inconclusive") test.error(sentence, "inconclusive", body);
    }
  }
  return builder.build();
}

/** A judged trace as JUnit XML: a case for each rule that counts. What nothing triggered is `skipped`. */
export function junitOfTrace(
  { files, counted, again }: Pick<TraceInput, "files" | "counted" | "again">,
  rules: readonly RuleLine[],
): string {
  assert(isBuilder(library), "junit-report-builder gives a builder");
  const builder = library.newBuilder();
  const suite = builder.testSuite().name(files.join(" "));
  for (const { id, title, verdict, triggered, counts } of rules) {
    if (!counts) continue;
    const test = suite.testCase().className("rules").name(`${id} (${counted})`);
    test.property("profile", counted).property("triggered", String(triggered));
    if (verdict === "certain-fail") test.failure(title, "violation").stacktrace(`${title}\n\nDo it again:\n${again}\n`);
    if (verdict === "possible-fail" || verdict === "unknown") test.error(`${verdict}: ${title}`, "inconclusive");
    if (verdict === "vacuous") test.skipped();
  }
  return builder.build();
}
