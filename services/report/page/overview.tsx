import type { VNode } from "preact";
import type { Comparison } from "../last-time.ts";
import { totalsOf } from "../rule-totals.ts";
import type { RunSummary } from "../summary.ts";
import { clockText, plural, timeText } from "../words.ts";
import { Facts, pageText, Section, VerdictTag } from "./frame.tsx";
import { MatrixSection } from "./matrix.tsx";

/** The runs of one invocation. */
export interface Overview {
  readonly runs: readonly RunSummary[];
  readonly verdict: RunSummary["verdict"];
  /** How many runs were planned; more than were made where somebody stopped them. */
  readonly planned: number;
  readonly comparison: Comparison | undefined;
  readonly version: string;
}

/** How many runs came to what. */
const countsOf = (runs: readonly RunSummary[]): Readonly<Record<RunSummary["verdict"], number>> => ({
  pass: runs.filter(({ verdict }) => verdict === "pass").length,
  fail: runs.filter(({ verdict }) => verdict === "fail").length,
  inconclusive: runs.filter(({ verdict }) => verdict === "inconclusive").length,
});

const RunLink = ({ run }: { run: RunSummary }): VNode =>
  run.hasPage ? <a href={`${run.base}.html`}>{run.experiment}</a> : <span>{run.experiment}</span>;

