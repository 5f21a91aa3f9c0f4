import type { AtomError } from "../atoms/syntax.ts";
import { strangersIn } from "../atoms/vocabulary.ts";
import { atomsIn } from "../monitor/program.ts";
import type { Rule } from "../rule.ts";
import { parseFormula } from "./parse.ts";

/** What is wrong with a rule; empty when nothing is. */
export function ruleProblems(rule: Rule): readonly AtomError[] {
  const parsed = parseFormula(rule.formula);
  if (!parsed.ok) return [parsed.error];
  return atomsIn(parsed.formula).flatMap(strangersIn);
}
