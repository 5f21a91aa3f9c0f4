import { CONTRACT, FACTS as FACT_CONTRACTS, MESSAGES, type PointName } from "../../abi/contract.generated.ts";
import { isErrno } from "../../abi/errno.ts";
import { closest } from "../../abi/closest.ts";
import { globFits } from "./evaluate.ts";
import type { Atom, AtomError, Condition, Pattern } from "./syntax.ts";

/**
 * The facts that the houses and the boundary record, with their fields, from the contract. An atom that names anything else
 * can never be true, and under `never` it would always be: so it is refused when the file is read. A test compares this list
 * with the sources and with the events of every experiment.
 */
export const FACTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.values(FACT_CONTRACTS).map(({ name, fields }) => [name, fields.map((field) => field.name)]),
);

/** What every event has, and what a condition may ask besides. */
const EVERYWHERE = ["ret", "lost", "fault", "stage", "service", "node", "point", "phase", "holds", "task", "reason"];

const POINTS = Object.values(CONTRACT).filter(({ kind }) => kind !== "control");

const fieldsOfPoint = (point: PointName): readonly string[] => {
  const { request, response, slice } = CONTRACT[point];
  const fields = [...(MESSAGES[request] ?? []), ...(MESSAGES[response] ?? [])].map(({ name }) => name);
  return [...slice, ...fields.filter((name) => name !== "header")];
};

/** Every name that an event can have, with its fields. */
const CROSSINGS: ReadonlyMap<string, readonly string[]> = new Map(
  POINTS.map(({ name }) => [name, fieldsOfPoint(name)]),
);

const WORDS: Readonly<Record<string, readonly string[]>> = {
  lost: ["timeout", "unreachable", "garbled", "rejected"],
  stage: ["inband", "oob"],
  service: ["task", "vfs", "inband", "companion", "nic", "lab"],
  phase: ["enter", "exit", "fact"],
};

/** Every field that any event can have. */
export const FIELDS: readonly string[] = [
  ...new Set([...EVERYWHERE, ...[...CROSSINGS.values()].flat(), ...Object.values(FACTS).flat()]),
];

/** The fields of its own that an event of this name can carry. */
export const fieldsOfEvent = (name: string): readonly string[] => CROSSINGS.get(name) ?? FACTS[name] ?? [];

/** What in an atom names nothing that there is; empty when all is known. */
export const strangersIn = (atom: Atom): readonly AtomError[] => atom.patterns.flatMap(strangersInPattern);

function strangersInPattern(pattern: Pattern): readonly AtomError[] {
  const { name, phase, offset } = pattern;
  const crossings = phase === "fact" ? [] : [...CROSSINGS.keys()];
  const facts = phase === "enter" || phase === "exit" ? [] : Object.keys(FACTS);
  const known = [...crossings, ...facts];
  const meantBy = known.filter((one) => globFits(name, one));
  if (meantBy.length === 0) {
    const what =
      phase === undefined
        ? "a point of the contract or a fact"
        : phase === "fact"
          ? "a fact"
          : "a point of the contract";
    return [{ offset, found: name, allowed: `the name of ${what}`, ...hintOf(name, known) }];
  }
  const fields = [...new Set([...EVERYWHERE, ...meantBy.flatMap((one) => CROSSINGS.get(one) ?? FACTS[one] ?? [])])];
  return pattern.conditions.flatMap((condition) => strangersInCondition(condition, name, fields));
}

/** What is wrong with a condition on one of these fields. */
export function strangersInCondition(
  condition: Condition,
  of: string,
  fields: readonly string[],
): readonly AtomError[] {
  const { field, operator, value, offset } = condition;
  if (!fields.includes(field)) {
    const own = fields.filter((known) => !EVERYWHERE.includes(known));
    const allowed = `a field of ${of}: ${[...own, ...EVERYWHERE].join(", ")}`;
    return [{ offset, found: field, allowed, ...hintOf(field, fields) }];
  }
  const words = WORDS[field];
  // Any at all: `lost!=""`.
  const any = operator === "!=" && value.text === "";
  if (words !== undefined && !any && !words.includes(value.text)) {
    return [
      { offset: value.offset, found: value.text, allowed: `one of ${words.join(", ")}`, ...hintOf(value.text, words) },
    ];
  }
  if (field === "ret" && value.number === undefined && !isErrno(value.text)) {
    return [{ offset: value.offset, found: value.text, allowed: "a number or an errno such as ENOMEM" }];
  }
  return [];
}

function hintOf(found: string, known: readonly string[]): { hint?: string } {
  const word = closest(found, known);
  return word === undefined ? {} : { hint: `did you mean ${word}?` };
}
