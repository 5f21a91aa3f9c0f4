import { closest } from "../../abi/closest.ts";
import type { Atom, AtomError, Pattern } from "../atoms/syntax.ts";
import { fieldsOfEvent, FIELDS, strangersIn } from "../atoms/vocabulary.ts";
import { ATOMS_MAX } from "../monitor/automaton.ts";
import { atomsIn } from "../monitor/program.ts";
import type { Rule, SliceKey } from "../rule.ts";
import { kindsOf } from "./kinds.ts";
import { alwaysHolds, comparison, mayHold } from "./never.ts";
import { parseFormula } from "./parse.ts";
import { impossibleIn } from "./possible.ts";
import { printAtom, printFormula } from "./print.ts";
import type { Formula } from "./syntax.ts";

/** Keys that every event has, or nearly every one. */
const EVERYWHERE: readonly SliceKey[] = ["span", "trace", "call", "around", "node", "service"];

/**
 * What is wrong with a rule, so that it can never say anything: its text, a name that nothing has, conditions that nothing
 * fulfils, keys that no event carries, a side that never or always holds. Empty when nothing is. Each stands for one line,
 * with its place in the formula.
 */
export function ruleProblems(rule: Pick<Rule, "formula" | "forall">): readonly AtomError[] {
  const parsed = parseFormula(rule.formula);
  if (!parsed.ok) return [parsed.error];
  const { formula } = parsed;
  const atoms = atomsIn(formula);
  const strangers = atoms.flatMap(strangersIn);
  if (strangers.length > 0) return strangers;
  const patterns = atoms.flatMap((atom) => atom.patterns);
  const impossible = patterns.flatMap(impossibleIn);
  if (impossible.length > 0) return impossible;
  return [...tooMany(atoms), ...keyProblems(rule.forall, patterns), ...idle(formula)];
}

function tooMany(atoms: readonly Atom[]): readonly AtomError[] {
  const count = new Set(atoms.map(printAtom)).size;
  if (count <= ATOMS_MAX) return [];
  return [{ offset: 0, found: `${count} different events`, allowed: `at most ${ATOMS_MAX} in one formula` }];
}

/** A slice begins with an event that carries all keys: there must be one. */
function keyProblems(forall: readonly SliceKey[], patterns: readonly Pattern[]): readonly AtomError[] {
  const unknown = forall.find((key) => !EVERYWHERE.includes(key) && !FIELDS.includes(key));
  if (unknown !== undefined) {
    const hint = closest(unknown, [...EVERYWHERE, ...FIELDS]);
    return [
      {
        offset: 0,
        found: `forall ${unknown}`,
        allowed: `${EVERYWHERE.join(", ")}, or a field that events carry`,
        ...(hint !== undefined && { hint: `did you mean ${hint}?` }),
      },
    ];
  }
  const [first] = patterns;
  if (first === undefined || patterns.some((pattern) => carriesAll(pattern, forall))) return [];
  const lacking = forall.find((key) => !patterns.some((pattern) => carriesAll(pattern, [key])));
  const what = lacking === undefined ? `all of ${forall.join(", ")}` : lacking;
  return [{ offset: first.offset, found: first.name, allowed: `an event that carries ${what}: no event here does` }];
}

const carriesAll = (pattern: Pattern, keys: readonly SliceKey[]): boolean =>
  kindsOf(pattern).some(({ name, phase }) =>
    keys.every((key) => {
      if (EVERYWHERE.includes(key)) return true;
      return key === "ret" ? phase === "exit" : key === "task" || fieldsOfEvent(name).includes(key);
    }),
  );

/** Parts that never hold, or always do, so that the rule does not say what it seems to say. */
function idle(formula: Formula): readonly AtomError[] {
  const text = printFormula(formula);
  if (formula.t === "implies" && mayHold(formula.left)?.size === 0)
    return [
      { offset: formula.left.offset, found: printFormula(formula.left), allowed: "something that can ever hold" },
    ];
  const inside = partsOf(formula).flatMap(idle);
  if (inside.length > 0) return inside;
  if (formula.t === "compare") {
    const always = comparison(formula.left, formula.operator, formula.right);
    if (always === undefined) return [];
    const allowed = `a comparison that can come out both ways: this one is ${always ? "always" : "never"} true`;
    return [{ offset: formula.offset, found: text, allowed }];
  }
  if ((formula.t === "and" || formula.t === "once" || formula.t === "previously") && mayHold(formula)?.size === 0)
    return [{ offset: formula.offset, found: text, allowed: "events that can be one and the same" }];
  if (formula.t !== "constant" && alwaysHolds(formula))
    return [{ offset: formula.offset, found: text, allowed: "something that can ever be false" }];
  return [];
}

function partsOf(formula: Formula): readonly Formula[] {
  switch (formula.t) {
    case "not":
    case "once":
    case "historically":
    case "previously":
      return [formula.of];
    case "and":
    case "or":
    case "implies":
    case "since":
      return [formula.left, formula.right];
    case "compare":
      return [...formula.left.terms, ...formula.right.terms].flatMap((term) => (term.t === "count" ? [term.of] : []));
    default:
      return [];
  }
}
