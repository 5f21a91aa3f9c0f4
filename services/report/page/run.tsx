import { evidenceOf, outcomeClassOf } from "../evidence.ts";
import { baseNameOf, ENDINGS, type RunInput } from "../input.ts";
import { storyOf } from "../story.ts";
import { clockText, timeText } from "../words.ts";
import { DifferenceSection } from "./difference.tsx";
import { FaultSection } from "./faults.tsx";
import { Facts, pageText, Section, VerdictTag } from "./frame.tsx";
import { MeasuresSection } from "./measures.tsx";
import { PictureSection } from "./picture-section.tsx";
import { BothReadings, BrokenRules, RuleTable } from "./rules.tsx";
import { StepsSection } from "./steps.tsx";

/** The page of one run. */
export function runPage(run: RunInput): string {
  const { journal, events, judgements } = run;
  const evidence = evidenceOf(journal.faults, events);
  const classes = evidence.map((one) => outcomeClassOf(one, journal, judgements));
  const { headline, sentence } = storyOf(run, evidence);
  const fired = evidence.flatMap(({ firedAt }) => firedAt.slice(0, 3));
  const { verdict, profile, mode, seed, subject, nodes, durationNs, clock, dropped, reasons } = journal;
  const beside = Object.entries(ENDINGS).flatMap(([output, end]) =>
    run.outputs.has(output) ? [`${baseNameOf(journal)}${end}`] : [],
  );
  return pageText(
    headline,
    <>
      <p class="crumb">
        <a href="index.html">← all runs</a>
      </p>
      <header class={`banner ${verdict}`}>
        <VerdictTag verdict={verdict} />
        <h1>{headline}</h1>
        <p class="lead">{sentence}</p>
        <p class="faint">{journal.title}</p>
        <Facts
          facts={[
            ["profile", profile],
            ["runtime", mode],
            ["seed", <code>{seed}</code>],
            ["core", subject.core],
            ...(classes.length === 0 ? [] : [["outcome", [...new Set(classes)].join(", ")] as const]),
            ["nodes", nodes.join(", ")],
            ["events", dropped === 0 ? String(journal.events) : `${journal.events}, and ${dropped} were lost`],
            ["took", `${timeText(durationNs)} of ${clockText(clock)}`],
          ]}
        />
      </header>
      {reasons.length > 1 && (
        <details open={verdict !== "pass"}>
          <summary>{`All ${reasons.length} reasons`}</summary>
          <ol>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ol>
        </details>
      )}
      <Section id="again" title="Do it again">
        <code class="again" tabindex={0}>
          {journal.repro.cmd}
        </code>
        <p class="faint">
          {mode === "simulated"
            ? "One click marks the whole line. The simulation is exact: the same seed gives the same trace, byte for byte."
            : "One click marks the whole line. This ran in real time: which house is faster may differ the next time."}
        </p>
      </Section>
      <FaultSection evidence={evidence} classes={classes} describe={run.describeFault} />
      <BrokenRules judgements={judgements} profile={profile} />
      <MeasuresSection journal={journal} />
      <PictureSection events={events} judgements={judgements} profile={profile} more={fired} />
      <DifferenceSection run={run} />
      <StepsSection journal={journal} />
      <BothReadings judgements={judgements} profile={profile} />
      <RuleTable judgements={judgements} profile={profile} />
      <footer>
        <p>
          {"Files of this run: "}
          {beside.map((name, i) => (
            <span key={name}>
              {i > 0 && ", "}
              <a href={name}>{name}</a>
            </span>
          ))}
          {`. Times are ${clockText(clock)}; they say in which order things happened and never how fast a real-time system would be.`}
        </p>
      </footer>
    </>,
  );
}
