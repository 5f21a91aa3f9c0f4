import type { Due, Duty, FactContract, Tie } from "../../../abi/contract.generated.ts";
import type { Rule } from "../../rule.ts";
import { ALL_FACTS, answeredBy, houseOf, listed, rule, sideOf } from "./words.ts";

/** Keys of one call or one frame: no death of a house comes between what they join. */
const NARROW: readonly string[] = ["span", "call", "around", "trace"];

/** What excuses that a duty is undone at the end: a place died, or calls still wait for something. */
const EXCUSED = "once place_down or once run_end[waiting>0]";

/** What the options of the facts say. */
export const facts = (): readonly Rule[] => ALL_FACTS.flatMap(rulesOf);

function rulesOf(fact: FactContract): readonly Rule[] {
  return [
    ...never(fact),
    ...always(fact),
    ...stage(fact),
    ...inside(fact),
    ...fact.after.map((tie, i) => after(fact, tie, i)),
    ...fact.notAfter.map((tie, i) => notAfter(fact, tie, i)),
    ...fact.once.map((key) => once(fact, key)),
    ...fact.closes.map((tie) => closes(fact, tie)),
    ...fact.duty.map((duty, i) => dutyOf(fact, duty, i)),
    ...fact.due.map((due) => dueOf(fact, due)),
    ...deny(fact),
  ];
}

/** The parts that all rules about a fact have in common. */
const common = (
  { name: about, source, untriggered }: FactContract,
  option: string,
  { documented }: { readonly documented?: string } = {},
) => ({ about, source, option: `\`${option}\` of ${about}`, documented, untriggered });

/** Such as `DU-2`: facts can have several of an option. */
export const numbered = (family: string, i: number): string => (i === 0 ? family : `${family}-${i + 1}`);

const given = ({ name }: FactContract, when: string | undefined): string =>
  when === undefined ? name : `${name} and (${when})`;
export const excuse = (unless: string | undefined): string => (unless === undefined ? "" : ` or ${excusing(unless)}`);
/** An atom excuses once it was; what is a formula already, stands as it is. */
const excusing = (unless: string): string => (/\bonce\b|\bnot\b|\bimplies\b/.test(unless) ? unless : `once ${unless}`);

/** Until when something that was told counts: what a house knew dies with it. */
export function lasting({ what, by, until }: Tie): string {
  const house = by.some((key) => NARROW.includes(key)) ? undefined : houseOf(what);
  const ends = [until, house === undefined ? undefined : `place_down[house==${house}]`].filter(
    (end) => end !== undefined,
  );
  return ends.length === 0 ? `once ${what}` : `not ${ends.join("|")} since ${what}`;
}

/** Whether events of several houses are put in an order that no call makes. */
function sideBySide(fact: FactContract, { what, by }: Pick<Tie, "what" | "by">): boolean {
  if (by.some((key) => NARROW.includes(key))) return false;
  return fact.by.length !== 1 || houseOf(what) !== fact.by[0];
}

function never(fact: FactContract): readonly Rule[] {
  if (!fact.never) return [];
  return [
    rule({
      ...common(fact, "never"),
      family: "FN",
      forall: [],
      title: `${fact.name} never happens.`,
      formula: `not ${fact.name}`,
    }),
  ];
}

function always(fact: FactContract): readonly Rule[] {
  const { name, always: so } = fact;
  if (so === undefined) return [];
  return [
    rule({
      ...common(fact, "always"),
      family: "FV",
      forall: [],
      title: `${name} always says ${so}.`,
      formula: `${name} implies ${name}[${so}]`,
    }),
  ];
}

function stage(fact: FactContract): readonly Rule[] {
  if (fact.stage === "either") return [];
  return [
    rule({
      ...common(fact, `stage: ${fact.stage}`),
      family: "FS",
      forall: [],
      title: `${fact.name} happens on the ${fact.stage} stage.`,
      formula: `${fact.name} implies ${fact.name}[stage==${fact.stage}]`,
    }),
  ];
}

function inside(fact: FactContract): readonly Rule[] {
  const around = answeredBy(fact.inside, fact.by);
  if (around.length === 0) return [];
  return [
    rule({
      ...common(fact, "inside"),
      family: "FI",
      forall: ["span"],
      title: `${fact.name} happens only while ${listed(fact.inside)} is answered.`,
      formula: `${fact.name} implies previously (not ${sideOf(around, "to", "exit")} since ${sideOf(around, "to", "enter")})`,
    }),
  ];
}

