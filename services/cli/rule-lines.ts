import type { RuleVerdict } from "../rules/judgement.ts";
import type { RuleReport } from "./judged.ts";
import { harmless, type Look } from "./look.ts";

/** How a verdict on a rule reads, and looks. */
export const verdictText = (verdict: RuleVerdict, { glyphs, good, bad, odd, faint }: Look): string =>
  ({
    pass: good(`${glyphs.yes} pass`),
    "certain-fail": bad(`${glyphs.no} certain fail`),
    "possible-fail": odd(`${glyphs.unknown} possible fail`),
    unknown: odd(`${glyphs.unknown} unknown`),
    vacuous: faint(`${glyphs.dot} vacuous`),
  })[verdict];

/** Whether somebody has to hear of a rule. */
export const isOpen = ({ verdict, untold }: RuleReport): boolean =>
  verdict === "certain-fail" || verdict === "possible-fail" || (verdict === "unknown" && untold === undefined);

/** Who tells nothing of itself, and how many rules that leaves open. */
export function untoldText(rules: readonly RuleReport[]): string | undefined {
  const open = rules.filter(({ untold }) => untold !== undefined);
  const why = open[0]?.untold;
  return why === undefined
    ? undefined
    : `${why}: ${open.length} rules that wait for it cannot be judged, and the others are`;
}

const WITNESSES_SHOWN = 4;

/** What there is to say of a rule that is broken, or may be: what it says, who says so, and what broke it. */
export function brokenLines(rule: RuleReport, look: Look): string[] {
  const { id, title, source, verdict, violations, violated, profile } = rule;
  const say = (text: string): string => look.plain(harmless(text));
  const head = `${verdictText(verdict, look)} ${look.strong(say(id))} ${say(title)} ${look.faint(say(`(${profile === "both" ? "both profiles" : profile})`))}`;
  const [first] = violations;
  const lines = [head, `    ${look.faint("says")}  ${say(source)}`];
  if (first === undefined) return lines;
  const { slice, witnesses, at, broken } = first;
  const where = slice === "" ? "" : `${say(slice)}: `;
  if (broken !== undefined)
    lines.push(
      `    ${look.faint("order")} ${where}${say(broken[0].text)} ${look.glyphs.arrow} ${say(broken[1].text)}  ${look.faint(say(`${broken[0].id}, ${broken[1].id}`))}`,
    );
  for (const { id: event, text } of witnesses.slice(-WITNESSES_SHOWN))
    lines.push(`    ${look.faint("saw")}   ${say(text)}  ${look.faint(say(event))}`);
  lines.push(
    at === undefined
      ? `    ${look.faint("at")}    ${where}the end`
      : `    ${look.faint("at")}    ${where}${look.bad(say(at.text))}  ${look.faint(say(at.id))}`,
  );
  if (violated > 1) lines.push(`    ${look.faint(`and ${violated - 1} times more`)}`);
  return lines;
}

/** How many rules came to what: `12 pass, 1 certain fail, 80 vacuous`. */
export function tallyText(rules: readonly RuleReport[]): string {
  const counts = new Map<RuleVerdict, number>();
  for (const { verdict } of rules) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const words = {
    pass: "pass",
    "certain-fail": "certain fail",
    "possible-fail": "possible fail",
    unknown: "unknown",
    vacuous: "vacuous",
  };
  return (Object.keys(words) as RuleVerdict[])
    .flatMap((verdict) => (counts.has(verdict) ? [`${counts.get(verdict) ?? 0} ${words[verdict]}`] : []))
    .join(", ");
}
