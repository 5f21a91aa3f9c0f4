import { MESSAGES, type FaultKind, type FaultRule, type House } from "../../abi/contract.generated.ts";
import { effectShapeProblem } from "./check-effect.ts";
import { FAULT_KINDS, impossible, neverAt, seatOf, type FaultSeat } from "./cells.ts";
import { FRAME_POINTS, pointName, readPoints, type FaultPoint } from "./points.ts";
import { whenProblem } from "./when.ts";

const OPERATORS = ["==", "!=", "<", "<=", ">", ">="];
/** Slice keys that every crossing carries beside those of its contract. */
const ALWAYS = ["task"];
/** What can be asked of a frame. */
const FRAME_FIELDS = { slice: ["dev", "frame"], args: ["dev", "frame", "to", "bytes"] };

/** The effects that a point can have, each with the reason where it cannot. */
export const effectsOf = (point: FaultPoint): Readonly<Record<FaultKind, string | undefined>> =>
  Object.fromEntries(FAULT_KINDS.map((kind) => [kind, neverAt(point, kind)])) as Record<FaultKind, string | undefined>;

/** The houses at both ends of a link that could be named as the process of a frame. */
const FRAME_HOUSES: readonly House[] = ["inband", "companion", "nic"];

/** Where a rule strikes: its houses, one of each crossing. */
export const housesOf = (point: FaultPoint, { side }: FaultSeat): readonly House[] =>
  typeof point === "string" ? FRAME_HOUSES : [side === "client" ? point.from : point.to];

function selectProblem(point: FaultPoint, { select }: FaultRule): string | undefined {
  const says =
    select !== undefined &&
    (select.nth.length > 0 || select.every > 0 || select.interval > 0 || select.probability !== undefined);
  if (!says)
    return "the rule says none of nth, every, interval, probability: it would never fire, or nobody could tell when";
  if (select.nth.some(({ from, to }) => from < 1 || (to !== 0 && to < from)))
    return "nth counts from 1, and a range does not end before it begins";
  const share = select.probability;
  if (share !== undefined && !(share.denominator > 0 && share.numerator <= share.denominator))
    return "a probability is a share between 0 and 1";
  const bytes = typeof point === "string" || (MESSAGES[point.request] ?? []).some(({ kind }) => kind === "bytes");
  if ((select.space ?? 0) > 0 && !bytes)
    return `no bytes cross in the arguments of ${pointName(point)}, so its space would never be used up`;
  return undefined;
}

function fieldsOf(point: FaultPoint): { readonly slice: readonly string[]; readonly args: readonly string[] } {
  if (typeof point === "string") return FRAME_FIELDS;
  return {
    slice: [...new Set([...point.slice, ...ALWAYS])],
    args: (MESSAGES[point.request] ?? []).map((field) => field.name).filter((name) => name !== "header"),
  };
}

