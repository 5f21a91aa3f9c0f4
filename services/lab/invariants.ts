import type { Profile } from "../abi/profile.ts";
import { globFits } from "../rules/atoms/evaluate.ts";
import type { Rule } from "../rules/rule.ts";
import type { Invariants } from "./experiment.ts";

/** Those rules of the book that an experiment wants, and its own. */
export function rulesFor({ include, exclude, rules }: Invariants, book: readonly Rule[]): readonly Rule[] {
  const fits = (globs: readonly string[], id: string): boolean =>
    globs.some((glob) => glob === "*" || globFits(glob, id));
  const wanted = ({ id }: Rule): boolean => fits(include, id) && !fits(exclude, id);
  return [...book, ...rules].filter(wanted);
}

/** Whether a rule counts in a world of this profile. */
export const counts = ({ profile }: Pick<Rule, "profile">, world: Profile): boolean =>
  profile === "both" || profile === world;
