import { parseAtom, literalOf } from "../../rules/atoms/parse.ts";
import { OPERATORS, type Atom, type AtomError, type Condition, type Operator } from "../../rules/atoms/syntax.ts";
import { FIELDS, strangersIn, strangersInCondition } from "../../rules/atoms/vocabulary.ts";
import type { SourceDocument } from "./document.ts";
import type { LoadError } from "./errors.ts";
import type { WrittenConditions } from "./written.ts";

/** Where errors go while a document is read: all are wanted, not only the first. */
export type Errors = LoadError[];

const report = (
  document: SourceDocument,
  path: readonly PropertyKey[],
  { offset, ...what }: AtomError,
  errors: Errors,
): void => {
  errors.push(document.error(path, what, offset));
};

/** An atom of the document; undefined after an error. */
export function readAtom(
  document: SourceDocument,
  path: readonly PropertyKey[],
  text: string,
  errors: Errors,
): Atom | undefined {
  const parsed = parseAtom(text);
  if (!parsed.ok) {
    report(document, path, parsed.error, errors);
    return undefined;
  }
  const strangers = strangersIn(parsed.atom);
  for (const stranger of strangers) report(document, path, stranger, errors);
  return strangers.length === 0 ? parsed.atom : undefined;
}

/** A list of atoms. */
export const readAtoms = (
  document: SourceDocument,
  path: readonly PropertyKey[],
  texts: readonly string[],
  errors: Errors,
): Atom[] => texts.flatMap((text, i) => readAtom(document, [...path, i], text, errors) ?? []);

/** What `where` says: fields of events with a value each. */
export function readWhere(
  document: SourceDocument,
  path: readonly PropertyKey[],
  where: WrittenConditions,
  errors: Errors,
): Condition[] {
  return Object.entries(where).flatMap(([field, value]) => {
    const condition: Condition = { field, operator: "==", value: literalOf(value), offset: 0 };
    const strangers = strangersInCondition(condition, "any event", FIELDS);
    for (const stranger of strangers) {
      const place = FIELDS.includes(field) ? [...path, field] : path;
      const { line, column } = FIELDS.includes(field)
        ? document.positionOf(place)
        : document.positionOfKey(path, field);
      const { offset: _, ...what } = stranger;
      errors.push({ ...document.error(place, what), line, column });
    }
    return strangers.length === 0 ? [condition] : [];
  });
}

/** `>2` as a comparison and what it is compared with; a bare value is compared for equality. */
export function readComparison(value: number | boolean | string): {
  readonly operator: Operator;
  readonly value: string;
} {
  const text = String(value).trim();
  const operator = OPERATORS.find((known) => text.startsWith(known));
  return operator === undefined
    ? { operator: "==", value: text }
    : { operator, value: text.slice(operator.length).trim() };
}
