import {
  CONTRACT,
  type FaultCondition,
  type FaultRange,
  type FaultRule,
  type FaultSelect,
} from "../../abi/contract.generated.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { parseRatio } from "../../abi/units.ts";
import { impossible, neverAt, PHASES, seatOf, SIDES } from "../../boundary/faults/cells.ts";
import { aimOf, housesOf, type RuleProblem } from "../../boundary/faults/check.ts";
import { pointName, readPoints, type FaultPoint } from "../../boundary/faults/points.ts";
import { formulaProblems } from "../../boundary/faults/when.ts";
import type { Fault } from "../experiment.ts";
import { COMPARISONS, EFFECTS } from "../schema/faults.ts";
import { readComparison, type Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { effectOf, kindOf, phaseOf, streamProblem } from "./effects.ts";
import { meant, shown } from "./errors.ts";
import type { WrittenFault, WrittenMatch } from "./written-fault.ts";

/** The faults as rules. Whether a point can have its fault is asked of the boundary, which asks the same when one is armed. */
export function readFaults(document: SourceDocument, written: readonly WrittenFault[], errors: Errors): Fault[] {
  const seen = new Set<string>();
  let swept: WrittenFault | undefined;
  return written.map((fault, i) => {
    const path = ["spec", "faults", i];
    if (seen.has(fault.id)) {
      errors.push(
        document.error([...path, "id"], { found: `${fault.id} once more`, allowed: "an id that no other fault has" }),
      );
    }
    seen.add(fault.id);
    const rule = ruleOf(fault);
    if (arePointsKnown(document, path, fault, errors)) reportImpossible(document, path, fault, rule, errors);
    const sweep = fault.select.nth === "each";
    if (sweep && swept !== undefined)
      errors.push(
        document.error([...path, "select", "nth"], {
          found: `each, which ${swept.id} has already`,
          allowed: "one fault with nth: each in an experiment; the others have ordinals, a range, or `every`",
        }),
      );
    if (sweep) swept ??= fault;
    return { rule, title: fault.title, armed: fault.armed ?? true, profile: fault.profile, ...(sweep && { sweep }) };
  });
}

const pointsText = ({ point }: WrittenFault): string => (typeof point === "string" ? point : point.join(", "));

/** Whether every word of `point` means something; says where one does not. */
function arePointsKnown(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenFault,
  errors: Errors,
): boolean {
  const allowed = "the name of a point of the contract, or a glob that fits some (`tenon hooks` lists them)";
  const words = typeof written.point === "string" ? [written.point] : written.point;
  const names = Object.keys(CONTRACT);
  let known = true;
  words.forEach((word, i) => {
    const read = readPoints(word);
    if (read.ok) return;
    known = false;
    const at = typeof written.point === "string" ? [...path, "point"] : [...path, "point", i];
    const control = read.error.includes("control") ? { hint: read.error } : meant(word.replace(/^!/, ""), names);
    errors.push(document.error(at, { found: word, allowed, ...control }));
  });
  return known;
}

/** The rule that a written fault means. */
function ruleOf(fault: WrittenFault): FaultRule {
  const { id, match, select, effect, side, when, maxActiveFaults, verbose } = fault;
  const point = pointsText(fault);
  const phase = phaseOf(fault);
  return {
    id,
    point,
    ...(phase !== undefined && { phase }),
    ...(side !== undefined && { side }),
    ...(when !== undefined && { when }),
    ...(match && {
      match: {
        caller: match.caller ?? "",
        task: match.task ?? "",
        node: match.node ?? "",
        slice: conditionsOf(match.slice ?? {}),
        args: conditionsOf(match.args ?? {}),
        require_callers: match.callers?.require ?? [],
        reject_callers: match.callers?.reject ?? [],
        ...(match.process !== undefined && { process: match.process }),
        ...(match.stage !== undefined && { stage: match.stage }),
        ...(match.callers?.depth !== undefined && { depth: match.callers.depth }),
      },
    }),
    select: selectOf(select),
    effect: effectOf(effect, kindOf(fault)),
    ...(maxActiveFaults !== undefined && { max_active: maxActiveFaults }),
    ...(verbose !== undefined && verbose > 0 && { verbose }),
  };
}

const conditionsOf = (written: WrittenMatch): FaultCondition[] =>
  Object.entries(written).flatMap(([field, wanted]) => {
    const all =
      typeof wanted === "object"
        ? Object.entries(wanted).map(([name, value]) => ({
            operator: COMPARISONS[name as keyof typeof COMPARISONS],
            value: String(value),
          }))
        : [readComparison(wanted)];
    return all.map(({ operator, value }) => {
      const constant = Object.hasOwn(CONSTANTS, value) ? CONSTANTS[value] : undefined;
      return { field, operator, value: constant === undefined ? value : String(constant) };
    });
  });

function selectOf({ nth, every, probability, interval, times, space, persist }: WrittenFault["select"]): FaultSelect {
  const ratio = probability === undefined ? undefined : parseRatio(probability);
  const ordinals = nth === undefined ? [] : typeof nth === "object" ? nth : [nth];
  return {
    nth: ordinals.map(rangeOf),
    every: every ?? 0,
    ...(ratio && { probability: ratio }),
    interval: interval ?? 0,
    times: times ?? 0,
    ...(space !== undefined && { space }),
    ...(persist === "persistent" && { persist: true }),
  };
}

/** `3`, `3..7`, or `4..` without end; `each` begins with the first. */
function rangeOf(ordinal: number | string): FaultRange {
  if (ordinal === "each") return { from: 1, to: 1 };
  if (typeof ordinal === "number") return { from: ordinal, to: ordinal };
  const [from, to] = ordinal.split("..");
  return { from: Number(from), to: Number(to) };
}

/** Says which part of a rule is at fault, with its place. */
function reportImpossible(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenFault,
  rule: FaultRule,
  errors: Errors,
): void {
  const stream = streamProblem(written);
  if (stream !== undefined) {
    const allowed = "upstream for the request, downstream for the reply, of an effect that has a direction";
    errors.push(document.error([...path, "stream"], { found: shown(written.stream), allowed, hint: stream }));
    return;
  }
  const aim = aimOf(rule);
  if (aim.ok) return;
  const { part, reason } = aim;
  const formula = part === "when" ? rule.when : part === "until" ? rule.effect?.until : undefined;
  if (formula !== undefined) reportFormula(document, path, part, rule, formula, errors);
  else errors.push(partError(document, path, part, reason, written, rule));
}

function partError(
  document: SourceDocument,
  path: readonly PropertyKey[],
  part: RuleProblem["part"],
  hint: string,
  written: WrittenFault,
  rule: FaultRule,
) {
  const read = readPoints(rule.point);
  const points = read.ok ? read.points : [];
  const error = (key: string, value: unknown, allowed: string) =>
    document.error([...path, key], { found: shown(value), allowed, hint });
  switch (part) {
    case "match":
      return error("match", written.match, "a match on what the point has");
    case "select":
      return error("select", written.select, "a selection that can strike");
    case "phase":
      return error(
        written.phase === undefined ? "stream" : "phase",
        written.phase ?? written.stream,
        seats(points, rule, "phase"),
      );
    case "side":
      return error("side", written.side, seats(points, rule, "side"));
    case "point":
    case "id":
      return error(part, written[part], `a ${part} that a rule can have`);
    default:
      return error("effect", written.effect, effectsText(points, written));
  }
}

/** The phases, or sides, at which the points can have the effect. */
function seats(points: readonly FaultPoint[], { effect, side }: FaultRule, which: "phase" | "side"): string {
  const kind = effect?.kind;
  const fit =
    kind === undefined
      ? []
      : SIDES.flatMap((one) => PHASES.map((phase) => ({ side: one, phase })))
          .filter((seat) => which === "side" || side === undefined || seat.side === side)
          .filter((seat) => points.some((point) => impossible(point, kind, seat) === undefined));
  return `${which === "phase" ? "a phase" : "a side"} at which the point can have it: ${[...new Set(fit.map((seat) => seat[which]))].join(", ") || "none"}`;
}

/** What is wrong with a formula, at its place in the file. */
function reportFormula(
  document: SourceDocument,
  path: readonly PropertyKey[],
  part: RuleProblem["part"],
  rule: FaultRule,
  formula: string,
  errors: Errors,
): void {
  const at = part === "when" ? [...path, "when"] : [...path, "effect", "stall", "until"];
  const read = readPoints(rule.point);
  const kind = rule.effect?.kind;
  if (!read.ok || kind === undefined) return;
  for (const point of read.points) {
    if (impossible(point, kind, seatOf(point, kind, rule)) !== undefined) continue;
    const problems = formulaProblems(formula, point, housesOf(point, seatOf(point, kind, rule)));
    for (const { offset, ...what } of problems) errors.push(document.error(at, what, offset));
    if (problems.length > 0) return;
  }
}

/** The effects that the points can have, in the words of the file. */
function effectsText(points: readonly FaultPoint[], written: WrittenFault): string {
  const [point] = points;
  if (point === undefined) return "an effect that the point can have";
  const possible = EFFECTS.filter((effect) => {
    const kind = kindOf({ ...written, point: pointName(point), effect: { [effect]: true } });
    return neverAt(point, kind) === undefined;
  });
  const errnos = typeof point === "string" ? [] : (CONTRACT[point.name].errnos as readonly string[]);
  return `one of ${possible.join(", ")}${errnos.length === 0 ? "" : ` (abort with ${errnos.join(", ")})`}`;
}
