import type { VNode } from "preact";
import { stepText, type Journal, type StepRecord } from "../../lab/run/journal.ts";
import { plural } from "../words.ts";
import { Section, Tag, VerdictTag, type Tone } from "./frame.tsx";

const STATUS: Readonly<Record<StepRecord["status"], { readonly word: string; readonly tone: Tone }>> = {
  ok: { word: "✓ as expected", tone: "good" },
  mismatch: { word: "✗ not as expected", tone: "bad" },
  skipped: { word: "– skipped", tone: "odd" },
  running: { word: "? still running", tone: "odd" },
  left: { word: "– may wait, and does", tone: "plain" },
};

function Rows({ steps }: { steps: readonly StepRecord[] }): VNode {
  return (
    <div class="wide">
      <table class="stack">
        <caption>Steps of the workload, in order</caption>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Step</th>
            <th scope="col">Expected</th>
            <th scope="col">Got</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.path} class={step.status === "mismatch" ? "bad-row" : undefined}>
              <td data-head="Line">{step.line}</td>
              <td data-head="Step">
                <span>
                  <code>{stepText(step)}</code>
                  {step.title !== undefined && <div class="faint">{step.title}</div>}
                </span>
              </td>
              <td data-head="Expected">
                <code>{step.expected ?? "–"}</code>
              </td>
              <td data-head="Got">
                <span>
                  <code>{step.actual ?? "–"}</code>
                  {step.note !== undefined && <div class="faint">{step.note}</div>}
                </span>
              </td>
              <td data-head="Verdict">
                <Tag tone={STATUS[step.status].tone}>{STATUS[step.status].word}</Tag>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the tasks did and were answered, and what was expected of the events. */
export function StepsSection({ journal: { steps, expectations } }: { journal: Journal }): VNode {
  const wrong = steps.filter(({ status }) => status !== "ok" && status !== "left");
  return (
    <Section id="steps" title="Steps and expectations">
      <p>{`${steps.length - wrong.length} of ${plural(steps.length, "step")} answered as expected.`}</p>
      {wrong.length > 0 && <Rows steps={wrong} />}
      <details>
        <summary>{`All ${plural(steps.length, "step")}`}</summary>
        <Rows steps={steps} />
      </details>
      {expectations.length > 0 && (
        <ul>
          {expectations.map(({ path, title, verdict, why, line }) => (
            <li key={path}>
              <VerdictTag verdict={verdict} />
              {` ${title} `}
              <span class="faint">{`line ${line}`}</span>
              {why !== undefined && <div>{why}</div>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
