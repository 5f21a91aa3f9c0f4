import { OPERATORS, type Operator } from "./syntax.ts";

/** A piece of a filter, and the letter it begins at, from 1. */
export type Token = { readonly column: number } & (
  | { readonly t: "word"; readonly text: string; readonly quoted: boolean }
  | { readonly t: "operator"; readonly text: Operator }
  | { readonly t: "and" | "or" | "not" | "open" | "close" | "end"; readonly text: string }
);

/** What was found, what is allowed, and at which letter, from 1. */
export interface FilterProblem {
  readonly error: string;
  readonly column: number;
}

const SIGNS = { "&&": "and", "||": "or", "(": "open", ")": "close" } as const;

/** Reads a text in quotes; a backslash takes the letter behind it as it is. Undefined when it never ends. */
function quotedAt(source: string, at: number): { readonly text: string; readonly end: number } | undefined {
  let text = "";
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === source[at]) return { text, end: i + 1 };
    if (source[i] === "\\" && i + 1 < source.length) i++;
    text += source[i] ?? "";
  }
  return undefined;
}

/** Cuts a filter into its pieces; the last one is its end. */
export function scan(source: string): readonly Token[] | FilterProblem {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const column = at + 1;
    const rest = source.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const sign = (["&&", "||", "(", ")"] as const).find((one) => rest.startsWith(one));
    const operator = OPERATORS.find((one) => rest.startsWith(one));
    if (sign !== undefined) {
      tokens.push({ t: SIGNS[sign], text: sign, column });
      at += sign.length;
    } else if (operator !== undefined) {
      tokens.push({ t: "operator", text: operator, column });
      at += operator.length;
    } else if (rest.startsWith("!")) {
      tokens.push({ t: "not", text: "!", column });
      at++;
    } else if (rest.startsWith('"') || rest.startsWith("'")) {
      const read = quotedAt(source, at);
      if (read === undefined)
        return { error: `found a text that never ends, allowed is a closing ${rest[0] ?? ""}`, column };
      tokens.push({ t: "word", text: read.text, quoted: true, column });
      at = read.end;
    } else {
      const [word = ""] = /^[^\s()&|!=<>~"'\\]+/.exec(rest) ?? [];
      if (word === "")
        return { error: `found ${rest[0] ?? ""}, allowed is a field, ${OPERATORS.join(" ")} && || ! ( )`, column };
      tokens.push({ t: "word", text: word, quoted: false, column });
      at += word.length;
    }
  }
  return [...tokens, { t: "end", text: "", column: source.length + 1 }];
}