function after(fact: FactContract, tie: Tie, i: number): Rule {
  return rule({
    ...common(fact, "after", tie),
    family: numbered("AF", i),
    forall: tie.by,
    observed: sideBySide(fact, tie),
    title: `${fact.name} comes only after ${said(tie.what)}${tie.until === undefined ? "" : `, and not after ${said(tie.until)} has taken that back`}.`,
    formula: `${given(fact, tie.when)} implies previously (${lasting(tie)})${excuse(tie.unless)}`,
  });
}

function notAfter(fact: FactContract, tie: Tie, i: number): Rule {
  return rule({
    ...common(fact, "not_after", tie),
    family: numbered("NA", i),
    forall: tie.by,
    observed: sideBySide(fact, tie),
    title: `${fact.name} does not come after ${said(tie.what)}${tie.until === undefined ? "" : `, unless ${said(tie.until)} has taken that back`}.`,
    formula: `${given(fact, tie.when)} implies not previously (${lasting(tie)})${excuse(tie.unless)}`,
  });
}

const once = (fact: FactContract, key: string): Rule =>
  rule({
    ...common(fact, "once"),
    family: "FO",
    forall: [key],
    title: `${fact.name} happens at most once for one ${key}.`,
    formula: `count(${fact.name}) <= 1`,
  });

const closes = (fact: FactContract, tie: Tie): Rule =>
  rule({
    ...common(fact, "closes", tie),
    family: "CL",
    forall: tie.by,
    observed: sideBySide(fact, tie),
    title: `There is a ${tie.what} for every ${fact.name}, and it comes first.`,
    formula: `${fact.name} implies count(${fact.name}) <= count(${tie.what})${excuse(tie.unless)}`,
  });

function dutyOf(fact: FactContract, duty: Duty, i: number): Rule {
  const { what, by, before, when, unless } = duty;
  const parts = { ...common(fact, "duty", duty), family: numbered("DU", i), forall: by };
  // What a house owed goes with it when it dies.
  const house = by.some((key) => NARROW.includes(key)) ? undefined : houseOf(fact.name);
  const over = house === undefined ? what : `${what}|place_down[house==${house}]`;
  const undone = `not (not ${over} since (${given(fact, when)}))`;
  if (before === undefined)
    return rule({
      ...parts,
      title: `When the world rests, ${fact.name} has been followed by ${said(what)}.`,
      formula: `end implies ${undone} or ${EXCUSED}${excuse(unless)}`,
    });
  const ends =
    before === "answer"
      ? sideOf(answeredBy(fact.inside.length > 0 ? fact.inside : ["*"], fact.by), "to", "exit")
      : before;
  return rule({
    ...parts,
    observed: before !== "answer" && houseOf(before) !== houseOf(what),
    title: `${fact.name} is followed by ${said(what)} before ${before === "answer" ? "the call around it is answered" : said(before)}.`,
    formula: `${ends} implies ${undone}${excuse(unless)}`,
  });
}

const dueOf = (fact: FactContract, due: Due): Rule =>
  rule({
    ...common(fact, "due", due),
    family: "DA",
    about: `${fact.name}.${pointIn(due.what)}`,
    forall: due.by,
    title: `${said(due.what)} comes only after ${fact.name}, told in the same answering.`,
    observed: sideBySide(fact, due),
    formula: `${due.what} implies ${due.until === undefined ? "once" : `not ${due.until} since`} ${fact.name} or ${struck(due.what)}${excuse(due.unless)}`,
  });

/** All answers that a fact rules out, in one rule: most of them are refusals, which few experiments make. */
function deny(fact: FactContract): readonly Rule[] {
  const [first] = fact.denies;
  if (first === undefined) return [];
  const answers = fact.denies.map(({ what }) => what);
  return [
    rule({
      ...common(fact, "denies", first),
      family: "DN",
      forall: first.by,
      title: `${said(answers.join("|"))} does not come after ${fact.name}, told in the same answering.`,
      formula: `${answers.join("|")} implies not once ${fact.name} or ${struck(answers.join("|"))}${excuse(first.unless)}`,
    }),
  ];
}

/** The same answers, where a fault in the house that gives them stands in their place. */
const struck = (answers: string): string => {
  const bare = answers.split("|").map((answer) => answer.replace(/\[.*\]$/, ""));
  return [...new Set(bare)].map((answer) => `${answer}[fault!=""]`).join("|");
};

/** The name of the point in an atom such as `vfs:sys_open.exit[ret>=0]`. */
const pointIn = (atom: string): string => atom.replace(/^\w+:/, "").replace(/\..*$/, "");

/** An atom in a sentence: `a or b`. */
export const said = (atom: string): string => listed(atom.split("|"));
