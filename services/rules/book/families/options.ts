import type { PointContract } from "../../../abi/contract.generated.ts";
import { CONTRACT, FACTS } from "../../../abi/contract.generated.ts";
import type { Rule } from "../../rule.ts";
import { excuse, lasting, numbered, said } from "./facts.ts";
import { answeredBy, bothSides, houseOf, listed, POINTS, rule, sideOf } from "./words.ts";

/** The waits that a call which may not sleep must not fall into. */
const WAITS = "lock_wait|oob_wait|sock_wait|poll_wait|crossing_wait|port_wait";

/** What the options of a point say, each in a family of its own. */
export const options = (): readonly Rule[] =>
  POINTS.flatMap((point) => [
    ...stage(point),
    ...nesting(point),
    ...locks(point),
    ...order(point),
    ...after(point),
    ...undo(point),
    ...answers(point),
    ...sleep(point),
    ...passedOn(point),
  ]);

function stage(point: PointContract): readonly Rule[] {
  const { name: about, stage: from, source } = point;
  if (from === "either") return [];
  const any = `${bothSides(point, "enter")}|${bothSides(point, "exit")}`;
  const right = `${bothSides(point, "enter", `[stage==${from}]`)}|${bothSides(point, "exit", `[stage==${from}]`)}`;
  return [
    rule({
      family: "ST",
      about,
      source,
      forall: ["span"],
      option: `\`stage: ${from}\` of ${about}`,
      title: `${about} happens on the ${from} stage.`,
      formula: `${any} implies ${right}`,
    }),
  ];
}

function nesting({ name: about, inside, from, to, source }: PointContract): readonly Rule[] {
  // Of a house that calls itself nobody can tell which of the two sides is called.
  if (from === to) return [];
  const around = answeredBy(inside, [from]);
  if (around.length === 0) return [];
  const open = `not ${sideOf(around, "to", "exit")} since ${sideOf(around, "to", "enter")}`;
  return [
    rule({
      family: "IN",
      about,
      source,
      forall: ["around"],
      option: `\`inside\` of ${about}`,
      title: `${about} is called only while ${from} answers ${listed(inside)}.`,
      formula: `${about}.enter implies previously (${open})`,
    }),
  ];
}

function locks(point: PointContract): readonly Rule[] {
  const { name: about, holds, holdsSwitch, source } = point;
  if (holds === undefined) return [];
  const held = `[holds==${holds}]`;
  return [
    rule({
      family: "LK",
      about,
      source,
      forall: ["span"],
      option: `\`holds\` of ${about}`,
      documented: holdsSwitch,
      title: `${holds} is held from the begin of ${about} to its end.`,
      formula: `${bothSides(point, "enter")}|${bothSides(point, "exit")} implies ${bothSides(point, "enter", held)}|${bothSides(point, "exit", held)}`,
    }),
  ];
}

/** The slice that both a point and the fact before it have: what is done again for another core has no such fact around it. */
function order({ name: about, afterOk, slice, source }: PointContract): readonly Rule[] {
  const fact = afterOk === undefined ? undefined : FACTS[afterOk];
  if (fact === undefined) return [];
  const forall = slice.filter((key) => fact.slice.includes(key));
  return [
    rule({
      family: "OK",
      about,
      source,
      forall,
      option: `\`after_ok: ${fact.name}\` of ${about}`,
      documented: about === "sock_oob_bind" ? "D2" : undefined,
      title: `${about} is called only after ${fact.name}.`,
      formula: `${about}.enter implies previously once ${fact.name}`,
    }),
  ];
}

function after(point: PointContract): readonly Rule[] {
  const { name: about, source, from } = point;
  return point.after.map((tie, i) =>
    rule({
      family: numbered("PA", i),
      about,
      source,
      forall: tie.by,
      option: `\`after\` of ${about}`,
      documented: tie.documented,
      observed: !tie.by.includes("around") && houseOf(tie.what) !== from,
      title: `${about} is called only after ${said(tie.what)}${tie.until === undefined ? "" : `, and not after ${said(tie.until)} has taken that back`}.`,
      formula: `${about}.enter implies previously (${lasting(tie)})${excuse(tie.unless)}`,
    }),
  );
}

/** The code does not undo what these switches name; a socket that lapses is not closed. */
const NOT_UNDONE: Readonly<Record<string, string>> = { sock_oob_bind: "D1", sock_oob_connect: "D3" };

