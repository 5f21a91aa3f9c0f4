import type { VNode } from "preact";
import type { Cell, RunSummary } from "../summary.ts";
import { CLASS_TONES } from "./faults.tsx";
import { Section, Tag } from "./frame.tsx";

/** A cell with the run that it is of. */
interface Found {
  readonly cell: Cell;
  readonly run: RunSummary;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** The faults of all runs: a row for each point, a column for each effect and phase; every word opens its run. */
export function MatrixSection({ runs }: { runs: readonly RunSummary[] }): VNode | null {
  const found: Found[] = runs.flatMap((run) => run.cells.map((cell) => ({ cell, run })));
  if (found.length === 0) return null;
  const columns = unique(found.map(({ cell }) => `${cell.effect} ${cell.phase}`));
  const points = unique(found.map(({ cell }) => cell.point));
  return (
    <Section id="matrix" title="Faults: hook × effect × phase">
      <p>Each word opens the run that it comes from. An empty cell was not tried in these runs.</p>
      <div class="wide">
        <table class="matrix">
          <caption>What became of each fault: not reached, not fired, masked, detected, violation, hang, crash</caption>
          <thead>
            <tr>
              <th scope="col">Point</th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column.split(" ")[0]}
                  <div class="faint">{column.split(" ")[1]}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point}>
                <th scope="row">
                  <code>{point}</code>
                </th>
                {columns.map((column) => (
                  <td key={column} class="cells">
                    {found
                      .filter(({ cell }) => cell.point === point && `${cell.effect} ${cell.phase}` === column)
                      .map(({ cell, run }) => (
                        <CellWord key={`${run.id} ${cell.fault}`} cell={cell} run={run} />
                      ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function CellWord({ cell, run }: Found): VNode {
  const tag = <Tag tone={CLASS_TONES[cell.outcome]}>{cell.outcome}</Tag>;
  const title = `${run.experiment}, ${run.profile}: fault ${cell.fault}`;
  return run.hasPage ? (
    <a href={`${run.base}.html#faults`} title={title}>
      {tag}
    </a>
  ) : (
    <span title={title}>{tag}</span>
  );
}
