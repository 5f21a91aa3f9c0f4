import {
  CONTRACT,
  type Blow,
  type FaultCondition,
  type FaultEffect,
  type FaultRange,
  type FaultRule,
  type FaultSelect,
  type PointName,
} from "../../abi/contract.generated.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { parseDurationNs, parseRatio } from "../../abi/units.ts";
import { BLOWS } from "../../boundary/blows.ts";
import { checkRule, effectsOf } from "../../boundary/faults/check.ts";
import type { Fault } from "../experiment.ts";
import { EFFECTS } from "../schema/faults.ts";
import { readComparison, type Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { shown } from "./errors.ts";
import type { WrittenConditions, WrittenFault } from "./written.ts";

type Effect = (typeof EFFECTS)[number];
type Struck = Exclude<WrittenFault["effect"][Effect], true | undefined>;

/** The kind of fault that each word of the file means. */
const KINDS = {
  abort: "refuse",
  delay: "delay",
  loseRequest: "lose_request",
  loseReply: "lose_reply",
  doubleCall: "double_call",
  duplicate: "duplicate",
  skip: "skip",
  crash: "crash",
  hang: "hang",
  slow: "slow",
  partition: "partition",
} as const satisfies Record<Effect, FaultEffect["kind"]>;

/** The faults as rules. Whether a point can have its fault is asked of the boundary, which asks the same when one is armed. */
export function readFaults(document: SourceDocument, written: readonly WrittenFault[], errors: Errors): Fault[] {
  const seen = new Set<string>();
  return written.map((fault, i) => {
    const path = ["spec", "faults", i];
    if (seen.has(fault.id)) {
      errors.push(
        document.error([...path, "id"], { found: `${fault.id} once more`, allowed: "an id that no other fault has" }),
      );
    }
    seen.add(fault.id);
    const rule = ruleOf(fault);
    reportImpossible(document, path, fault, rule, errors);
    return { rule, title: fault.title, armed: fault.armed ?? true, profile: fault.profile };
  });
}

/** The rule that a written fault means. */
function ruleOf({ id, point, match, select, effect }: WrittenFault): FaultRule {
  return {
    id,
    point,
    ...(match && {
      match: {
        caller: match.caller ?? "",
        task: match.task ?? "",
        node: match.node ?? "",
        slice: conditionsOf(match.slice ?? {}),
        args: conditionsOf(match.args ?? {}),
        require_callers: match.callers?.require ?? [],
        reject_callers: match.callers?.reject ?? [],
      },
    }),
    select: selectOf(select),
    effect: effectOf(effect),
  };
}

const conditionsOf = (written: WrittenConditions): FaultCondition[] =>
  Object.entries(written).map(([field, wanted]) => {
    const { operator, value } = readComparison(wanted);
    const constant = Object.hasOwn(CONSTANTS, value) ? CONSTANTS[value] : undefined;
    return { field, operator, value: constant === undefined ? value : String(constant) };
  });

function selectOf({ nth, every, probability, interval, times }: WrittenFault["select"]): FaultSelect {
  const ratio = probability === undefined ? undefined : parseRatio(probability);
  const ordinals = nth === undefined ? [] : typeof nth === "object" ? nth : [nth];
  return {
    nth: ordinals.map(rangeOf),
    every: every ?? 0,
    ...(ratio && { probability: ratio }),
    interval: interval ?? 0,
    times: times ?? 0,
  };
}

/** `3`, `3..7`, or `4..` without end. */
function rangeOf(ordinal: number | string): FaultRange {
  if (typeof ordinal === "number") return { from: ordinal, to: ordinal };
  const [from, to] = ordinal.split("..");
  return { from: Number(from), to: Number(to) };
}

function effectOf(written: WrittenFault["effect"]): FaultEffect {
  const name = EFFECTS.find((one) => written[one] !== undefined) ?? "skip";
  const details = written[name];
  const { errno, fixed, by, ...struck } = typeof details === "object" ? details : {};
  const kind = KINDS[name];
  const ns = fixed ?? by;
  return {
    kind,
    ...(errno && { errno }),
    delay_ns: ns === undefined ? 0 : (parseDurationNs(ns) ?? 0),
    ...(BLOWS.some((blow) => blow === kind) && { blow: blowOf(struck) }),
  };
}

function blowOf({ place, between, for: lasting, moment }: Struck): Blow {
  const [struck, peer] = between ?? [place ?? "", ""];
  return {
    place: struck,
    peer,
    for_ns: lasting === undefined ? 0 : (parseDurationNs(lasting) ?? 0),
    ...(moment === "before-reply" && { moment: "before_reply" }),
  };
}

/** Finds which part of a rule is at fault by leaving the parts out one by one. */
function reportImpossible(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenFault,
  rule: FaultRule,
  errors: Errors,
): void {
  const reason = checkRule(rule);
  if (reason === undefined) return;
  const harmless: FaultRule = {
    id: rule.id,
    point: rule.point,
    ...(rule.select && { select: rule.select }),
    effect: { kind: "delay", delay_ns: 1 },
  };
  const { match, ...matchless } = rule;
  if (match !== undefined && checkRule(matchless) === undefined) {
    errors.push(
      document.error([...path, "match"], {
        found: shown(written.match),
        allowed: "a match on what the point has",
        hint: reason,
      }),
    );
  } else if (checkRule(harmless) === undefined) {
    errors.push(
      document.error([...path, "effect"], {
        found: shown(written.effect),
        allowed: effectsText(written.point),
        hint: reason,
      }),
    );
  } else {
    errors.push(
      document.error([...path, "select"], {
        found: shown(written.select),
        allowed: "a selection that can strike",
        hint: reason,
      }),
    );
  }
}

/** The effects that a point can have, in the words of the file. */
function effectsText(point: string): string {
  const contract = CONTRACT[point as PointName];
  const impossible = effectsOf(contract);
  const possible = EFFECTS.filter((effect) => impossible[KINDS[effect]] === undefined);
  const errnos = contract.errnos.length === 0 ? "" : ` (abort with ${contract.errnos.join(", ")})`;
  return `one of ${possible.join(", ")}${errnos}`;
}
