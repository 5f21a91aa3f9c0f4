import { BOOK } from "../../rules/book/book.ts";
import { ALL_RULES, type Invariants } from "../experiment.ts";
import { rulesFor } from "../invariants.ts";
import { chooseRules, createRuleSet, type RuleSet } from "./rules.ts";

/** All of them, ready when they are first asked for: what is worked out for one run serves the next. */
const WHOLE = createRuleSet(BOOK);

/** The rules of an experiment, ready. */
export function ruleSetOf(invariants: Invariants): RuleSet {
  const { include, exclude, rules } = invariants;
  const isWhole = rules.length === 0 && exclude.length === 0 && include.join() === ALL_RULES.include.join();
  return isWhole ? WHOLE : chooseRules(rulesFor(invariants, BOOK), WHOLE);
}
