import type { House } from "../../abi/contract.generated.ts";
import type { EventPhase } from "../../abi/event.ts";
import { closest } from "../../abi/closest.ts";
import { foundToken, Scanner, type Token } from "./scan.ts";
import {
  OPERATORS,
  type Atom,
  type AtomError,
  type Condition,
  type Literal,
  type Operator,
  type Pattern,
} from "./syntax.ts";

/** An atom, or the first thing that is wrong with its text. */
export type ParsedAtom = { readonly ok: true; readonly atom: Atom } | { readonly ok: false; readonly error: AtomError };

/** A part of a text that was read, with the piece after it; or the first thing that is wrong. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T; readonly next: Token } | { readonly ok: false; readonly error: AtomError };

const SERVICES: readonly House[] = ["task", "vfs", "inband", "companion", "nic", "lab"];
const PHASES: readonly EventPhase[] = ["enter", "exit", "fact"];

const refused = (
  token: Token,
  allowed: string,
  words?: readonly string[],
): { readonly ok: false; readonly error: AtomError } => {
  const error = foundToken(token, allowed);
  const word = words === undefined ? undefined : closest(token.text, words);
  return { ok: false, error: word === undefined ? error : { ...error, hint: `did you mean ${word}?` } };
};

const isMark = (token: Token, mark: string): boolean => token.t === "mark" && token.text === mark;

/** Reads an atom. Names are not looked up here: vocabulary.ts does that. */
export function parseAtom(text: string): ParsedAtom {
  const scanner = new Scanner(text);
  const parsed = parsePatterns(scanner, scanner.name());
  if (!parsed.ok) return parsed;
  if (parsed.next.t !== "end")
    return refused(parsed.next, ". and a phase, [ and conditions, | and an alternative, or the end");
  return { ok: true, atom: { text, patterns: parsed.value } };
}

/** Reads the alternatives of an atom, as far as they go: what comes next is for the caller to judge. */
export function parsePatterns(scanner: Scanner, first: Token): Parsed<readonly Pattern[]> {
  const patterns: Pattern[] = [];
  for (let token = first; ; token = scanner.name()) {
    const parsed = parsePattern(scanner, token);
    if (!parsed.ok) return parsed;
    patterns.push(parsed.value);
    if (!isMark(parsed.next, "|")) return { ok: true, value: patterns, next: parsed.next };
  }
}

function parsePattern(scanner: Scanner, first: Token): Parsed<Pattern> {
  if (first.t !== "word") return refused(first, "the name of a point or of a fact, or a glob such as sock_oob_*");
  let name = first;
  let service: House | undefined;
  let next = scanner.name();
  if (isMark(next, ":")) {
    service = SERVICES.find((known) => known === first.text);
    if (service === undefined) return refused(first, `a service: ${SERVICES.join(", ")}`, SERVICES);
    name = scanner.name();
    if (name.t !== "word") return refused(name, "the name of a point or of a fact");
    next = scanner.name();
  }
  let phase: EventPhase | undefined;
  if (isMark(next, ".")) {
    const word = scanner.name();
    phase = PHASES.find((known) => known === word.text);
    if (phase === undefined) return refused(word, `a phase: ${PHASES.join(", ")}`, PHASES);
    next = scanner.name();
  }
  let conditions: readonly Condition[] = [];
  if (isMark(next, "[")) {
    const parsed = parseConditions(scanner);
    if (!parsed.ok) return parsed;
    conditions = parsed.value;
    next = parsed.next;
  }
  return { ok: true, value: { service, name: name.text, phase, conditions, offset: name.offset }, next };
}

function parseConditions(scanner: Scanner): Parsed<readonly Condition[]> {
  const conditions: Condition[] = [];
  for (;;) {
    const field = scanner.name();
    if (field.t !== "word") return refused(field, "a field, such as ret, fd or task");
    const mark = scanner.name();
    const operator: Operator | undefined = OPERATORS.find((known) => known === mark.text);
    if (operator === undefined)
      return refused(mark, `a comparison: ${OPERATORS.join(" ")}`, isMark(mark, "=") ? ["=="] : undefined);
    const value = scanner.value();
    if (value.t !== "word" && value.t !== "string") return refused(value, 'a number, a word such as ENOMEM, or "text"');
    conditions.push({ field: field.text, operator, value: literal(value), offset: field.offset });
    const next = scanner.name();
    if (isMark(next, "]")) return { ok: true, value: conditions, next: scanner.name() };
    if (!isMark(next, ",")) return refused(next, ", and another condition, or ]");
  }
}

const NUMBER = /^[+-]?(0x[0-9a-fA-F]+|\d+)$/;

function literal({ t, text, offset }: Token): Literal {
  const number = t === "word" && NUMBER.test(text) ? numberOf(text) : undefined;
  return { text, number, offset };
}

const numberOf = (text: string): number =>
  text.startsWith("-") ? -Number(text.slice(1)) : Number(text.replace(/^\+/, ""));

/** A value that YAML has read already, as a literal. */
export const literalOf = (value: number | string | boolean): Literal => ({
  text: String(value),
  number: typeof value === "number" ? value : undefined,
  offset: 0,
});
