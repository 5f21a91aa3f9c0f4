import type { AtomError } from "./syntax.ts";

/** A piece of an atom's text. */
export interface Token {
  readonly t: "word" | "string" | "mark" | "end";
  /** A word, the inside of a string, or the mark itself. */
  readonly text: string;
  readonly offset: number;
}

/**
 * Words are wide: what may stand in a name, a number, a device's path or a lock's name. `:` and `.` end a word only where
 * the grammar looks for them, so they are marks inside names and letters inside values.
 */
const NAME = /[A-Za-z0-9_*]+/y;
const VALUE = /[A-Za-z0-9_*./:@#+-]+/y;
const STRING = /"((?:[^"\\]|\\.)*)"/y;
/** Some that stand nowhere (`=>`, `&&`) are one piece all the same: errors name them whole. */
const MARK = /<->|<=>|=>|->|&&|\|\||\/\\|\\\/|==|!=|<=|>=|[<>[\].,:|=]/y;
const SPACE = /\s*/y;

/** Reads an atom's text piece by piece; it knows letters, not grammar. */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next piece, where a name may stand. */
  name(): Token {
    return this.#next(NAME);
  }

  /** The next piece, where a value may stand. */
  value(): Token {
    return this.#next(VALUE);
  }

  /** Goes back to the begin of a piece, to read it as something else. */
  back(token: Token): void {
    this.#at = token.offset;
  }

  #next(words: RegExp): Token {
    this.#match(SPACE);
    const offset = this.#at;
    if (offset >= this.#text.length) return { t: "end", text: "", offset };
    const word = this.#match(words)?.[0];
    if (word !== undefined) return { t: "word", text: word, offset };
    const string = this.#match(STRING)?.[1];
    if (string !== undefined) return { t: "string", text: string.replaceAll(/\\(.)/g, "$1"), offset };
    const mark = this.#match(MARK)?.[0] ?? this.#text.charAt(offset);
    this.#at = offset + mark.length;
    return { t: "mark", text: mark, offset };
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }
}

/** What was found, for an error. */
export const foundToken = ({ t, text, offset }: Token, allowed: string): AtomError => ({
  offset,
  found: t === "end" ? "the end" : t === "string" ? `"${text}"` : text,
  allowed,
});
