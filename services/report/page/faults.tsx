import type { VNode } from "preact";
import { eventText } from "../../rules/event-text.ts";
import type { FaultEvidence, OutcomeClass } from "../evidence.ts";
import type { RunInput } from "../input.ts";
import { plural, timeText } from "../words.ts";
import { Section, Tag, type Tone } from "./frame.tsx";

/** How a class of outcome looks. */
export const CLASS_TONES: Readonly<Record<OutcomeClass, Tone>> = {
  "not reached": "odd",
  "not fired": "odd",
  masked: "plain",
  detected: "good",
  violation: "bad",
  hang: "bad",
  crash: "bad",
  undecided: "odd",
};

const WHERE_MAX = 3;

function Where({ evidence: { firedAt } }: { evidence: FaultEvidence }): VNode {
  const more = firedAt.length - WHERE_MAX;
  return (
    <div>
      {firedAt.slice(0, WHERE_MAX).map((event, i) => (
        <div key={i}>
          <code>{eventText(event)}</code> <span class="faint">{`at ${timeText(event.timeNs)}`}</span>
        </div>
      ))}
      {more > 0 && <div class="faint">{`and ${plural(more, "event")} more`}</div>}
      {firedAt.length === 0 && <span class="faint">nowhere</span>}
    </div>
  );
}

/** The proof that the faults fired, or that they did not. */
export function FaultSection(props: {
  evidence: readonly FaultEvidence[];
  classes: readonly OutcomeClass[];
  describe: RunInput["describeFault"];
}): VNode {
  const { evidence, classes, describe } = props;
  if (evidence.length === 0)
    return (
      <Section id="faults" title="Did the fault happen?">
        <p>This experiment injects no fault.</p>
      </Section>
    );
  const unfired = evidence.filter(({ record }) => record.fired === 0).length;
  return (
    <Section id="faults" title="Did the fault happen?">
      <p>
        {unfired === 0
          ? `Yes: ${evidence.length === 1 ? "it" : `all ${evidence.length}`} fired.`
          : `${unfired} of ${plural(evidence.length, "fault")} did not fire: what this run shows says nothing about ${unfired === 1 ? "it" : "them"}.`}
      </p>
      <div class="wide">
        <table class="stack">
          <caption>What each fault did, as the houses and the trace tell it</caption>
          <thead>
            <tr>
              <th scope="col">Fault</th>
              <th scope="col">Armed</th>
              <th scope="col" class="number">
                Crossings
              </th>
              <th scope="col" class="number">
                Matched
              </th>
              <th scope="col" class="number">
                Fired
              </th>
              <th scope="col">Where</th>
              <th scope="col">Seen by the caller</th>
              <th scope="col">Recovered</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {evidence.map((one, i) => {
              const { record, seen, recovered } = one;
              const outcome = classes[i] ?? "undecided";
              return (
                <tr key={record.id} class={record.fired === 0 ? "bad-row" : undefined}>
                  <th scope="row" data-head="Fault">
                    <span>
                      {`⚡ ${record.id}`}
                      {record.title !== undefined && <div class="faint">{record.title}</div>}
                    </span>
                  </th>
                  <td data-head="Armed">
                    <span>
                      <code>{`${record.point}: ${describe(record.rule)}`}</code>
                    </span>
                  </td>
                  <td class="number" data-head="Crossings">
                    {record.crossings}
                  </td>
                  <td class="number" data-head="Matched">
                    {record.matched}
                  </td>
                  <td class="number" data-head="Fired">
                    {record.fired === 0 ? <Tag tone="bad">✗ 0, not fired</Tag> : record.fired}
                  </td>
                  <td data-head="Where">
                    <Where evidence={one} />
                  </td>
                  <td data-head="Seen">
                    <span>{seen ?? "–"}</span>
                  </td>
                  <td data-head="Recovered">
                    <span>{recovered ?? "–"}</span>
                  </td>
                  <td data-head="Outcome">
                    <Tag tone={CLASS_TONES[outcome]}>{outcome}</Tag>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
