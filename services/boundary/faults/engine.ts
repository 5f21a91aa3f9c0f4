import {
  CONTRACT,
  type FaultCondition,
  type FaultEffect,
  type FaultReport,
  type FaultRule,
} from "../../abi/contract.generated.ts";
import { hashFraction } from "../../abi/hash.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import { eventArgs } from "../../abi/values.ts";
import { sliceOf, type Invocation } from "../invocation.ts";
import { checkRule } from "./check.ts";

/** A rule that strikes this crossing. */
export interface Strike {
  readonly rule: string;
  readonly effect: FaultEffect;
}

/** The armed rules of one calling house. */
export interface FaultEngine {
  /** Arms a rule; answers the reason when it cannot be. */
  arm(rule: FaultRule): string | undefined;
  disarm(id: string): Result<undefined, "ENOENT">;
  report(): FaultReport[];
  /** Which rule strikes this crossing, if any. Counts it for every rule of its point. */
  judge(invocation: Invocation): Strike | undefined;
}

interface Armed {
  readonly rule: FaultRule;
  readonly effect: FaultEffect;
  crossings: number;
  matched: number;
  fired: number;
  /** How often each slice matched: the ordinal that a decision by chance is made from. */
  readonly ordinals: Map<string, number>;
}

/** Slices whose ordinals are kept; beyond, the oldest starts again at 1. */
const SLICES_MAX = 100_000;

const holds = (value: unknown, { operator, value: text }: FaultCondition): boolean => {
  const left = typeof value === "number" ? value : String(value);
  const right = typeof value === "number" ? Number(text) : text;
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
};

function matches(rule: FaultRule, invocation: Invocation, slice: Readonly<Record<string, unknown>>): boolean {
  const { match } = rule;
  if (match === undefined) return true;
  if (match.node !== "" && !invocation.caller.startsWith(`${match.node}/`)) return false;
  if (match.task !== "" && match.task !== invocation.task) return false;
  if (match.caller !== "" && match.caller !== invocation.from) return false;
  if (!match.slice.every((condition) => holds(slice[condition.field], condition))) return false;
  if (match.args.length > 0) {
    const args = eventArgs(invocation.args);
    if (!match.args.every((condition) => holds(args[condition.field], condition))) return false;
  }
  const inChain = (name: string): boolean => invocation.chain.some((open) => open === name);
  if (match.require_callers.length > 0 && !match.require_callers.some(inChain)) return false;
  return !match.reject_callers.some(inChain);
}

function ordinalOf(armed: Armed, key: string): number {
  const ordinal = (armed.ordinals.get(key) ?? 0) + 1;
  if (ordinal === 1 && armed.ordinals.size >= SLICES_MAX) {
    for (const oldest of armed.ordinals.keys()) {
      armed.ordinals.delete(oldest);
      break;
    }
  }
  armed.ordinals.set(key, ordinal);
  return ordinal;
}

/**
 * The rules, in the order of facts/experiments 7.1: point, match, times, nth or every or interval, probability. Counters
 * advance only for crossings that match, so unrelated traffic cannot shift the n-th one; chance is a hash of seed, rule,
 * point, slice and the slice's own count, so two rules share nothing and a shorter run keeps its decisions.
 */
export function createFaultEngine(seed: bigint): FaultEngine {
  const armed = new Map<string, Armed>();

  function strikes(one: Armed, invocation: Invocation, slice: Readonly<Record<string, unknown>>): boolean {
    const { select } = one.rule;
    if (select === undefined) return false;
    if (select.times > 0 && one.fired >= select.times) return false;
    const nth = one.matched;
    if (select.nth.length > 0 && !select.nth.some(({ from, to }) => nth >= from && (to === 0 || nth <= to)))
      return false;
    if (select.every > 0 && nth % select.every !== 0) return false;
    if (select.interval > 0 && nth % select.interval !== 0) return false;
    if (select.probability === undefined) return true;
    const key = Object.entries(slice).join(";");
    const ordinal = ordinalOf(one, key);
    const chance = hashFraction(`${seed}/${one.rule.id}/${invocation.point}/${key}/${ordinal}`);
    return chance * select.probability.denominator < select.probability.numerator;
  }

  return {
    arm(rule) {
      const problem = checkRule(rule) ?? (armed.has(rule.id) ? `a rule ${rule.id} is armed already` : undefined);
      if (problem === undefined && rule.effect !== undefined) {
        armed.set(rule.id, { rule, effect: rule.effect, crossings: 0, matched: 0, fired: 0, ordinals: new Map() });
      }
      return problem;
    },
    disarm(id) {
      if (id === "*") armed.clear();
      else if (!armed.delete(id)) return fail("ENOENT");
      return ok(undefined);
    },
    report: () =>
      [...armed.values()].map(({ rule, crossings, matched, fired }) => ({ rule, crossings, matched, fired })),
    judge(invocation) {
      if (armed.size === 0) return undefined;
      let strike: Strike | undefined;
      let slice: Readonly<Record<string, unknown>> | undefined;
      for (const one of armed.values()) {
        if (one.rule.point !== invocation.point) continue;
        one.crossings++;
        slice ??= sliceOf(CONTRACT[invocation.point], invocation.args, invocation);
        if (!matches(one.rule, invocation, slice)) continue;
        one.matched++;
        if (strike !== undefined || !strikes(one, invocation, slice)) continue;
        one.fired++;
        strike = { rule: one.rule.id, effect: one.effect };
      }
      return strike;
    },
  };
}
