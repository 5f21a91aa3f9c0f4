import type { VNode } from "preact";
import type { TraceEvent } from "../../abi/event.ts";
import type { Profile } from "../../abi/profile.ts";
import type { RuleJudgement } from "../../rules/judgement.ts";
import { Picture, type BrokenOrder } from "../diagram/picture.tsx";
import { rowsOf } from "../diagram/rows.ts";
import { stretchesOf } from "../diagram/windows.ts";
import { byOrigin, counts } from "../evidence.ts";
import { Section } from "./frame.tsx";

/** More lines than that hide what they lie on. */
const ORDERS_MAX = 3;

const wrong = ({ verdict }: RuleJudgement): boolean => verdict === "certain-fail" || verdict === "possible-fail";

/** The events that a reader has to see. */
function whatMatters(judgements: readonly RuleJudgement[], more: readonly TraceEvent[]): ReadonlySet<TraceEvent> {
  const violations = judgements.flatMap((one) => one.violations.slice(0, ORDERS_MAX));
  return new Set([
    ...more,
    ...violations.flatMap(({ at, witnesses, broken }) => [
      ...(at === undefined ? [] : [at]),
      ...witnesses.map(({ event }) => event),
      ...(broken === undefined ? [] : [broken.first, broken.second]),
    ]),
  ]);
}

/** The picture of a run: who called whom, with faults and with the order that a rule forbids. */
export function PictureSection(props: {
  events: readonly TraceEvent[];
  judgements: readonly RuleJudgement[];
  profile: Profile | undefined;
  /** Events that matter besides those that rules name. */
  more: readonly TraceEvent[];
}): VNode {
  const { events, judgements, profile, more } = props;
  const told = judgements.filter((one) => wrong(one) && counts(one, profile)).sort(byOrigin);
  const orders = told.flatMap(({ rule, violations }): BrokenOrder[] =>
    violations.slice(0, 1).flatMap(({ broken }) => (broken === undefined ? [] : [{ rule: rule.id, ...broken }])),
  );
  const stretches = stretchesOf(rowsOf(events), whatMatters(told, more));
  return (
    <Section id="picture" title="What happened">
      <ul class="legend">
        <li>each service has two lanes: in-band (solid) and out-of-band (dashed, tinted)</li>
        <li>→ call</li>
        <li>⇢ answer</li>
        <li>● something is so from now on</li>
        <li>⚡ fault</li>
        <li>× lost</li>
        {orders.length > 0 && <li>bent dashed line: an order that a rule forbids</li>}
      </ul>
      {events.length === 0 ? (
        <p>No event was recorded.</p>
      ) : (
        <Picture
          stretches={stretches}
          orders={orders.slice(0, ORDERS_MAX)}
          title="Sequence of calls, answers and facts"
        />
      )}
    </Section>
  );
}
