import { eventText } from "../rules/event-text.ts";
import { latencyChart } from "./diagram/latency-chart.tsx";
import { evidenceOf } from "./evidence.ts";
import { baseNameOf, ENDINGS, type RunInput, type TraceInput } from "./input.ts";
import { junitOfTrace, junitText } from "./junit.ts";
import { compareWith, remember, type Memory } from "./last-time.ts";
import { markdownText } from "./markdown.ts";
import { overviewPage, type Overview } from "./page/overview.tsx";
import { runPage } from "./page/run.tsx";
import { totalsOf } from "./rule-totals.ts";
import { tracePage } from "./page/trace.tsx";
import { ruleLineOf, summaryOf, type RunSummary } from "./summary.ts";

/** The files of a report by their names. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The page of a run and its twin for machines, as far as its experiment asks for them; and what is kept of it. */
export function renderRun(run: RunInput): {
  readonly files: ReadonlyMap<string, string>;
  readonly summary: RunSummary;
} {
  const summary = summaryOf(run);
  const { journal, events, outputs } = run;
  const evidence = evidenceOf(journal.faults, events).map(({ record, firedAt, seen, recovered }) => ({
    id: record.id,
    firedAt: firedAt.map(eventText),
    ...(seen !== undefined && { seen, recovered }),
  }));
  const { headline, sentence, cells } = summary;
  const base = baseNameOf(journal);
  return {
    summary,
    files: new Map([
      ...(outputs.has("html") ? [[`${base}.html`, runPage(run)] as const] : []),
      ...(outputs.has("journal")
        ? [[`${base}.json`, json({ headline, sentence, ...journal, evidence, cells })] as const]
        : []),
      ...(outputs.has("chart") ? [[`${base}${ENDINGS.chart}`, latencyChart(journal)] as const] : []),
    ]),
  };
}

/** The page of a judged trace, with JUnit XML and its twin for machines. */
export function renderTrace(trace: TraceInput): Files {
  const { files, counted, verdict, profiles, why, notes, again, events, judgements } = trace;
  const rules = judgements.map((one) => ruleLineOf(one, counted));
  return new Map([
    ["index.html", tracePage(trace)],
    ["junit.xml", junitOfTrace(trace, rules)],
    ["check.json", json({ files, counted, verdict, profiles, why, notes, again, events: events.length, rules })],
  ]);
}

/** The name of the file that a folder of reports remembers by. */
export const MEMORY_FILE = "index.json";

/** What such a file holds, or nothing where it is none of ours. */
export function memoryIn(text: string): Memory {
  try {
    const data = JSON.parse(text) as { readonly memory?: Memory } | null;
    return data?.memory ?? {};
  } catch {
    return {};
  }
}

/** The files over all runs: the page to begin with, JUnit XML, what CI shows, and what the folder remembers. */
export function renderOverview(given: Omit<Overview, "comparison">, memory: Memory): Files {
  const overview: Overview = { ...given, comparison: compareWith(memory, given.runs) };
  const { runs, verdict, planned, version } = overview;
  return new Map([
    ["index.html", overviewPage(overview)],
    ["junit.xml", junitText(runs)],
    ["summary.md", markdownText(overview)],
    [
      MEMORY_FILE,
      json({
        tool: { name: "tenon", version },
        verdict,
        planned,
        // What each rule came to in each run is in the file of the run.
        runs: runs.map(({ rules: _, ...run }) => run),
        rules: totalsOf(runs),
        memory: remember(memory, runs),
      }),
    ],
  ]);
}
