import { findingsOf, type Finding } from "./findings.ts";
import { ZOO } from "./zoo.ts";

/*
 * Writes the zoo as a table: node dist/test/zoo/table.js [names…]
 */

const SHOWN_MAX = 4;

const cell = (text: string): string => text.replaceAll("|", "\\|");

function row({ mutant, sight, isFound, isExpected }: Finding): string {
  const { name, house, trigger, experiment, profile, survives } = mutant;
  const ids = sight.broken.map(({ id }) => id);
  const more = ids.length > SHOWN_MAX ? ` and ${ids.length - SHOWN_MAX} more` : "";
  const rules = isFound ? `${ids.slice(0, SHOWN_MAX).join(", ")}${more}` : "**none**";
  const why = isFound ? (sight.broken[0]?.title ?? "") : `${survives?.why ?? "?"}: ${survives?.because ?? "?"}`;
  const where = `${experiment.replace(/^.*\//, "").replace(".yaml", "")} (${profile})`;
  const cells = [name, house, trigger, where, isExpected ? "fails" : "passes", rules, why];
  return `| ${cells.map(cell).join(" | ")} |`;
}

const names = process.argv.slice(2);
const findings = await findingsOf(names.length === 0 ? ZOO : ZOO.filter(({ name }) => names.includes(name)));
const held = findings.filter(({ mutant }) => mutant.heldOut === true);
const share = (of: readonly Finding[]): string => {
  const found = of.filter(({ isFound }) => isFound).length;
  return `${found} of ${of.length} (${((100 * found) / of.length).toFixed(1)} %)`;
};
const lines = [
  "| mutant | house | trigger | experiment | by its own expectations | rules broken | the first of them says |",
  "|---|---|---|---|---|---|---|",
  ...findings.map(row),
  "",
  `Found by the rules: ${share(findings)}; by the experiments' own expectations: ${findings.filter(({ isExpected }) => isExpected).length}.`,
  `Of those that were held out while rules were written: ${share(held)}.`,
  "",
];
process.stdout.write(lines.join("\n"));
