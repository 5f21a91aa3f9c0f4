import type { Count, Expectation } from "../expectation.ts";
import { readAtom, readAtoms, readComparison, readWhere, type Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { pathText } from "./errors.ts";
import type { WrittenExpectation } from "./written.ts";

const AT = ["spec", "expect", "events"] as const;

/** What the events must show, atoms read and checked. */
export function readExpectations(
  document: SourceDocument,
  written: readonly WrittenExpectation[],
  errors: Errors,
): Expectation[] {
  return written.flatMap((one, i) => readExpectation(document, [...AT, i], one, errors) ?? []);
}

function readExpectation(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenExpectation,
  errors: Errors,
): Expectation | undefined {
  const base = {
    path: pathText(path.slice(1)),
    line: document.positionOf(path).line,
    title: written.title ?? titleOf(written),
    profile: written.profile,
    where: readWhere(document, [...path, "where"], written.where ?? {}, errors),
  };
  if (written.inOrder !== undefined) {
    return { ...base, t: "inOrder", atoms: readAtoms(document, [...path, "inOrder"], written.inOrder, errors) };
  }
  if (written.exactly !== undefined) {
    const atoms = readAtoms(document, [...path, "exactly"], written.exactly, errors);
    const points = written.points && readAtoms(document, [...path, "points"], written.points, errors);
    return { ...base, t: "exactly", atoms, points };
  }
  if (written.never !== undefined) {
    const atom = readAtom(document, [...path, "never"], written.never, errors);
    return atom && { ...base, t: "never", atom };
  }
  return { ...base, t: "count", counts: readCounts(document, [...path, "count"], written.count ?? {}, errors) };
}

function readCounts(
  document: SourceDocument,
  path: readonly PropertyKey[],
  counts: Readonly<Record<string, number | string>>,
  errors: Errors,
): Count["counts"] {
  return Object.entries(counts).flatMap(([text, wanted]) => {
    const before = errors.length;
    const atom = readAtom(document, [...path, text], text, errors);
    // The atom is a key here, so the value's place would be the wrong one.
    const place = document.positionOfKey(path, text);
    for (let i = before; i < errors.length; i++)
      errors[i] = { ...errors[i], ...place, path: pathText(path) } as (typeof errors)[number];
    const { operator, value } = readComparison(wanted);
    return atom === undefined ? [] : [{ atom, operator, number: Number(value) }];
  });
}

function titleOf({ inOrder, exactly, never, count }: WrittenExpectation): string {
  if (inOrder !== undefined) return `in order: ${inOrder.join(", ")}`;
  if (exactly !== undefined) return exactly.length === 0 ? "exactly no such event" : `exactly: ${exactly.join(", ")}`;
  if (never !== undefined) return `never: ${never}`;
  return `so many of each: ${Object.entries(count ?? {})
    .map(([atom, number]) => `${atom} ${number}`)
    .join(", ")}`;
}
