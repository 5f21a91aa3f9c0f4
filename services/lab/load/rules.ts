import type { Profile } from "../../abi/profile.ts";
import { globFits } from "../../rules/atoms/evaluate.ts";
import { ruleProblems } from "../../rules/language/check.ts";
import type { Rule } from "../../rules/rule.ts";
import { ALL_RULES, type Invariants } from "../experiment.ts";
import { rulesSchema } from "../schema/rules.ts";
import type { Errors } from "./atoms.ts";
import { readDocument, type SourceDocument } from "./document.ts";
import { meant, type LoadError } from "./errors.ts";
import { errorsOf } from "./issues.ts";
import { inOrder } from "./source.ts";
import type { WrittenInvariants, WrittenRule } from "./written.ts";

/** A file of rules, or all that is wrong with it. */
export type LoadedRules =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly errors: readonly LoadError[] };

/** Reads and checks the text of a file of rules. */
export function loadRules(text: string, file: string): LoadedRules {
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const { document } = read;
  const shape = rulesSchema.safeParse(document.data);
  if (!shape.success) return { ok: false, errors: inOrder(errorsOf(document, shape.error.issues)) };
  const errors: Errors = [];
  const { spec } = document.data as { readonly spec: { readonly rules: readonly WrittenRule[] } };
  const rules = spec.rules.map((rule, i) => readRule(document, ["spec", "rules", i], rule, errors));
  return errors.length === 0 ? { ok: true, rules } : { ok: false, errors: inOrder(errors) };
}

/** A rule of a user. What is wrong with its formula is told at the letter. */
function readRule(
  document: SourceDocument,
  path: readonly PropertyKey[],
  { id, title, forall = [], formula, profile = "both", source = document.file }: WrittenRule,
  errors: Errors,
): Rule {
  const rule: Rule = { id, title, forall, formula, profile, source, order: "observed", origin: "user" };
  for (const { offset, ...what } of ruleProblems(rule)) errors.push(document.error([...path, "formula"], what, offset));
  return rule;
}

/**
 * Which rules judge the run.
 *
 * @param files what came of the files of rules that it names.
 * @param book the rules that there are without its own.
 */
export function readInvariants(
  document: SourceDocument,
  written: WrittenInvariants | undefined,
  files: ReadonlyMap<string, LoadedRules>,
  book: readonly Rule[],
  errors: Errors,
): Invariants {
  if (written === undefined) return ALL_RULES;
  const at = ["spec", "invariants"];
  const ids = new Set(book.map(({ id }) => id));
  const rules = (written.rules ?? []).flatMap((one, i) => {
    const path = [...at, "rules", i];
    const here =
      typeof one === "string" ? rulesOf(document, path, one, files, errors) : [readRule(document, path, one, errors)];
    for (const { id } of here) {
      if (ids.has(id))
        errors.push(document.error(path, { found: `${id} once more`, allowed: "an id that no other rule has" }));
      ids.add(id);
    }
    return here;
  });
  for (const key of ["include", "exclude"] as const) {
    written[key]?.forEach((glob, i) => {
      if ([...ids].some((id) => globFits(glob, id))) return;
      const allowed = "the id of a rule, or a glob that fits some";
      errors.push(document.error([...at, key, i], { found: glob, allowed, ...meant(glob, [...ids]) }));
    });
  }
  return {
    include: written.include ?? ALL_RULES.include,
    exclude: written.exclude ?? ALL_RULES.exclude,
    unknownIs: written.unknownIs ?? ALL_RULES.unknownIs,
    reactor: written.reactor ?? ALL_RULES.reactor,
    rules,
  };
}

/** The rules of a file. */
function rulesOf(
  document: SourceDocument,
  path: readonly PropertyKey[],
  file: string,
  files: ReadonlyMap<string, LoadedRules>,
  errors: Errors,
): readonly Rule[] {
  const loaded = files.get(file);
  if (loaded?.ok === true) return loaded.rules;
  // A file that cannot be read has no place of its own; what is wrong inside it has.
  const told = (loaded?.errors ?? [undefined]).map((error) => {
    if (error !== undefined && error.line > 0) return error;
    const found = error === undefined ? `${file}, which is not at hand` : `${file}, which is ${error.found}`;
    return document.error(path, { found, allowed: "a file of rules" });
  });
  errors.push(...told);
  return [];
}

/** Whether the rules that must be broken are there, judge the run, and can count in it. */
export function checkViolates(
  document: SourceDocument,
  violates: readonly string[],
  judging: readonly Rule[],
  profiles: readonly Profile[],
  errors: Errors,
): void {
  violates.forEach((id, i) => {
    const rule = judging.find((one) => one.id === id);
    const path = ["spec", "expect", "violates", i];
    const ids = judging.map((one) => one.id);
    if (rule === undefined)
      errors.push(
        document.error(path, { found: id, allowed: "the id of a rule that judges the run", ...meant(id, ids) }),
      );
    else if (rule.profile !== "both" && !profiles.includes(rule.profile))
      errors.push(
        document.error(path, {
          found: `${id}, a rule of the profile ${rule.profile}`,
          allowed: `a rule of a profile that the experiment applies to (${profiles.join(", ")})`,
        }),
      );
  });
}
