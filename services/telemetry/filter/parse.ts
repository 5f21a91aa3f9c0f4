import { didYouMean } from "../../abi/closest.ts";
import { FILTER_FIELDS, kindOf, numberIn, POINT_NAMES, wordsOf } from "./fields.ts";
import { globFits } from "./glob.ts";
import { scan, type FilterProblem, type Token } from "./scan.ts";
import type { Comparison, Filter, Operator } from "./syntax.ts";

/** What a filter means, or where it stops making sense. */
export type ParsedFilter = { readonly filter: Filter } | FilterProblem;

/** Deeper than anybody writes; what is deeper still would exhaust the stack. */
const DEPTH_MAX = 100;

/** Thrown inside this file only: every level of the grammar can stop, and parseFilter turns it into a value. */
class Stop extends Error {
  readonly column: number;
  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

const shown = ({ t, text }: Token): string => (t === "end" ? "the end" : text === "" ? '""' : text);

/** Why a value cannot be compared with this field so; undefined when it can. */
function mismatch({ field, operator, value }: Comparison, kind: string): string | undefined {
  if (kind === "text" && !["==", "!=", "~"].includes(operator))
    return `found ${operator}, allowed for the text ${field} is ==, != or ~`;
  if (kind === "number" && operator === "~") return `found ~, allowed for the number ${field} is == != < <= > >= or &`;
  const number = numberIn(field, value);
  if (number === undefined && (kind === "number" || !["==", "!=", "~"].includes(operator))) {
    const forms = { ret: ", or an errno such as -ENOMEM", time: ", or a duration such as 5ms" };
    const more = field === "ret" || field === "time" ? forms[field] : "";
    return `found ${value}, allowed for ${field} ${operator} is a number such as 3 or 0x10${more}`;
  }
  const words = wordsOf(field);
  if (words === undefined || words.includes(value)) return undefined;
  if (operator === "~" && words.some((word) => globFits(value, word))) return undefined;
  const allowed = field === "point" ? "a point of the contract or a state change" : words.join(", ");
  return `found ${value}, allowed for ${field} is ${allowed}${didYouMean(value, words)}`;
}

/** Reads the pieces of one filter. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error("the end is never passed");
    return token;
  }

  #refuse(allowed: string): never {
    throw new Stop(`found ${shown(this.#next)}, allowed is ${allowed}`, this.#next.column);
  }

  whole(): Filter {
    const filter = this.#chain("or");
    if (this.#next.t !== "end") this.#refuse("&&, ||, or the end");
    return filter;
  }

  /** `&&` binds closer than `||`, as in C. */
  #chain(t: "and" | "or"): Filter {
    const part = (): Filter => (t === "or" ? this.#chain("and") : this.#unary());
    const first = part();
    const all = [first];
    while (this.#next.t === t) {
      this.#at++;
      all.push(part());
    }
    return all.length === 1 ? first : { t, all };
  }

  #unary(): Filter {
    const { t, column } = this.#next;
    if (t !== "not" && t !== "open") return this.#comparison();
    if (++this.#depth > DEPTH_MAX) throw new Stop(`found more than ${DEPTH_MAX} levels, allowed are fewer`, column);
    this.#at++;
    const inside = t === "not" ? this.#unary() : this.#chain("or");
    if (t === "open") {
      if (this.#next.t !== "close") this.#refuse("&&, || or )");
      this.#at++;
    }
    this.#depth--;
    return t === "not" ? { t: "not", of: inside } : inside;
  }

  #comparison(): Filter {
    const field = this.#next;
    if (field.t !== "word" || field.quoted) this.#refuse("a field such as point, ret or fd, ! or (");
    const kind = kindOf(field.text);
    if (kind === undefined) {
      const hint =
        didYouMean(field.text, FILTER_FIELDS) ||
        (POINT_NAMES.includes(field.text) ? `; a point is chosen by point == ${field.text}` : "");
      throw new Stop(
        `found ${field.text}, which no event has, allowed are node, service, stage, point, phase, task, ret, errno, lost, fault, time, seq, lamport, span, trace, holds, and what events are about (fd, file, sk, dev, frame …)${hint}`,
        field.column,
      );
    }
    this.#at++;
    const operator = this.#next;
    if (operator.t !== "operator") this.#refuse("== != < <= > >= & or ~");
    this.#at++;
    const value = this.#next;
    if (value.t !== "word") this.#refuse("a value, in quotes where it is not one word");
    this.#at++;
    const comparison: Comparison = {
      t: "compare",
      field: field.text,
      operator: operator.text satisfies Operator,
      value: value.text,
    };
    const problem = mismatch(comparison, kind);
    if (problem !== undefined) {
      const about = problem.startsWith(`found ${operator.text},`) ? operator : value;
      throw new Stop(problem, about.column);
    }
    return comparison;
  }
}

/** Reads a filter in the grammar of ftrace's event filters (Linux, Documentation/trace/events.rst, section 5). */
export function parseFilter(source: string): ParsedFilter {
  const tokens = scan(source);
  if ("error" in tokens) return tokens;
  try {
    return { filter: new Reader(tokens).whole() };
  } catch (error) {
    if (error instanceof Stop) return { error: error.message, column: error.column };
    throw error;
  }
}

/** Reads `POINT` or `POINT:FILTER`, as trace-cmd's -e has it; the point may be a glob. */
export function parseEventChoice(source: string): ParsedFilter {
  const colon = source.indexOf(":");
  const point = colon < 0 ? source : source.slice(0, colon);
  const chosen: Comparison = { t: "compare", field: "point", operator: "~", value: point };
  const problem = mismatch(chosen, "text");
  if (problem !== undefined) return { error: problem, column: 1 };
  if (colon < 0) return { filter: chosen };
  const parsed = parseFilter(source.slice(colon + 1));
  if ("error" in parsed) return { error: parsed.error, column: parsed.column + colon + 1 };
  return { filter: { t: "and", all: [chosen, parsed.filter] } };
}
