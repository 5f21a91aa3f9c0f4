import { overviewLine, type Overview } from "./page/overview.tsx";
import type { RunSummary } from "./summary.ts";

const SIGNS = { pass: "✅", fail: "❌", inconclusive: "❔" } as const;

/** More rows than that nobody reads in a summary; the page has all of them. */
const ROWS_MAX = 40;

/** A text inside a table of Markdown: no line feeds, no bars, no markup of its own. */
const cell = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_|[\]]/g, (sign) => `\\${sign}`)
    .replaceAll(/\s*\n\s*/g, " ");

/** A text between backticks, whatever is in it. */
const code = (text: string): string => {
  const fence = "`".repeat(1 + Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)));
  return `${fence}${text.includes("`") ? ` ${text} ` : text}${fence}`;
};

const row = (run: RunSummary): string =>
  `| ${SIGNS[run.verdict]} ${run.verdict} | ${cell(run.experiment)} | ${run.profile} | ${cell(run.sentence)} |`;

const list = (title: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`- **${title}**: ${names.map(cell).join(", ")}`];

const nameOf = ({ experiment, profile }: RunSummary): string => `${experiment} (${profile})`;

/** What CI shows of an invocation (GitHub's step summary takes it as it is). */
export function markdownText(overview: Overview): string {
  const { runs, verdict, comparison } = overview;
  const wrong = runs.filter((run) => run.verdict !== "pass");
  const shown = wrong.slice(0, ROWS_MAX);
  return [
    `## ${SIGNS[verdict]} ${overviewLine(overview)}`,
    "",
    ...(shown.length === 0
      ? []
      : ["| verdict | experiment | profile | what came of it |", "|---|---|---|---|", ...shown.map(row), ""]),
    ...(wrong.length > shown.length ? [`and ${wrong.length - shown.length} more.`, ""] : []),
    ...(shown[0] === undefined ? [] : ["Do the first one again:", "", "```sh", shown[0].again, "```", ""]),
    ...(comparison === undefined
      ? []
      : [
          ...list("New failures", comparison.newFailures.map(nameOf)),
          ...list("Fixed", comparison.fixed.map(nameOf)),
          ...list("Flaky", comparison.flaky.map(nameOf)),
          ...list("Newly vacuous rules", comparison.newlyVacuous),
          "",
        ]),
    `Runs: ${[...new Set(runs.map(({ runtime }) => runtime))].map(code).join(", ")}. The pages are in the report's folder; begin with ${code("index.html")}.`,
    "",
  ].join("\n");
}
