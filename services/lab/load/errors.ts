import { closest } from "../../abi/closest.ts";

/** Something is wrong in a file that a person wrote. */
export interface LoadError {
  readonly file: string;
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly column: number;
  /** Where in the document, such as `spec.faults[0].select`; empty for the whole. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
  /** One more sentence that helps. */
  readonly hint?: string;
}

/** One line: `experiments/x.yaml:12:7: spec.faults[0].select.probability: found 10, allowed is a share such as 10%`. */
export function formatLoadError({ file, line, column, path, found, allowed, hint }: LoadError): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const where = path === "" ? "" : `${path}: `;
  const text = `${place}: ${where}found ${found}, allowed is ${allowed}${hint === undefined ? "" : `; ${hint}`}`;
  // A key may have line ends in it, and stand in the path.
  return text.replaceAll(/\s+/g, " ");
}

/** `did you mean x?`, where some known word is near enough. */
export function meant(found: string, words: readonly string[] | undefined): { hint?: string } {
  const word = words === undefined || words.includes(found) ? undefined : closest(found, words);
  return word === undefined ? {} : { hint: `did you mean ${word}?` };
}

const SHOWN_MAX = 60;

/** A value as an error shows it: as it would be written, on one line, and not at length. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : flow(value);
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= SHOWN_MAX ? line || '""' : `${line.slice(0, SHOWN_MAX - 1)}…`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${flow(inner)}`)
    .join(", ")}}`;
}

/** `spec.faults[0].select` of its parts. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? String(part) : `.${String(part)}`))
    .join("");

/** The parts of `workload[3]` or `steadyStateHypothesis.probes[0]`. */
export const pathParts = (text: string): PropertyKey[] =>
  [...text.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
