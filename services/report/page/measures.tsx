import type { VNode } from "preact";
import { latencyText, STATISTICS, statisticText, type Latencies } from "../../abi/latencies.ts";
import type { Journal, MeasureRecord } from "../../lab/run/journal.ts";
import { Histogram } from "../diagram/histogram.tsx";
import { clockText } from "../words.ts";
import { Section } from "./frame.tsx";

const PHASES = [
  ["all", "all"],
  ["before", "before the freeze"],
  ["during", "during the freeze"],
  ["after", "after the freeze"],
] as const;

const Row = ({ name, of }: { name: string; of: Latencies }): VNode => (
  <tr>
    <th scope="row">{name}</th>
    {STATISTICS.map((one) => (
      <td key={one} class="number" data-head={statisticText(one)}>
        {one === "count" ? of.count : latencyText(of[one])}
      </td>
    ))}
  </tr>
);

function MeasurePart({ measure }: { measure: MeasureRecord }): VNode {
  const { name, title, from, to, all, during, unfinished } = measure;
  return (
    <>
      <h3 id={`measure-${name}`}>{title === undefined ? name : `${name}: ${title}`}</h3>
      <p class="faint">
        {"from "}
        <code>{from}</code>
        {" to "}
        <code>{to}</code>
        {unfinished > 0 && `; ${unfinished} did not come to their end`}
      </p>
      {all === undefined ? (
        <p>Nothing of it was measured.</p>
      ) : (
        <>
          <div class="wide">
            <table class="stack">
              <thead>
                <tr>
                  <th scope="col">when</th>
                  {STATISTICS.map((one) => (
                    <th key={one} scope="col" class="number">
                      {statisticText(one)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {PHASES.map(([phase, text]) => {
                  const of = measure[phase];
                  return of && <Row key={phase} name={text} of={of} />;
                })}
              </tbody>
            </table>
          </div>
          <div class="wide">
            <Histogram all={all} part={during} title={`How often ${title ?? name} took how long`} />
          </div>
        </>
      )}
    </>
  );
}

/** What was measured: statistics, and a histogram of each measure. Nothing, where nothing was to be measured. */
export function MeasuresSection({ journal }: { journal: Pick<Journal, "measures" | "clock"> }): VNode | null {
  const { measures = [], clock } = journal;
  if (measures.length === 0) return null;
  const frozen = measures.some(({ during }) => during !== undefined);
  return (
    <Section id="measures" title="How long it took">
      <p class="faint">
        {`Times are ${clockText(clock)}. A row of a histogram is a length, and how long its bar is says how often it was so; rows without anything are left out.`}
        {frozen && " Dashed, and in words: those of a freeze, while the in-band stage stood still."}
      </p>
      {measures.map((measure) => (
        <MeasurePart key={measure.name} measure={measure} />
      ))}
    </Section>
  );
}
