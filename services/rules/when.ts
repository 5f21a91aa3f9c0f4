import { assert } from "../abi/assert.ts";
import { CONTRACT, FACTS, type FactContract, type House, type PointName } from "../abi/contract.generated.ts";
import type { Slice, TraceEvent } from "../abi/event.ts";
import { globFits } from "./atoms/evaluate.ts";
import type { AtomError, Pattern } from "./atoms/syntax.ts";
import { ruleProblems } from "./language/check.ts";
import { parseFormula } from "./language/parse.ts";
import { printFormula } from "./language/print.ts";
import type { Formula } from "./language/syntax.ts";
import { NOW } from "./monitor/automaton.ts";
import { compileRules } from "./monitor/compile.ts";
import { keysOf, type KeyValue } from "./monitor/keys.ts";
import { Slices, type SliceNode } from "./monitor/slices.ts";
import { atomsIn } from "./monitor/program.ts";
import type { Rule, SliceKey } from "./rule.ts";

/** A formula that is asked, not judged: whether it holds now. */
export interface When {
  /** One more event of the house. */
  take(event: TraceEvent): void;
  /**
   * Whether the formula holds now, in the slice of a crossing. Now is a moment after all events so far, at which no atom is
   * true: `once a` asks whether a was, `previously a` whether it was the last of them.
   */
  holds(crossing: Crossing): boolean;
}

/** Where a crossing is: what its events would carry. */
export interface Crossing {
  readonly node: string;
  readonly service: House;
  readonly slice: Slice;
  readonly span?: number;
  readonly trace?: number;
}

const ruleOf = (formula: string, forall: readonly SliceKey[]): Rule => ({
  id: "when",
  title: "when",
  forall,
  formula,
  profile: "both",
  source: "a fault",
  order: "certain",
  origin: "user",
});

/** One formula has room for more than a whole book: its slices are kept ten times as long as those of a monitor. */
const PATIENCE = 10;

/**
 * Watches the events of one house.
 *
 * @param formula sound, as `whenProblems` says.
 * @param keys what a slice is cut by: those of the contract of the fault's point. A crossing that carries only some of them is
 *   asked with what is known of these.
 */
export function createWhen(formula: Formula, keys: readonly SliceKey[]): When {
  const compiled = compileRules([ruleOf(printFormula(formula), keys)]);
  const [rule] = compiled.rules;
  assert(rule !== undefined, "one rule was compiled");
  const { automaton } = rule;
  const cut = keysOf(keys);
  const [group] = compiled.groups;
  assert(group !== undefined, "one rule makes one group");
  const slices = new Slices(group, () => true, PATIENCE);

  return {
    take(event) {
      const [concern] = compiled.kindOf(event).concerns;
      if (concern === undefined) return;
      const node = slices.whole(event);
      const move = (one: SliceNode): void => {
        one.joint = group.movePartial(one.joint, concern).to;
      };
      if (node === undefined) slices.touch(event, move);
      else move(node);
    },
    holds(crossing) {
      const node = slices.known(cut.map((key) => valueIn(crossing, key)));
      return automaton.holds(node?.joint.states[0] ?? automaton.start, NOW);
    },
  };
}

function valueIn(crossing: Crossing, key: SliceKey): KeyValue | undefined {
  if (key === "node" || key === "service" || key === "span" || key === "trace") return crossing[key];
  return crossing.slice[key];
}

/**
 * What is wrong with the `when` of a fault that strikes where `house` calls; empty when nothing is. It may only speak of what
 * that house records itself, so that it means the same in every runtime, however far apart the houses are.
 */
export function whenProblems(text: string, house: House, keys: readonly SliceKey[]): readonly AtomError[] {
  const parsed = parseFormula(text);
  if (!parsed.ok) return [parsed.error];
  const problems = ruleProblems(ruleOf(text, keys));
  if (problems.length > 0) return problems;
  const elsewhere = atomsIn(parsed.formula).flatMap(({ patterns }) =>
    patterns.flatMap((pattern) => recordedElsewhere(pattern, house)),
  );
  return [...elsewhere, ...neverNow(parsed.formula)];
}

function recordedElsewhere({ name, phase, service, offset }: Pattern, house: House): readonly AtomError[] {
  const recorders = new Set<House>();
  for (const point of Object.values(CONTRACT))
    if (phase !== "fact" && globFits(name, point.name)) recorders.add(sideOf(point.name, service));
  for (const fact of Object.values<FactContract>(FACTS))
    if (phase !== "enter" && phase !== "exit" && globFits(name, fact.name))
      for (const by of service === undefined ? fact.by : [service]) recorders.add(by);
  if (recorders.has(house) || (recorders.has("any") && service === undefined)) return [];
  const found = service === undefined ? name : `${service}:${name}`;
  const allowed = `an event that ${house} records, where the fault strikes: ${found} is recorded by ${[...recorders].join(" and ")}`;
  return [{ offset, found, allowed, ...otherSide(name, house, service) }];
}

/** A crossing is recorded on both sides; without a service its caller's is meant. */
const sideOf = (point: PointName, service: House | undefined): House => service ?? CONTRACT[point].from;

function otherSide(name: string, house: House, service: House | undefined): { hint?: string } {
  const receives = Object.values(CONTRACT).some((point) => globFits(name, point.name) && point.to === house);
  return service !== house && receives ? { hint: `write ${house}:${name} for the side that receives it` } : {};
}

/** Now no event happens: an atom that asks for one is never true. */
function neverNow(formula: Formula): readonly AtomError[] {
  switch (formula.t) {
    case "atom":
      return [
        {
          offset: formula.offset,
          found: formula.atom.text,
          allowed: "a question about the past: no event happens in the moment in which a fault asks",
          hint: `write once ${formula.atom.text}, or previously for the last event`,
        },
      ];
    case "end":
      return [
        { offset: formula.offset, found: "end", allowed: "a question about the past: no fault strikes after the end" },
      ];
    case "not":
      return neverNow(formula.of);
    case "and":
    case "or":
    case "implies":
      return [...neverNow(formula.left), ...neverNow(formula.right)];
    default:
      return [];
  }
}