function RunRows({ runs, caption }: { runs: readonly RunSummary[]; caption: string }): VNode {
  return (
    <div class="wide">
      <table class="stack">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Experiment</th>
            <th scope="col">Verdict</th>
            <th scope="col">Profile</th>
            <th scope="col">Runtime</th>
            <th scope="col">What came of it</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row" data-head="Experiment">
                <RunLink run={run} />
              </th>
              <td data-head="Verdict">
                <VerdictTag verdict={run.verdict} />
              </td>
              <td class="short" data-head="Profile">
                {run.profile}
              </td>
              <td class="short" data-head="Runtime">
                {run.runtime}
              </td>
              <td data-head="Came of it">
                <span>{run.verdict === "pass" ? run.title : run.sentence}</span>
              </td>
              <td class="short" data-head="Took">
                {timeText(run.tookNs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunList({ runs, title }: { runs: readonly RunSummary[]; title: string }): VNode {
  return (
    <div>
      <h3>{`${title}: ${runs.length}`}</h3>
      {runs.length > 0 && (
        <ul>
          {runs.map((run) => (
            <li key={run.id}>
              <RunLink run={run} />
              {` (${run.profile}) `}
              <VerdictTag verdict={run.verdict} />
              {run.verdict !== "pass" && ` ${run.sentence}`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function LastTime({ comparison }: { comparison: Comparison | undefined }): VNode {
  if (comparison === undefined)
    return (
      <Section id="last-time" title="Since last time">
        <p>This folder held no report of these runs before: there is nothing to compare with.</p>
      </Section>
    );
  const { newFailures, fixed, flaky, added, newlyVacuous, compared } = comparison;
  return (
    <Section id="last-time" title="Since last time">
      <p>
        {`${plural(compared, "run")} of this seed, runtime and profile ${compared === 1 ? "was" : "were"} in this folder before${added.length === 0 ? "." : `; ${added.length} ${added.length === 1 ? "is" : "are"} new.`}`}
      </p>
      <RunList runs={newFailures} title="New failures" />
      <RunList runs={fixed} title="Fixed" />
      <RunList runs={flaky} title="Flaky: the verdict comes and goes though the seed stays" />
      <h3>{`Newly vacuous rules: ${newlyVacuous.length}`}</h3>
      {newlyVacuous.length > 0 && (
        <p>
          {newlyVacuous.map((id) => (
            <span key={id}>
              <code>{id}</code>{" "}
            </span>
          ))}
          <span class="faint">were triggered then, and are not any more: nobody checks them now.</span>
        </p>
      )}
    </Section>
  );
}

function RulesSection({ runs }: { runs: readonly RunSummary[] }): VNode | null {
  const totals = totalsOf(runs);
  if (totals.length === 0) return null;
  const vacuous = totals.filter(({ triggered }) => triggered === 0).length;
  const broken = totals.filter(({ fail }) => fail > 0).length;
  const triggered = totals.filter((one) => one.triggered > 0);
  const names = totals.filter((one) => one.triggered === 0).map(({ id }) => id);
  return (
    <Section id="rules" title="Rules over all runs">
      <p>{`${plural(totals.length, "rule")}: ${broken} broken somewhere, ${vacuous} triggered nowhere in these runs. Only runs in which a rule counts are counted.`}</p>
      <details>
        <summary>{`${plural(triggered.length, "rule")} that something triggered`}</summary>
        <div class="wide">
          <table class="stack">
            <caption>In how many runs each rule came to what</caption>
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">Says</th>
                <th scope="col" class="number">
                  Pass
                </th>
                <th scope="col" class="number">
                  Certain fail
                </th>
                <th scope="col" class="number">
                  Possible fail
                </th>
                <th scope="col" class="number">
                  Unknown
                </th>
                <th scope="col" class="number">
                  Vacuous
                </th>
                <th scope="col" class="number">
                  Triggered
                </th>
              </tr>
            </thead>
            <tbody>
              {triggered.map((one) => (
                <tr key={one.id} class={one.fail > 0 ? "bad-row" : undefined}>
                  <th scope="row" data-head="Rule">
                    <span>{`${one.fail > 0 ? "✗ " : ""}${one.id}`}</span>
                  </th>
                  <td data-head="Says">
                    <span>{one.title}</span>
                  </td>
                  <td class="number" data-head="Pass">
                    {one.pass}
                  </td>
                  <td class="number" data-head="Certain fail">
                    {one.fail}
                  </td>
                  <td class="number" data-head="Possible fail">
                    {one.possible}
                  </td>
                  <td class="number" data-head="Unknown">
                    {one.unknown}
                  </td>
                  <td class="number" data-head="Vacuous">
                    {one.vacuous}
                  </td>
                  <td class="number" data-head="Triggered">
                    {one.triggered}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      {names.length > 0 && (
        <details>
          <summary>{`${plural(vacuous, "rule")} that nothing triggered in these runs`}</summary>
          <p>
            {names.map((id) => (
              <code key={id}>{`${id} `}</code>
            ))}
          </p>
        </details>
      )}
    </Section>
  );
}

const Bar = ({ runs }: { runs: readonly RunSummary[] }): VNode => {
  const { pass, fail, inconclusive } = countsOf(runs);
  const share = (count: number): string => `width: ${((count / Math.max(1, runs.length)) * 100).toFixed(2)}%`;
  return (
    <div class="bar" role="img" aria-label={`${pass} passed, ${fail} failed, ${inconclusive} inconclusive`}>
      <span class="bad" style={share(fail)} />
      <span class="odd" style={share(inconclusive)} />
      <span class="good" style={share(pass)} />
    </div>
  );
};

/** The headline over all runs. */
export function overviewLine({ runs, planned }: Pick<Overview, "runs" | "planned">): string {
  const { pass, fail, inconclusive } = countsOf(runs);
  const stopped = runs.length < planned ? `, stopped after ${runs.length} of ${planned}` : "";
  return `${plural(runs.length, "run")}: ${pass} passed, ${fail} failed, ${inconclusive} inconclusive${stopped}`;
}

/** The page over the runs of an invocation. */
export function overviewPage(overview: Overview): string {
  const { runs, verdict, comparison, version } = overview;
  const line = overviewLine(overview);
  const [first] = runs;
  const wrong = runs.filter((run) => run.verdict !== "pass");
  const right = runs.filter((run) => run.verdict === "pass");
  return pageText(
    `${verdict.toUpperCase()} ${line}`,
    <>
      <header class={`banner ${verdict}`}>
        <VerdictTag verdict={verdict} />
        <h1>{line}</h1>
        <Bar runs={runs} />
        <Facts
          facts={[
            ["tool", `tenon ${version}`],
            ["experiments", String(new Set(runs.map(({ file }) => file)).size)],
            ...(first === undefined ? [] : [["times", clockText(first.clock)] as const]),
          ]}
        />
      </header>
      <Section id="runs" title="Runs">
        {wrong.length > 0 && <RunRows runs={wrong} caption="What did not pass" />}
        {right.length > 0 && (
          <details open={right.length <= 20}>
            <summary>{`${plural(right.length, "run")} passed`}</summary>
            <RunRows runs={right} caption="What passed" />
          </details>
        )}
      </Section>
      <LastTime comparison={comparison} />
      <MatrixSection runs={runs} />
      <RulesSection runs={runs} />
      <footer>
        <p>
          Machine-readable: <a href="junit.xml">junit.xml</a>, <a href="index.json">index.json</a>,{" "}
          <a href="summary.md">summary.md</a>, and a JSON file beside each run's page. Times are of the emulator or
          virtual: they are no figures of a real-time system.
        </p>
      </footer>
    </>,
  );
}
