import type { Atom, Pattern } from "../atoms/syntax.ts";
import type { Formula, Sum } from "./syntax.ts";

/** How tightly the words bind: a part that binds less than its place asks for stands in brackets. */
const BINDS = { implies: 0, or: 1, and: 2, since: 3, unary: 4 } as const;

/** A formula as text, with one space between words and no bracket that says nothing; parsed again, it is the same formula. */
export function printFormula(formula: Formula): string {
  switch (formula.t) {
    case "constant":
      return String(formula.value);
    case "end":
      return "end";
    case "atom":
      return printAtom(formula.atom);
    case "not":
    case "once":
    case "historically":
    case "previously":
      return `${formula.t} ${within(formula.of, BINDS.unary)}`;
    case "implies":
      return `${within(formula.left, BINDS.or)} implies ${within(formula.right, BINDS.implies)}`;
    case "and":
    case "or":
    case "since":
      return `${within(formula.left, BINDS[formula.t])} ${formula.t} ${within(formula.right, BINDS[formula.t] + 1)}`;
    case "compare":
      return `${printSum(formula.left)} ${formula.operator} ${printSum(formula.right)}`;
  }
}

function within(formula: Formula, binds: number): string {
  const text = printFormula(formula);
  return bindingOf(formula) < binds ? `(${text})` : text;
}

function bindingOf({ t }: Formula): number {
  switch (t) {
    case "implies":
    case "or":
    case "and":
    case "since":
      return BINDS[t];
    default:
      return BINDS.unary;
  }
}

const printSum = ({ terms }: Sum): string =>
  terms
    .map((term, i) => {
      const text = term.t === "count" ? `count(${printFormula(term.of)})` : String(term.value);
      return i === 0 ? text : `${term.sign === 1 ? " + " : " - "}${text}`;
    })
    .join("");

/** An atom as text, whatever spaces it was written with. */
export const printAtom = ({ patterns }: Atom): string => patterns.map(printPattern).join("|");

function printPattern({ service, name, phase, conditions }: Pattern): string {
  const where = conditions.map(({ field, operator, value }) => `${field}${operator}${printValue(value.text)}`);
  return [
    service === undefined ? "" : `${service}:`,
    name,
    phase === undefined ? "" : `.${phase}`,
    where.length === 0 ? "" : `[${where.join(", ")}]`,
  ].join("");
}

const PLAIN = /^[A-Za-z0-9_*./:@#+-]+$/;

const printValue = (text: string): string =>
  PLAIN.test(text) ? text : `"${text.replaceAll(/["\\]/g, (letter) => `\\${letter}`)}"`;
