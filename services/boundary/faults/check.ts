import {
  CONTRACT,
  MESSAGES,
  type FaultEffect,
  type FaultRule,
  type PointContract,
  type PointName,
} from "../../abi/contract.generated.ts";
import { BLOWS, type BlowKind } from "../blows.ts";
import { placeProblem } from "./place.ts";

const OPERATORS = ["==", "!=", "<", "<=", ">", ">="];
/** Slice keys that every crossing carries beside those of its contract. */
const ALWAYS = ["task"];

const contractOf = (name: string): PointContract | undefined =>
  Object.hasOwn(CONTRACT, name) ? CONTRACT[name as PointName] : undefined;

/** The effects that a point can have, each with the reason where it cannot. The matrix of faults is made from this. */
export function effectsOf(contract: PointContract): Readonly<Record<string, string | undefined>> {
  const control = contract.kind === "control" ? "control is never a fault point" : undefined;
  const cannotRefuse =
    contract.errnos.length > 0
      ? undefined
      : contract.answers === "verdict"
        ? `${contract.name} answers yes or no, never an errno (${contract.source})`
        : `${contract.name} returns nothing, so it cannot refuse (${contract.source})`;
  const noWeak =
    contract.kind === "call"
      ? `${contract.name} is a system call: it has no weak definition to fall back to`
      : undefined;
  return {
    refuse: control ?? cannotRefuse,
    delay: control,
    lose_request: control,
    lose_reply: control,
    double_call: control,
    duplicate: control,
    skip: control ?? noWeak,
    crash: control,
    hang: control,
    slow: control,
    partition: control,
  };
}

function effectProblem(contract: PointContract, rule: FaultRule): string | undefined {
  const { effect } = rule;
  if (effect?.kind === undefined) return "the rule says no effect";
  const impossible = effectsOf(contract)[effect.kind];
  if (impossible !== undefined) return impossible;
  if (effect.kind === "delay" && !(effect.delay_ns > 0)) return "a delay says how long it is";
  const blow = BLOWS.find((kind) => kind === effect.kind);
  if (blow !== undefined) return blowShapeProblem(contract, effect, blow);
  if (effect.blow !== undefined) return `a blow goes with ${BLOWS.join(", ")}, not with ${effect.kind}`;
  if (effect.kind !== "refuse") return undefined;
  if (effect.errno === undefined) return "a refusal says its errno";
  if (contract.errnos.includes(effect.errno)) return undefined;
  return `${contract.name} cannot answer ${effect.errno}; it can answer ${contract.errnos.join(", ")}`;
}

/** What is wrong with a blow as it is written. Whether a world has its places is asked when it is armed there. */
function blowShapeProblem(contract: PointContract, effect: FaultEffect, kind: BlowKind): string | undefined {
  const { place = "", peer = "", for_ns: forNs = 0 } = effect.blow ?? {};
  const stranger = placeProblem(kind, place) ?? placeProblem(kind, peer);
  if (stranger !== undefined) return stranger;
  if (kind === "crash" && forNs > 0) return "a crash has no length: the place is started again by itself";
  if (kind !== "crash" && !(forNs > 0)) return `a ${kind} says how long it lasts`;
  if (kind === "slow" && !(effect.delay_ns > 0)) return "slow says by how much each call is held up";
  if (kind !== "slow" && effect.delay_ns > 0) return `a ${kind} holds no call up by a time of its own; slow does`;
  if (kind !== "partition")
    return peer === "" ? undefined : `a ${kind} strikes one place, not the edge to another; partition does`;
  const ends = [place === "" ? contract.to : place, peer === "" ? contract.from : peer];
  return ends[0] === ends[1] ? `a partition is between two places, not between ${ends[0]} and itself` : undefined;
}

function selectProblem(rule: FaultRule): string | undefined {
  const { select } = rule;
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
  return undefined;
}

function matchProblem(contract: PointContract, rule: FaultRule): string | undefined {
  const { match } = rule;
  if (match === undefined) return undefined;
  if (match.caller !== "" && match.caller !== contract.from)
    return `${contract.from} calls ${contract.name}, never ${match.caller}`;
  const known = {
    slice: [...new Set([...contract.slice, ...ALWAYS])],
    args: (MESSAGES[contract.request] ?? []).map((field) => field.name).filter((name) => name !== "header"),
  };
  for (const where of ["slice", "args"] as const) {
    for (const { field, operator } of match[where]) {
      if (!known[where].includes(field))
        return `${contract.name} has no ${where} field ${field}; it has ${known[where].join(", ") || "none"}`;
      if (!OPERATORS.includes(operator)) return `${operator} is no comparison; they are ${OPERATORS.join(" ")}`;
    }
  }
  const stranger = [...match.require_callers, ...match.reject_callers].find((name) => contractOf(name) === undefined);
  return stranger === undefined ? undefined : `${stranger} is no point that could be among the callers`;
}

/**
 * Why a rule cannot be armed, in one line; undefined when it can. Pure: the same check when a file is read, when a line is
 * typed, and when a house arms it.
 */
export function checkRule(rule: FaultRule): string | undefined {
  if (rule.id === "") return "the rule has no id";
  const contract = contractOf(rule.point);
  if (contract === undefined) return `${rule.point} is no point of the contract`;
  return effectProblem(contract, rule) ?? selectProblem(rule) ?? matchProblem(contract, rule);
}
