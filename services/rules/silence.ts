import { CONTRACT, FACTS, type FactContract, type House, type PointName } from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import { globFits, ofCaller } from "./atoms/evaluate.ts";
import type { Pattern } from "./atoms/syntax.ts";
import type { RuleJudgement } from "./judgement.ts";
import { parseFormula } from "./language/parse.ts";
import { atomsIn } from "./monitor/program.ts";
import type { Rule } from "./rule.ts";

/**
 * The houses that take part in a trace and tell nothing of themselves: somebody called one and was answered, or was called by
 * it, and it recorded no event at all. So is a core of somebody's own behind gRPC, and so is every house whose file was left out
 * of a trace that is judged.
 */
export function silentHouses(events: readonly TraceEvent[]): ReadonlySet<House> {
  const telling = new Set<string>();
  const taking = new Map<string, House>();
  for (const event of events) {
    const { node, service, point, phase, lost, fault } = event;
    telling.add(`${node}/${service}`);
    if (phase === "fact" || !(point in CONTRACT)) continue;
    const { from, to } = CONTRACT[point as PointName];
    // What a fault answers in its stead never reached it.
    if (ofCaller(event) && phase === "exit" && lost === undefined && fault === undefined && to !== "any")
      taking.set(`${node}/${to}`, to);
    if (!ofCaller(event) && from !== "any") taking.set(`${node}/${from}`, from);
  }
  return new Set([...taking].filter(([place]) => !telling.has(place)).map(([, house]) => house));
}

/** Whether the side of a silent house is what a pattern waits for. */
export function waitsFor({ name, phase, service }: Pattern, silent: ReadonlySet<House>): boolean {
  if (service !== undefined) return silent.has(service);
  // Without a service a crossing means its caller's side.
  const crossings = Object.values(CONTRACT).filter((point) => phase !== "fact" && globFits(name, point.name));
  if (crossings.some(({ from }) => silent.has(from))) return true;
  return Object.values<FactContract>(FACTS).some(
    (fact) =>
      phase !== "enter" && phase !== "exit" && globFits(name, fact.name) && fact.by.some((house) => silent.has(house)),
  );
}

function speaksOf({ formula }: Rule, silent: ReadonlySet<House>): boolean {
  const parsed = parseFormula(formula);
  return (
    parsed.ok && atomsIn(parsed.formula).some(({ patterns }) => patterns.some((pattern) => waitsFor(pattern, silent)))
  );
}

/** Who it is that tells nothing. */
export const untoldText = (silent: ReadonlySet<House>): string =>
  `${[...silent].join(" and ")} ${silent.size === 1 ? "tells nothing of itself" : "tell nothing of themselves"}`;

/**
 * Judgements of a trace in which some houses are silent: a rule that waits for what only such a house could tell is unknown,
 * with the reason, and raises no doubt about the run. What the others tell of their calls to it is judged as ever.
 */
export function withoutTheSilent(
  judgements: readonly RuleJudgement[],
  events: readonly TraceEvent[],
): readonly RuleJudgement[] {
  const silent = silentHouses(events);
  if (silent.size === 0) return judgements;
  const untold = untoldText(silent);
  return judgements.map((one) =>
    one.verdict === "vacuous" || !speaksOf(one.rule, silent)
      ? one
      : { ...one, verdict: "unknown", violated: 0, violations: [], untold },
  );
}
