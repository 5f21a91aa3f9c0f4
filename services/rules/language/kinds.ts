import { CONTRACT, FACTS, type FactContract, type House } from "../../abi/contract.generated.ts";
import type { EventPhase } from "../../abi/event.ts";
import { globFits } from "../atoms/evaluate.ts";
import type { Pattern } from "../atoms/syntax.ts";

/** A kind of event that there is: which house records it, under which name. */
export interface Kind {
  readonly name: string;
  readonly phase: EventPhase;
  readonly service: House;
}

const HOUSES: readonly House[] = ["task", "vfs", "inband", "companion", "nic", "lab"];
const FACT_CONTRACTS: readonly FactContract[] = Object.values<FactContract>(FACTS);

/** A kind as one word. */
export const kindText = ({ name, phase, service }: Kind): string => `${service}:${name}.${phase}`;

/** The kinds that a pattern may describe, conditions apart: without a service a crossing is told from its caller's side. */
export function kindsOf({ name, phase, service, conditions }: Pattern): readonly Kind[] {
  const bothSides = service !== undefined || conditions.some(({ field }) => field === "service");
  const kinds: Kind[] = [];
  for (const point of Object.values(CONTRACT)) {
    if (point.kind === "control" || phase === "fact" || !globFits(name, point.name)) continue;
    for (const side of new Set(bothSides ? [point.from, point.to] : [point.from])) {
      for (const one of ["enter", "exit"] as const)
        if (phase === undefined || phase === one) kinds.push({ name: point.name, phase: one, service: side });
    }
  }
  for (const fact of FACT_CONTRACTS) {
    if (phase === "enter" || phase === "exit" || !globFits(name, fact.name)) continue;
    for (const by of fact.by.includes("any") ? HOUSES : fact.by)
      kinds.push({ name: fact.name, phase: "fact", service: by });
  }
  return service === undefined ? kinds : kinds.filter((kind) => kind.service === service);
}

/** Which houses record what has this name. */
export const recordersOf = (name: string): readonly House[] => [
  ...new Set([
    ...Object.values(CONTRACT).flatMap((point) => (globFits(name, point.name) ? [point.from, point.to] : [])),
    ...FACT_CONTRACTS.flatMap((fact) => (globFits(name, fact.name) ? fact.by : [])),
  ]),
];