function processProblem(point: FaultPoint, seat: FaultSeat, process: string): string | undefined {
  const [, house = ""] = /^(?:[A-Za-z][\w-]*\/)?([a-z]+)(?:#[1-9]\d*)?$/.exec(process) ?? [];
  if (house === "") return `${process} is no process; write a house such as vfs, alpha/vfs, or alpha/vfs#2`;
  const houses = housesOf(point, seat);
  if (houses.some((one) => one === house)) return undefined;
  const how = typeof point === "string" ? "passes" : seat.side === "client" ? "calls" : "is called by";
  return `${process} is not where the rule strikes: it is ${houses.join(", ")} that ${how} ${pointName(point)}`;
}

function matchProblem(point: FaultPoint, seat: FaultSeat, { match }: FaultRule): string | undefined {
  if (match === undefined) return undefined;
  const name = pointName(point);
  const from = typeof point === "string" ? "" : point.from;
  if (match.caller !== "" && match.caller !== from)
    return from === ""
      ? `nobody calls ${name}; process says in which house`
      : `${from} calls ${name}, never ${match.caller}`;
  const known = fieldsOf(point);
  for (const where of ["slice", "args"] as const) {
    for (const { field, operator } of match[where]) {
      if (!known[where].includes(field))
        return `${name} has no ${where} field ${field}; it has ${known[where].join(", ") || "none"}`;
      if (!OPERATORS.includes(operator)) return `${operator} is no comparison; they are ${OPERATORS.join(" ")}`;
    }
  }
  if (match.process !== undefined) {
    const problem = processProblem(point, seat, match.process);
    if (problem !== undefined) return problem;
  }
  const stages = typeof point === "string" || point.stage === "either" ? undefined : point.stage;
  if (match.stage !== undefined && stages !== undefined && match.stage !== stages)
    return `${name} is called from the ${stages} stage, never from ${match.stage}`;
  const chain = [...match.require_callers, ...match.reject_callers];
  if (typeof point === "string" && (chain.length > 0 || match.depth !== undefined))
    return `a frame is in no chain of calls, so ${name} has no callers`;
  const stranger = chain.find((caller) => !isCaller(caller));
  return stranger === undefined ? undefined : `${stranger} is no point that could be among the callers`;
}

function isCaller(name: string): boolean {
  const read = readPoints(name);
  return read.ok && read.named.has(name) && !FRAME_POINTS.some((frame) => frame === name);
}

/** What is wrong with a rule, and with which part of it. */
export interface RuleProblem {
  readonly part: "id" | "point" | "effect" | "phase" | "side" | "select" | "match" | "when" | "until";
  readonly reason: string;
}

const part = (name: RuleProblem["part"], reason: string | undefined): RuleProblem | undefined =>
  reason === undefined ? undefined : { part: name, reason };

/** Which part of a rule makes it impossible at a point. */
function seatPart(point: FaultPoint, kind: FaultKind, { phase, side }: FaultRule): RuleProblem["part"] {
  if (neverAt(point, kind) !== undefined) return "effect";
  if (side !== undefined && impossible(point, kind, seatOf(point, kind, { side })) !== undefined) return "side";
  return phase === undefined ? "effect" : "phase";
}

/** Why a rule cannot strike one of its points; undefined when it can. */
function problemAt(point: FaultPoint, rule: FaultRule): RuleProblem | undefined {
  const { effect, phase, side } = rule;
  if (effect?.kind === undefined) return { part: "effect", reason: "the rule says no effect" };
  const moment = effect.blow?.moment === "before_reply" ? "after" : undefined;
  if (moment !== undefined && phase !== undefined && phase !== moment)
    return { part: "phase", reason: `the blow says that it strikes before the reply, and the phase says ${phase}` };
  const seat = seatOf(point, effect.kind, { phase: phase ?? moment, side });
  const houses = housesOf(point, seat);
  return (
    part(seatPart(point, effect.kind, rule), impossible(point, effect.kind, seat)) ??
    part("effect", effectShapeProblem(point, seat, effect, effect.kind)) ??
    part("select", selectProblem(point, rule)) ??
    part("match", matchProblem(point, seat, rule)) ??
    part("when", whenProblem(rule.when, "when", point, houses)) ??
    part("until", whenProblem(effect.until, "until", point, houses))
  );
}

/** What a rule strikes: each of its points with the seat there, or why it cannot be armed, in one line. */
export type Aim =
  | { readonly ok: true; readonly at: ReadonlyMap<string, { readonly point: FaultPoint; readonly seat: FaultSeat }> }
  | ({ readonly ok: false } & RuleProblem);

/**
 * Finds what a rule strikes. A point that is named must be able to have the effect; of those that a glob finds, at least one
 * must, and the others are left alone.
 */
export function aimOf(rule: FaultRule): Aim {
  if (rule.id === "") return { ok: false, part: "id", reason: "the rule has no id" };
  const read = readPoints(rule.point);
  if (!read.ok) return { ok: false, part: "point", reason: read.error };
  const at = new Map<string, { readonly point: FaultPoint; readonly seat: FaultSeat }>();
  let refused: RuleProblem | undefined;
  for (const point of read.points) {
    const name = pointName(point);
    const problem = problemAt(point, rule);
    if (problem !== undefined) {
      if (read.named.has(name)) return { ok: false, ...problem };
      refused ??= problem;
      continue;
    }
    const kind = rule.effect?.kind;
    if (kind !== undefined) at.set(name, { point, seat: seatFor(point, rule, kind) });
  }
  if (at.size > 0) return { ok: true, at };
  const reason = `no point of ${rule.point} can have this fault, such as: ${refused?.reason ?? "there is none"}`;
  return { ok: false, part: refused?.part ?? "point", reason };
}

const seatFor = (point: FaultPoint, { phase, side, effect }: FaultRule, kind: FaultKind): FaultSeat =>
  seatOf(point, kind, { phase: phase ?? (effect?.blow?.moment === "before_reply" ? "after" : undefined), side });

/**
 * Why a rule cannot be armed, in one line; undefined when it can. Pure: the same check when a file is read, when a line is
 * typed, and when a house arms it.
 */
export function checkRule(rule: FaultRule): string | undefined {
  const aim = aimOf(rule);
  return aim.ok ? undefined : aim.reason;
}
