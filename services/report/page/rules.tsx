import type { VNode } from "preact";
import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import { eventText } from "../../rules/event-text.ts";
import type { RuleJudgement, RuleVerdict, Violation } from "../../rules/judgement.ts";
import { byOrigin, counts } from "../evidence.ts";
import { RULE_WORDS } from "../story.ts";
import { plural, PROFILE_WORDS, timeText } from "../words.ts";
import { FormulaText } from "./formula.tsx";
import { Section, Tag, type Tone } from "./frame.tsx";

const TONES: Readonly<Record<RuleVerdict, { readonly tone: Tone; readonly sign: string }>> = {
  pass: { tone: "good", sign: "✓" },
  "certain-fail": { tone: "bad", sign: "✗" },
  "possible-fail": { tone: "odd", sign: "?" },
  unknown: { tone: "odd", sign: "?" },
  vacuous: { tone: "plain", sign: "–" },
};

/** What a rule came to, as sign and word. */
const RuleTag = ({ verdict }: { verdict: RuleVerdict }): VNode => (
  <Tag tone={TONES[verdict].tone}>{`${TONES[verdict].sign} ${RULE_WORDS[verdict]}`}</Tag>
);

const VIOLATIONS_SHOWN = 3;
/** Beyond these, broken rules are folded: they mostly follow from the first. */
const RULES_OPEN = 3;

const ORDER_WORDS = {
  certain: "certain: cause and effect order all that it speaks of",
  observed: "observed: it speaks of houses that work side by side",
} as const;

/** The id that links to a rule of this page. */
const ruleId = (id: string): string => `rule-${id.replaceAll(/[^\w-]/g, "_")}`;

/** The witnesses of a violation in order, the event at which it is broken last. */
const eventsOf = ({ witnesses, at }: Violation): readonly { event: TraceEvent; atom: string | undefined }[] => [
  ...witnesses,
  ...(at === undefined || witnesses.some(({ event }) => event === at) ? [] : [{ event: at, atom: undefined }]),
];

function ViolationText({ violation }: { violation: Violation }): VNode {
  const { slice, certain, at, broken } = violation;
  return (
    <div>
      <h4>{`${slice === "" ? "In the whole run" : `In the slice ${slice}`}, ${certain ? "in every order that causes allow" : "in some orders that causes allow, and not in others"}`}</h4>
      {broken !== undefined && (
        <p>
          <strong>The broken order: </strong>
          <code>{eventText(broken.first)}</code> came before <code>{eventText(broken.second)}</code>.
        </p>
      )}
      <ol class="events">
        {eventsOf(violation).map(({ event }, i) => (
          <li key={i}>
            <code>{eventText(event)}</code>{" "}
            <span class="faint">{`${event.node}/${event.service}, ${event.stage}, event ${event.seq} of it, ${timeText(event.timeNs)}`}</span>
            {event === at && <strong> — here the rule is broken</strong>}
          </li>
        ))}
      </ol>
      {at === undefined && <p>It is broken at the end of the run: what it asks for had not happened by then.</p>}
    </div>
  );
}

/** How the readings of the interface judge what is broken, side by side. */
function Both({ one, all }: { one: RuleJudgement; all: readonly RuleJudgement[] }): VNode {
  const { rule } = one;
  const side = (profile: Profile): VNode => {
    const mine = rule.profile === "both" || rule.profile === profile;
    const twins = mine
      ? [one]
      : all.filter((other) => other.rule.profile === profile && twinOf(other.rule.id) === twinOf(rule.id));
    return (
      <div>
        <strong>{`${PROFILE_WORDS[profile]} (${profile})`}</strong>
        {twins.length === 0 && <p class="faint">This reading has no such rule.</p>}
        {twins.map((twin) => (
          <p key={twin.rule.id}>
            {`${twin.rule.id} `}
            <RuleTag verdict={twin.verdict} />
            {twin !== one && <span class="faint">{` ${twin.rule.title}`}</span>}
          </p>
        ))}
      </div>
    );
  };
  return (
    <div class="both">
      {side("documented")}
      {side("as-implemented")}
    </div>
  );
}

