import {
  CONTRACT,
  FACTS,
  type FactContract,
  type House,
  type PointContract,
  type PointName,
} from "../../../abi/contract.generated.ts";
import { SWITCHES } from "../../../abi/profile.ts";
import { assert } from "../../../abi/assert.ts";
import { globFits } from "../../atoms/evaluate.ts";
import { parseAtom } from "../../atoms/parse.ts";
import type { Rule, SliceKey } from "../../rule.ts";
import { UNTRIGGERED } from "./untriggered.ts";

/** Every point that events tell of. */
export const POINTS: readonly PointContract[] = Object.values(CONTRACT).filter(({ kind }) => kind !== "control");

/** Those between two houses. */
export const ACROSS = POINTS.filter(({ from, to }) => from !== to);

/** Every fact. */
export const ALL_FACTS: readonly FactContract[] = Object.values(FACTS);

/** What a family says of a rule; the rest follows from it. */
export interface Parts {
  /** Such as `BR-1`. */
  readonly family: string;
  /** The point or the fact that the rule is about. */
  readonly about: string;
  readonly title: string;
  readonly forall: readonly SliceKey[];
  readonly formula: string;
  /** The option of the contract that it follows from. */
  readonly option: string;
  /** Where the contract takes it from. */
  readonly source: string;
  /** A switch of which only the documented side says so. */
  readonly documented?: string | undefined;
  /** Whether it may fail in some orders and not in others. */
  readonly observed?: boolean;
  readonly untriggered?: string | undefined;
}

/** A rule of a family. */
export function rule(parts: Parts): Rule {
  const { family, about, title, forall, formula, option, source, documented, observed = false } = parts;
  assert(documented === undefined || Object.hasOwn(SWITCHES, documented), `${documented} is a switch of the profiles`);
  const id = `${family}.${about}`;
  const untriggered = parts.untriggered ?? UNTRIGGERED[id] ?? UNTRIGGERED[about];
  return {
    id,
    title,
    forall,
    formula,
    profile: documented === undefined ? "both" : "documented",
    source: `contract, ${option} (${source})`,
    order: observed ? "observed" : "certain",
    origin: "contract",
    ...(untriggered !== undefined && { untriggered }),
  };
}

/** The points with these names, or of these globs, that a house of these answers; `any` is every house. */
export const answeredBy = (names: readonly string[], houses: readonly House[]): readonly PointContract[] =>
  POINTS.filter(
    ({ name, to }) => (houses.includes(to) || houses.includes("any")) && names.some((glob) => globFits(glob, name)),
  );

/** An atom for one phase of several crossings, as one side of each records it. */
export const sideOf = (
  points: readonly PointContract[],
  side: "from" | "to",
  phase: "enter" | "exit",
  conditions = "",
): string => points.map((point) => `${point[side]}:${point.name}.${phase}${conditions}`).join("|");

/** An atom for both sides of a crossing. */
export const bothSides = ({ name, from, to }: PointContract, phase: "enter" | "exit", conditions = ""): string =>
  [...new Set([from, to])].map((house) => `${house}:${name}.${phase}${conditions}`).join("|");

/** A list in words: `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

/** The house that records all that an atom describes; undefined where several do. */
export function houseOf(atom: string): House | undefined {
  const parsed = parseAtom(atom);
  assert(parsed.ok, `the contract has atoms that can be read, and not ${atom}`);
  const houses = new Set<House | undefined>();
  for (const { name, service } of parsed.atom.patterns) {
    const fact = Object.hasOwn(FACTS, name) ? FACTS[name] : undefined;
    const point = Object.hasOwn(CONTRACT, name) ? CONTRACT[name as PointName] : undefined;
    if (service !== undefined) houses.add(service);
    else if (fact !== undefined) houses.add(fact.by.length === 1 ? fact.by[0] : undefined);
    else houses.add(point?.from);
  }
  const [only] = houses;
  return houses.size === 1 && only !== "any" ? only : undefined;
}