function undo({ name: about, undo: step, from, inside, slice, source }: PointContract): readonly Rule[] {
  const fact = step === undefined ? undefined : FACTS[step];
  if (fact === undefined) return [];
  const failed = `${about}.exit[ret<0]|${about}.exit[lost!=""]`;
  const documented = NOT_UNDONE[about];
  const common = {
    family: "UN",
    about,
    source,
    option: `\`undo: ${fact.name}\` of ${about}`,
    documented,
    title: `What was done before ${about} failed is undone: ${fact.name}.`,
  };
  if (documented === undefined) {
    const forall = slice.filter((key) => fact.slice.includes(key));
    // Where a call that would undo it was lost, or not acted on, nobody has.
    const kept = answeredBy(fact.inside, fact.by).map(
      (one) => `${one.name}.exit[lost!=""]|${bothSides(one, "exit", '[fault!=""]')}`,
    );
    return [
      rule({
        ...common,
        forall,
        formula: `end implies not (not ${fact.name}|oob_lapse|oob_renew|place_down since ${failed}) or once ${["run_end[waiting>0]", ...kept].join("|")}`,
      }),
    ];
  }
  const around = answeredBy(inside, [from]).filter(({ answers }) => answers !== "nothing");
  return [
    rule({
      ...common,
      forall: ["around"],
      formula: `${sideOf(around, "to", "exit")} implies not (not ${fact.name} since ${failed})`,
    }),
  ];
}

function answers(point: PointContract): readonly Rule[] {
  const { name: about, answers: kind, errnos, weak, source } = point;
  const common = { about, source, forall: ["span"], option: `\`answers: ${kind}\` of ${about}` };
  const exit = bothSides(point, "exit");
  const wrong = (conditions: string): string => bothSides(point, "exit", conditions);
  switch (kind) {
    case "nothing":
      return [
        rule({
          ...common,
          family: "ER-1",
          title: `${about} has no answer: it cannot refuse.`,
          formula: `${exit} implies not ${errnos.length > 0 ? wrong("[ret>0]") : wrong("[ret!=0]")}`,
        }),
      ];
    case "verdict":
      return [
        rule({
          ...common,
          family: "ER-2",
          title: `${about} answers yes or no.`,
          formula: `${exit} implies not ${wrong("[ret<0]")}|${wrong("[ret>1]")}|${wrong("[ret==1,taken==false]")}|${wrong("[ret==0,taken==true]")}`,
        }),
      ];
    case "errno":
    case "value": {
      const allowed = [...errnos, ...(weak === undefined ? [] : [weak])];
      const rules = [
        rule({
          ...common,
          family: "ER-3",
          option: `\`errnos\` of ${about}`,
          title: allowed.length === 0 ? `${about} never refuses.` : `${about} refuses only with ${listed(allowed)}.`,
          formula: `${exit} implies not ${wrong("[ret<0]")} or ${allowed.map((errno) => wrong(`[ret==${errno}]`)).join("|") || "false"}`,
        }),
      ];
      if (kind === "errno")
        rules.push(
          rule({
            ...common,
            family: "ER-4",
            title: `${about} answers zero or an errno.`,
            formula: `${exit} implies not ${wrong("[ret>0]")}`,
          }),
        );
      return rules;
    }
  }
}

function sleep({ name: about, maySleep, to, from, source }: PointContract): readonly Rule[] {
  if (maySleep || from === to) return [];
  return [
    rule({
      family: "SL",
      about,
      source,
      forall: ["span"],
      option: `\`may_sleep\` of ${about}`,
      title: `Nobody falls asleep while ${to} answers ${about}.`,
      formula: `${to}:${about}.exit implies not once ${WAITS}`,
    }),
  ];
}

function passedOn(point: PointContract): readonly Rule[] {
  const { name: about, answersAs, refusesWith, to, source } = point;
  const rules: Rule[] = [];
  for (const inner of answersAs) {
    const exit = `${to}:${about}.exit`;
    // A socket that the stack has lost is EIO for a task, whose descriptor is right (vfs, with-socket).
    const excuses = `once ${inner}.exit[lost!=""]|${exit}[fault!=""]${to === "vfs" ? ` or ${exit}[ret==EIO]` : ""}`;
    const others = answersAs.filter((other) => other !== inner).map((other) => ` or once ${other}.exit`);
    rules.push(
      rule({
        family: answersAs.indexOf(inner) === 0 ? "AS-1" : "AS-2",
        about,
        source,
        forall: ["around", "ret"],
        option: `\`answers_as\` of ${about}`,
        title: `${about} passes on what ${inner} answers.`,
        formula: `${exit} implies once ${inner}.exit or not once ${inner}.enter or ${excuses}${others.join("")}`,
      }),
    );
  }
  if (refusesWith.length > 0) {
    const failed = refusesWith.map((inner) => `${inner}.exit[ret<0]|${inner}.exit[lost!=""]`).join("|");
    rules.push(
      rule({
        family: "RW",
        about,
        source,
        forall: ["around"],
        option: `\`refuses_with\` of ${about}`,
        title: `${about} succeeds only if ${listed(refusesWith)} did not fail.`,
        formula: `${to}:${about}.exit[ret>=0] implies not once ${failed} or ${to}:${about}.exit[fault!=""]`,
      }),
    );
  }
  return rules;
}

/** The points of the contract that ask once more. */
export const RETRIED = POINTS.filter(({ name }) => CONTRACT[name].onLost === "retry");