/** Two rules on one thing, one for each reading, share their id but for a letter at its end: SOCK-07 and SOCK-07c. */
const twinOf = (id: string): string => id.replace(/[cd]$|[-.](doc|code)$/i, "");

/** A rule that was broken, with all that there is to say. */
function BrokenRule({
  one,
  all,
  profile,
}: {
  one: RuleJudgement;
  all: readonly RuleJudgement[];
  profile: Profile | undefined;
}): VNode {
  const { rule, verdict, violations, violated } = one;
  const witnessed = new Map<string, number>();
  eventsOf(violations[0] ?? { slice: "", certain: true, at: undefined, witnesses: [] }).forEach(({ atom }, i) => {
    if (atom !== undefined) witnessed.set(atom, i + 1);
  });
  return (
    <article class={verdict === "certain-fail" ? "rule" : "rule possible"} id={ruleId(rule.id)}>
      <h3>
        {`${rule.id} `}
        <RuleTag verdict={verdict} />
        {!counts(one, profile) && <span class="faint"> of the other profile: does not count here</span>}
      </h3>
      <p class="lead">{rule.title}</p>
      <FormulaText formula={rule.formula} witnessed={witnessed} />
      <p class="faint">
        {`${rule.forall.length === 0 ? "For the whole trace" : `For each ${rule.forall.join(", ")}`}. Order: ${ORDER_WORDS[rule.order]}.`}
      </p>
      <blockquote>
        {rule.source}
        <span class="faint">{` (${{ contract: "made from the contract", book: "the book", user: "a rule of the user" }[rule.origin]})`}</span>
      </blockquote>
      <Both one={one} all={all} />
      {violations.slice(0, VIOLATIONS_SHOWN).map((violation, i) => (
        <ViolationText key={i} violation={violation} />
      ))}
      {violated > VIOLATIONS_SHOWN && (
        <p class="faint">{`and ${plural(violated - VIOLATIONS_SHOWN, "violation")} more`}</p>
      )}
    </article>
  );
}

const VERDICTS: readonly RuleVerdict[] = ["certain-fail", "possible-fail", "unknown", "pass", "vacuous"];

