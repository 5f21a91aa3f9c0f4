import type { z } from "zod";
import { reservedFor } from "../schema/reserved.ts";
import { hear, listed } from "../schema/words.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathText, shown, type LoadError } from "./errors.ts";

type Issue = z.core.$ZodIssue;

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    data,
  );

/** What is wrong with the shape of a document, in the words of people, with places. */
export function errorsOf(document: SourceDocument, issues: readonly Issue[]): LoadError[] {
  return withoutEchoes(issues).flatMap((issue) => explain(document, [], issue));
}

/** An unknown key tells more than what is missing on its account. */
const withoutEchoes = (issues: readonly Issue[]): Issue[] =>
  issues.filter(
    ({ code, path }) =>
      code !== "custom" ||
      !issues.some((other) => other.code === "unrecognized_keys" && pathText(other.path) === pathText(path)),
  );

/** Whether a mapping has a key, or, of `key=word`, this word there. */
function tells(told: string, value: Readonly<Record<string, unknown>>): boolean {
  const [key = "", word] = told.split("=");
  return word === undefined ? key in value : value[key] === word;
}

function explain(document: SourceDocument, base: readonly PropertyKey[], issue: Issue): LoadError[] {
  const path = [...base, ...issue.path];
  const value = valueAt(document.data, path);
  const { allowed, near, branches } = hear(issue.message);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(document, path, key, allowed, near));
  }
  if (issue.code === "invalid_union" && branches !== undefined && isMapping(value)) {
    const chosen = branches.findIndex((keys) => keys.some((key) => tells(key, value)));
    const inside = issue.errors[chosen];
    if (inside !== undefined) return withoutEchoes(inside).flatMap((inner) => explain(document, path, inner));
    const keys = Object.keys(value);
    const known = branches.flat().filter((key) => !key.includes("="));
    const hint = keys.map((key) => meant(key, known)).find((one) => one.hint !== undefined) ?? {};
    return [
      document.error(path, {
        found: keys.length === 0 ? "an empty mapping" : `a mapping with ${shown(listed(keys))}`,
        allowed,
        ...hint,
      }),
    ];
  }
  if (issue.code === "invalid_union" && Array.isArray(value)) {
    const inList = issue.errors.find((inside) => inside.length > 0 && inside.every((inner) => inner.path.length > 0));
    if (inList !== undefined) return inList.flatMap((inner) => explain(document, path, inner));
  }
  return [
    document.error(path, {
      found: foundText(value),
      allowed,
      ...(typeof value === "string" ? meant(value, near) : {}),
    }),
  ];
}

const foundText = (value: unknown): string =>
  isMapping(value) && Object.keys(value).length === 0 ? "an empty mapping" : shown(value);

function unknownKey(
  document: SourceDocument,
  path: readonly PropertyKey[],
  key: string,
  allowed: string,
  near?: readonly string[],
): LoadError {
  const place = { file: document.file, ...document.positionOfKey(path, key), path: pathText([...path, key]) };
  const reserved = reservedFor(path, key);
  if (reserved !== undefined) {
    return {
      ...place,
      found: key,
      allowed: `nothing yet: ${key} is reserved for ${reserved}, which this version does not evaluate`,
    };
  }
  return { ...place, found: `the unknown key ${shown(key)}`, allowed, ...meant(key, near) };
}
