import type { VNode } from "preact";
import { diffTraces, type Around, type ChangedField, type Difference } from "../../telemetry/diff/index.ts";
import { wordsOf } from "../diagram/rows.ts";
import type { RunInput } from "../input.ts";
import { plural } from "../words.ts";
import { Section, Tag, type Tone } from "./frame.tsx";

const KINDS: Readonly<Record<Difference["t"], { readonly word: string; readonly tone: Tone }>> = {
  changed: { word: "≠ changed", tone: "odd" },
  moved: { word: "↕ reordered", tone: "odd" },
  "only-a": { word: "− missing", tone: "bad" },
  "only-b": { word: "+ extra", tone: "good" },
};

const SHOWN = 12;
const LISTED_MAX = 300;

const changeText = ({ name, a, b }: ChangedField): string =>
  a === undefined
    ? `${name} is ${b ?? ""}, and was not there`
    : b === undefined
      ? `${name} ${a} is gone`
      : `${name}: ${a} became ${b}`;

function Rows({ differences, from }: { differences: readonly Difference[]; from: number }): VNode {
  return (
    <div class="wide">
      <table class="stack">
        <caption>
          {from === 0
            ? "The differences, in the order of the run without faults"
            : `Differences from number ${from + 1} on`}
        </caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Where</th>
            <th scope="col">Without faults</th>
            <th scope="col">In this run</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ t, sequence, a, b, fields }, i) => (
            <tr key={i}>
              <td data-head="What">
                <Tag tone={KINDS[t].tone}>{KINDS[t].word}</Tag>
              </td>
              <td data-head="Where">
                <span>{sequence}</span>
              </td>
              <td data-head="Without">
                <span>{a === undefined ? <span class="faint">nothing</span> : <code>{wordsOf(a)}</code>}</span>
              </td>
              <td data-head="This run">
                <span>
                  {b === undefined ? <span class="faint">nothing</span> : <code>{wordsOf(b)}</code>}
                  {fields.length > 0 && <div class="faint">{fields.map(changeText).join("; ")}</div>}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({ title, around }: { title: string; around: Around }): VNode {
  return (
    <div>
      <strong>{title}</strong>
      <ul class="plain mono">
        {around.events.map((event, i) => (
          <li key={i} class={i === around.at ? "here" : undefined}>
            {i === around.at ? "▶ " : ""}
            {wordsOf(event)}
          </li>
        ))}
        {around.at < 0 && <li class="faint">▶ nothing here</li>}
      </ul>
    </div>
  );
}

const count = (differences: readonly Difference[], t: Difference["t"]): number =>
  differences.filter((difference) => difference.t === t).length;

/** This run beside the one of the same seed whose faults are off. */
export function DifferenceSection({ run: { faultFree, events } }: { run: RunInput }): VNode {
  const title = "Beside the run without faults";
  if (faultFree.t === "none")
    return (
      <Section id="difference" title={title}>
        <p>{faultFree.why}</p>
      </Section>
    );
  const { first, differences } = diffTraces(faultFree.events, events, { strict: false, ignored: new Set() });
  if (first === undefined)
    return (
      <Section id="difference" title={title}>
        <p>
          Same seed, no fault: both runs tell the same, in the same order wherever causes decide it. The fault changed
          nothing that anybody could see.
        </p>
      </Section>
    );
  const rest = differences.slice(SHOWN, LISTED_MAX);
  const left = differences.length - SHOWN - rest.length;
  return (
    <Section id="difference" title={title}>
      <p>
        {`Same seed, faults off: ${plural(differences.length, "difference")} (${count(differences, "changed")} changed, ${count(differences, "only-a")} missing, ${count(differences, "only-b")} extra, ${count(differences, "moved")} reordered). The first one is in ${first.sequence}; the others may follow from it.`}
      </p>
      <h3>Where the two runs part</h3>
      <div class="both">
        <Side title="Without faults" around={first.around.a} />
        <Side title="This run" around={first.around.b} />
      </div>
      <Rows differences={differences.slice(0, SHOWN)} from={0} />
      {rest.length > 0 && (
        <details>
          <summary>{`${plural(rest.length, "difference")} more`}</summary>
          <Rows differences={rest} from={SHOWN} />
          {left > 0 && <p class="faint">{`and ${left} more: tenon diff tells all of them`}</p>}
        </details>
      )}
    </Section>
  );
}
