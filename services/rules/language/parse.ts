import { parsePatterns, type Parsed } from "../atoms/parse.ts";
import { foundToken, Scanner, type Token } from "../atoms/scan.ts";
import { OPERATORS, type Atom, type AtomError } from "../atoms/syntax.ts";
import type { Formula, Sum } from "./syntax.ts";
import { hintFor, RESERVED } from "./words.ts";

/** A formula, or the first thing that is wrong with its text. */
export type ParsedFormula =
  { readonly ok: true; readonly formula: Formula } | { readonly ok: false; readonly error: AtomError };

type Part<T> = Parsed<T>;
type Refused = { readonly ok: false; readonly error: AtomError };

/** How deep a formula may nest: more than anybody can read, and few enough for a stack of calls. */
const DEPTH_MAX = 64;

const WHOLE = /^\d{1,9}$/;
const UNARY = ["not", "once", "historically", "previously"] as const;
const A_FORMULA = "an event such as sys_bind.exit, (, not, once, historically, previously, count, true, false or end";

/** Reads a formula. Names of events and fields are not looked up here: check.ts does that. */
export function parseFormula(text: string): ParsedFormula {
  const scanner = new Scanner(text);
  const read = new Reader(scanner, text).formula(scanner.name(), 0);
  if (!read.ok) return read;
  if (read.next.t !== "end") return refused(read.next, "and, or, since, implies, or the end");
  return { ok: true, formula: read.value };
}

function refused(token: Token, allowed: string): Refused {
  const error = foundToken(token, allowed);
  const hint = token.t === "word" || token.t === "mark" ? hintFor(token.text) : undefined;
  return { ok: false, error: hint === undefined ? error : { ...error, hint } };
}

const isWord = (token: Token, word: string): boolean => token.t === "word" && token.text === word;
const isMark = (token: Token, mark: string): boolean => token.t === "mark" && token.text === mark;

/** One method for each line of the grammar in syntax.ts; each is given the first piece, and returns the one after its part. */
class Reader {
  readonly #scanner: Scanner;
  readonly #text: string;

  constructor(scanner: Scanner, text: string) {
    this.#scanner = scanner;
    this.#text = text;
  }

  formula(first: Token, depth: number): Part<Formula> {
    const left = this.#chain(first, depth, "or", (token) =>
      this.#chain(token, depth, "and", (other) =>
        this.#chain(other, depth, "since", (last) => this.#unary(last, depth)),
      ),
    );
    if (!left.ok || !isWord(left.next, "implies")) return left;
    const right = this.formula(this.#scanner.name(), depth + 1);
    if (!right.ok) return right;
    return this.#both("implies", left.value, right, left.next.offset);
  }

  /** Parts with the same word between them; the first two belong together. */
  #chain(
    first: Token,
    depth: number,
    word: "or" | "and" | "since",
    part: (token: Token) => Part<Formula>,
  ): Part<Formula> {
    let left = part(first);
    for (let i = depth; left.ok && isWord(left.next, word); i++) {
      const { offset } = left.next;
      if (i >= DEPTH_MAX) return this.#tooDeep(left.next);
      const right = part(this.#scanner.name());
      if (!right.ok) return right;
      left = this.#both(word, left.value, right, offset);
    }
    return left;
  }

  #both(
    t: "and" | "or" | "implies" | "since",
    left: Formula,
    { value: right, next }: { readonly value: Formula; readonly next: Token },
    offset: number,
  ): Part<Formula> {
    return { ok: true, value: { t, left, right, offset }, next };
  }

  #unary(first: Token, depth: number): Part<Formula> {
    if (depth >= DEPTH_MAX) return this.#tooDeep(first);
    const t = first.t === "word" ? UNARY.find((word) => word === first.text) : undefined;
    if (t === undefined) return this.#primary(first, depth);
    const of = this.#unary(this.#scanner.name(), depth + 1);
    if (!of.ok) return of;
    return { ok: true, value: { t, of: of.value, offset: first.offset }, next: of.next };
  }

  #primary(first: Token, depth: number): Part<Formula> {
    if (isMark(first, "(")) {
      const inside = this.formula(this.#scanner.name(), depth + 1);
      if (!inside.ok) return inside;
      if (!isMark(inside.next, ")")) return refused(inside.next, "and, or, since, implies, or )");
      return { ok: true, value: inside.value, next: this.#scanner.name() };
    }
    if (first.t !== "word") return refused(first, A_FORMULA);
    const { text, offset } = first;
    if (text === "true" || text === "false")
      return { ok: true, value: { t: "constant", value: text === "true", offset }, next: this.#scanner.name() };
    if (text === "end") return { ok: true, value: { t: "end", offset }, next: this.#scanner.name() };
    if (text === "count" || WHOLE.test(text)) return this.#compare(first, depth);
    if (RESERVED.includes(text)) return refused(first, A_FORMULA);
    return this.#atom(first);
  }

  #atom(first: Token): Part<Formula> {
    const { offset } = first;
    const patterns = parsePatterns(this.#scanner, first);
    if (!patterns.ok) return patterns;
    const { value, next } = patterns;
    // A word that reads like a condition of another logic: `eventually sys_bind`.
    if ((next.t === "word" || isMark(next, "(")) && hintFor(first.text) !== undefined) return refused(first, A_FORMULA);
    const atom: Atom = { text: this.#text.slice(offset, next.offset).trim(), patterns: value };
    return { ok: true, value: { t: "atom", atom, offset }, next };
  }

  #compare(first: Token, depth: number): Part<Formula> {
    const left = this.#sum(first, depth);
    if (!left.ok) return left;
    const operator = left.next.t === "mark" ? OPERATORS.find((known) => known === left.next.text) : undefined;
    if (operator === undefined) return refused(left.next, `+, - or a comparison: ${OPERATORS.join(" ")}`);
    const right = this.#sum(this.#scanner.name(), depth);
    if (!right.ok) return right;
    const value: Formula = { t: "compare", operator, left: left.value, right: right.value, offset: first.offset };
    return { ok: true, value, next: right.next };
  }

  #sum(first: Token, depth: number): Part<Sum> {
    const terms: Sum["terms"][number][] = [];
    let sign: 1 | -1 = 1;
    for (let token = first; ; token = this.#scanner.name()) {
      const term = this.#term(token, sign, depth);
      if (!term.ok) return term;
      terms.push(term.value);
      if (isMark(term.next, "+")) sign = 1;
      else if (isMark(term.next, "-")) sign = -1;
      else return { ok: true, value: { terms }, next: term.next };
    }
  }

  #term(token: Token, sign: 1 | -1, depth: number): Part<Sum["terms"][number]> {
    if (token.t === "word" && WHOLE.test(token.text))
      return { ok: true, value: { sign, t: "number", value: Number(token.text) }, next: this.#scanner.name() };
    if (!isWord(token, "count")) return refused(token, "count( and a formula, or a whole number");
    const open = this.#scanner.name();
    if (!isMark(open, "(")) return refused(open, "(");
    const of = this.formula(this.#scanner.name(), depth + 1);
    if (!of.ok) return of;
    if (!isMark(of.next, ")")) return refused(of.next, "and, or, since, implies, or )");
    return { ok: true, value: { sign, t: "count", of: of.value }, next: this.#scanner.name() };
  }

  #tooDeep(token: Token): Refused {
    return refused(token, `a formula that nests less than ${DEPTH_MAX} deep`);
  }
}
