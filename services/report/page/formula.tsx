import type { VNode } from "preact";
import { parseAtom } from "../../rules/atoms/parse.ts";
import { printAtom } from "../../rules/language/print.ts";

const WORDS: ReadonlySet<string> = new Set(
  "and or not implies once since historically previously count end true false".split(" "),
);

/** A pattern of an atom: a house, a name, a phase, conditions; patterns are joined by bars. */
const ATOM = /[\w*]+(?::[\w*]+)?(?:\.\w+)?(?:\[[^\]]*\])?(?:\s*\|\s*[\w*]+(?::[\w*]+)?(?:\.\w+)?(?:\[[^\]]*\])?)*/y;

/** A piece of a formula. */
interface Piece {
  readonly t: "atom" | "word" | "text";
  readonly text: string;
}

/** Cuts a formula into the atoms that name events, the words of the language, and the rest. */
function piecesOf(formula: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < formula.length) {
    ATOM.lastIndex = at;
    const found = ATOM.exec(formula)?.[0];
    if (found === undefined) {
      const last = pieces.at(-1);
      const sign = formula[at] ?? "";
      if (last?.t === "text") pieces[pieces.length - 1] = { t: "text", text: last.text + sign };
      else pieces.push({ t: "text", text: sign });
      at++;
      continue;
    }
    const t = WORDS.has(found) ? "word" : /^\d+$/.test(found) ? "text" : "atom";
    pieces.push({ t, text: found });
    at += found.length;
  }
  return pieces;
}

/** An atom as judgements write it, however it stands in the formula. */
function canonical(text: string): string {
  const parsed = parseAtom(text);
  return parsed.ok ? printAtom(parsed.atom) : text;
}

/** A formula with its atoms framed; those that a witness answers to bear its number. */
export function FormulaText({
  formula,
  witnessed,
}: {
  formula: string;
  witnessed: ReadonlyMap<string, number>;
}): VNode {
  return (
    <div class="formula mono">
      {piecesOf(formula).map(({ t, text }, i) => {
        if (t === "text") return text;
        if (t === "word") return <span class="word">{text}</span>;
        const number = witnessed.get(canonical(text));
        return (
          <span key={i} class={number === undefined ? "atom" : "atom seen"}>
            {text}
            {number !== undefined && ` (${number})`}
          </span>
        );
      })}
    </div>
  );
}