function RuleRows({ judgements }: { judgements: readonly RuleJudgement[] }): VNode {
  return (
    <div class="wide">
      <table class="stack">
        <caption>Rules, their verdicts, and how often each was triggered</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Verdict</th>
            <th scope="col">Says</th>
            <th scope="col" class="number">
              Slices
            </th>
            <th scope="col" class="number">
              Triggered
            </th>
            <th scope="col" class="number">
              Broken
            </th>
          </tr>
        </thead>
        <tbody>
          {judgements.map(({ rule, verdict, slices, triggered, violated }) => (
            <tr key={rule.id}>
              <th scope="row" data-head="Rule">
                <span>{rule.id}</span>
              </th>
              <td data-head="Verdict">
                <RuleTag verdict={verdict} />
              </td>
              <td data-head="Says">
                <span>{rule.title}</span>
              </td>
              <td class="number" data-head="Slices">
                {slices}
              </td>
              <td class="number" data-head="Triggered">
                {triggered}
              </td>
              <td class="number" data-head="Broken">
                {violated}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const isWrong = ({ verdict }: RuleJudgement): boolean => verdict === "certain-fail" || verdict === "possible-fail";

/** The rules that were broken, or whose order nobody can tell. */
export function BrokenRules({
  judgements,
  profile,
}: {
  judgements: readonly RuleJudgement[];
  profile: Profile | undefined;
}): VNode | null {
  const wrong = judgements.filter((one) => isWrong(one) && counts(one, profile)).sort(byOrigin);
  if (wrong.length === 0) return null;
  const sorted = [
    ...wrong.filter(({ verdict }) => verdict === "certain-fail"),
    ...wrong.filter(({ verdict }) => verdict === "possible-fail"),
  ];
  return (
    <Section id="broken" title="The rule, and what broke it">
      {sorted.slice(0, RULES_OPEN).map((one) => (
        <BrokenRule key={one.rule.id} one={one} all={judgements} profile={profile} />
      ))}
      {sorted.slice(RULES_OPEN).map((one) => (
        <details key={one.rule.id}>
          <summary>
            {`${one.rule.id} `}
            <RuleTag verdict={one.verdict} />
            {` ${one.rule.title}`}
          </summary>
          <BrokenRule one={one} all={judgements} profile={profile} />
        </details>
      ))}
    </Section>
  );
}

/** Where the two readings differ: each rule that belongs to one of them and was triggered. */
export function BothReadings({
  judgements,
  profile,
}: {
  judgements: readonly RuleJudgement[];
  profile: Profile | undefined;
}): VNode | null {
  const some = judgements.filter(({ rule, verdict }) => rule.profile !== "both" && verdict !== "vacuous");
  if (some.length === 0) return null;
  const broken = some.filter((one) => isWrong(one) && !counts(one, profile));
  return (
    <Section id="readings" title="Both readings of the interface">
      <p>
        {`Where the seeds and the kernel's code differ, each has rules of its own. ${profile === undefined ? "" : `This run is judged by ${profile}; the others are shown beside it, without counting.`}`}
      </p>
      <div class="wide">
        <table class="stack">
          <caption>Rules of one reading only, as this run answers them</caption>
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">DOC (documented)</th>
              <th scope="col">CODE (as-implemented)</th>
              <th scope="col">Says</th>
            </tr>
          </thead>
          <tbody>
            {some.map(({ rule, verdict }) => (
              <tr key={rule.id}>
                <th scope="row" data-head="Rule">
                  <span>{rule.id}</span>
                </th>
                <td data-head="DOC">{rule.profile === "documented" ? <RuleTag verdict={verdict} /> : "–"}</td>
                <td data-head="CODE">{rule.profile === "as-implemented" ? <RuleTag verdict={verdict} /> : "–"}</td>
                <td data-head="Says">
                  <span>{rule.title}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {broken.length > 0 && (
        <details>
          <summary>{`Why the other reading objects: ${plural(broken.length, "rule")}`}</summary>
          {broken.map((one) => (
            <BrokenRule key={one.rule.id} one={one} all={judgements} profile={profile} />
          ))}
        </details>
      )}
    </Section>
  );
}

/** Rules of which there is nothing to say. */
const Names = ({ judgements }: { judgements: readonly RuleJudgement[] }): VNode => (
  <p class="names">
    {judgements.map(({ rule }) => (
      <code key={rule.id}>{`${rule.id} `}</code>
    ))}
  </p>
);

/** All rules, by what they came to, folded. */
export function RuleTable({
  judgements,
  profile,
}: {
  judgements: readonly RuleJudgement[];
  profile: Profile | undefined;
}): VNode {
  const mine = judgements.filter((one) => counts(one, profile));
  const others = judgements.filter((one) => !counts(one, profile));
  return (
    <Section id="rules" title="All rules">
      {judgements.length === 0 && <p>No rule was evaluated.</p>}
      {VERDICTS.map((verdict) => {
        const some = mine.filter((one) => one.verdict === verdict);
        if (some.length === 0) return null;
        return (
          <details key={verdict}>
            <summary>
              <RuleTag verdict={verdict} />
              {` ${plural(some.length, "rule")}${verdict === "vacuous" ? ": nothing in this run triggered them" : ""}`}
            </summary>
            {verdict === "vacuous" ? <Names judgements={some} /> : <RuleRows judgements={some} />}
          </details>
        );
      })}
      {others.length > 0 && (
        <details>
          <summary>{`${plural(others.length, "rule")} of the other profile`}</summary>
          <RuleRows judgements={others} />
        </details>
      )}
    </Section>
  );
}
