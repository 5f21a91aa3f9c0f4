import type { VNode } from "preact";
import { matrixCells } from "../../lab/matrix/cells.ts";
import type { Cell, RunSummary } from "../summary.ts";
import { CLASS_TONES } from "./faults.tsx";
import { plural } from "../words.ts";
import { Section, Tag } from "./frame.tsx";

/** A cell with the run that it is of. */
interface Found {
  readonly cell: Cell;
  readonly run: RunSummary;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** Everything that can be at one point, and why the rest cannot. */
interface PointCells {
  /** Effect, and where in the crossing it can strike: `instead.client`. */
  readonly runs: ReadonlyMap<string, readonly string[]>;
  /** Reason, and what it keeps out. */
  readonly impossible: ReadonlyMap<string, readonly string[]>;
}

/** The generated matrix by point. An effect that can strike somewhere is not told where it cannot. */
function matrixByPoint(): ReadonlyMap<string, PointCells> {
  const points = new Map<string, { runs: Map<string, string[]>; impossible: Map<string, string[]> }>();
  const reasons = new Map<string, Map<string, string>>();
  for (const { point, effect, phase, side, runtime, state, reason = "" } of matrixCells()) {
    // What can be in one runtime can be in all.
    if (runtime !== "simulated") continue;
    const cells = points.get(point) ?? { runs: new Map<string, string[]>(), impossible: new Map<string, string[]>() };
    points.set(point, cells);
    if (state === "runs") cells.runs.set(effect, [...(cells.runs.get(effect) ?? []), `${phase}.${side}`]);
    else reasons.set(point, (reasons.get(point) ?? new Map<string, string>()).set(effect, reason));
  }
  for (const [point, cells] of points)
    for (const [effect, reason] of reasons.get(point) ?? [])
      if (!cells.runs.has(effect)) cells.impossible.set(reason, [...(cells.impossible.get(reason) ?? []), effect]);
  return points;
}

/** The whole matrix as the contract makes it, folded by point, with what these runs came to. */
function WholeMatrix({ found }: { found: readonly Found[] }): VNode {
  const points = [...matrixByPoint()];
  return (
    <details>
      <summary>{`What can be struck at all: ${points.length} points, in every runtime alike`}</summary>
      <p>
        Made from the contract: every effect at every point runs, in the phases and on the sides that are named, or is
        impossible for the reason that is given. <code>npx tenon hooks POINT --matrix</code> prints one point cell by
        cell.
      </p>
      {points.map(([point, { runs, impossible }]) => {
        const here = found.filter(({ cell }) => cell.point.split(", ").includes(point));
        return (
          <details key={point}>
            <summary>
              <code>{point}</code>
              {` ${plural(runs.size, "effect")} of ${runs.size + [...impossible.values()].flat().length}`}
              {here.length > 0 && `, ${plural(here.length, "fault")} in these runs`}
            </summary>
            <ul>
              {[...runs].map(([effect, seats]) => (
                <li key={effect}>
                  <strong>{effect}</strong> <span class="faint">{seats.join(", ")}</span>{" "}
                  {here
                    .filter(({ cell }) => cell.effect === effect)
                    .map(({ cell, run }) => (
                      <CellWord key={`${run.id} ${cell.fault}`} cell={cell} run={run} />
                    ))}
                </li>
              ))}
              {[...impossible].map(([reason, effects]) => (
                <li key={reason}>
                  <span class="faint">{`Impossible: ${effects.join(", ")}: ${reason}`}</span>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </details>
  );
}

/** The faults of all runs: a row for each point, a column for each effect and phase; every word opens its run. */
export function MatrixSection({ runs }: { runs: readonly RunSummary[] }): VNode | null {
  const found: Found[] = runs.flatMap((run) => run.cells.map((cell) => ({ cell, run })));
  if (found.length === 0)
    return (
      <Section id="matrix" title="Faults: hook × effect × phase">
        <p>No fault was injected in these runs.</p>
        <WholeMatrix found={found} />
      </Section>
    );
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
      <WholeMatrix found={found} />
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
