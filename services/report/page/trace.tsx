import type { TraceInput } from "../input.ts";
import { sentenceOf, violationText } from "../story.ts";
import { brokenRules } from "../evidence.ts";
import { PROFILES } from "../../abi/profile.ts";
import { plural, PROFILE_WORDS } from "../words.ts";
import { Facts, pageText, Section, VerdictTag } from "./frame.tsx";
import { PictureSection } from "./picture-section.tsx";
import { BothReadings, BrokenRules, RuleTable } from "./rules.tsx";

/** The page of a trace that was judged, and not run here. */
export function tracePage(trace: TraceInput): string {
  const { files, counted, verdict, profiles, why, notes, again, events, judgements } = trace;
  const [first] = brokenRules(judgements, counted);
  const headline = `${verdict.toUpperCase()} ${first?.rule.id ?? ""} (${counted}) in ${files.join(", ")}`.replace(
    "  ",
    " ",
  );
  const sentence =
    first === undefined ? why || "All rules that something triggered held" : violationText(first, first.violations[0]);
  return pageText(
    headline,
    <>
      <header class={`banner ${verdict}`}>
        <VerdictTag verdict={verdict} />
        <h1>{headline}</h1>
        <p class="lead">{sentenceOf(sentence)}</p>
        <Facts
          facts={[
            ...PROFILES.map(
              (profile) =>
                [`${PROFILE_WORDS[profile]} (${profile})`, <VerdictTag verdict={profiles[profile]} />] as const,
            ),
            ["events", String(events.length)],
            ["files", plural(files.length, "file")],
          ]}
        />
        {notes.length > 0 && (
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </header>
      <Section id="again" title="Do it again">
        <code class="again" tabindex={0}>
          {again}
        </code>
      </Section>
      <BrokenRules judgements={judgements} profile={counted} />
      <PictureSection events={events} judgements={judgements} profile={counted} more={[]} />
      <BothReadings judgements={judgements} profile={counted} />
      <RuleTable judgements={judgements} profile={counted} />
      <footer>
        <p>
          Machine-readable: <a href="check.json">check.json</a>, <a href="junit.xml">junit.xml</a>. Times are those of
          the emulator or virtual; rules go by what caused what, never by time.
        </p>
      </footer>
    </>,
  );
}
