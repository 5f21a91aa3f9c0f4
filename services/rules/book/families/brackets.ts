import type { PointContract } from "../../../abi/contract.generated.ts";
import type { Rule } from "../../rule.ts";
import { ACROSS, bothSides, POINTS, rule, sideOf } from "./words.ts";

/** What excuses a call that was never answered: a place died, or the run ended with calls that wait for something. */
const STILL_OPEN = "once place_down or once run_end[waiting>0]";

/**
 * BR: each side of a crossing begins once, ends once after it, and ends. CR: what both sides say fits together; META-01 of the
 * facts, by crossing. A house that calls itself has both sides under one name, and only the brackets can be asked of it.
 */
export const brackets = (): readonly Rule[] => [
  ...POINTS.flatMap(oneSide),
  ...ACROSS.flatMap(twoSides),
  rule({
    family: "CR-4",
    about: "repeated",
    forall: ["call"],
    option: "repeated invocation ids",
    source: "the boundary",
    title: "A call that is known already was acted on before.",
    formula: `repeated implies previously once ${sideOf(POINTS, "to", "enter")}`,
  }),
];

function oneSide(point: PointContract): readonly Rule[] {
  const { name: about, source } = point;
  const enter = bothSides(point, "enter");
  const exit = bothSides(point, "exit");
  const common = { about, source, option: "every point", forall: ["span"] };
  return [
    rule({
      ...common,
      family: "BR-1",
      title: `${about} ends only after it has begun, and once.`,
      formula: `${exit} implies previously (not ${exit} since ${enter})`,
    }),
    rule({ ...common, family: "BR-2", title: `${about} begins once.`, formula: `count(${enter}) <= 1` }),
    rule({
      ...common,
      family: "BR-3",
      title: `${about} has been answered when the world rests, unless it still waits.`,
      formula: `end implies not (not ${exit} since ${enter}) or ${STILL_OPEN}`,
    }),
  ];
}

function twoSides(point: PointContract): readonly Rule[] {
  const { name: about, source, from, to } = point;
  const asked = sideOf([point], "from", "enter");
  const came = sideOf([point], "to", "enter");
  const answered = sideOf([point], "to", "exit");
  const got = sideOf([point], "from", "exit");
  const fault = bothSides(point, "exit", '[fault!=""]');
  const common = { about, source, option: "every point" };
  return [
    rule({
      ...common,
      family: "CR-1",
      forall: ["call"],
      title: `${about} comes to ${to} only when ${from} has called it.`,
      formula: `${came} implies previously once ${asked}`,
    }),
    rule({
      ...common,
      family: "CR-2",
      forall: ["call"],
      title: `${to} acts once on one call of ${about}, unless a fault has doubled it.`,
      option: "repeated invocation ids",
      formula: `${got} or end implies count(${came}) <= 1 or once ${fault} or once place_down`,
    }),
    rule({
      ...common,
      family: "CR-3",
      forall: ["call", "ret"],
      title: `${from} gets the answer to ${about} that ${to} has given, and after it, unless a fault stands in its place.`,
      formula: `${got} implies once ${answered} or not once ${came} or once ${fault}`,
    }),
  ];
}
