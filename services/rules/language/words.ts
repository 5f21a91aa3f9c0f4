/** The words of the language: no event has such a name. */
export const RESERVED: readonly string[] = [
  "not",
  "once",
  "historically",
  "previously",
  "since",
  "and",
  "or",
  "implies",
  "true",
  "false",
  "end",
  "count",
];

const PAST = "the language speaks of the past only: say what must have happened before, or what must hold at the end";

/** What to write in the place of what other logics and languages write. */
const HINTS: Readonly<Record<string, string>> = {
  "=>": "write implies",
  "->": "write implies",
  "<=>": "write it as two rules with implies",
  "<->": "write it as two rules with implies",
  "&": "write and",
  "&&": "write and",
  "/\\": "write and",
  "||": "write or",
  "\\/": "write or",
  "|": "write or between formulas; | stands between the names of one event",
  "!": "write not",
  "~": "write not",
  "=": "write ==",
  "{": "write ( and )",
  until: PAST,
  eventually: PAST,
  finally: PAST,
  next: PAST,
  always: "write historically for all events so far; a rule is judged at each event without it",
  globally: "write historically for all events so far; a rule is judged at each event without it",
  never: "write not once",
  before: "write once: b implies once a",
  after: "write once: b implies once a",
  yesterday: "write previously",
  if: "write a implies b",
  then: "write implies",
  unless: "write or",
  xor: "write (a or b) and not (a and b)",
  iff: "write it as two rules with implies",
  within: "there is no time in the language: order is decided by cause and effect",
  forall: "forall stands beside the formula, not in it",
  sum: "write count",
};

/** What the writer of this word or mark may have meant. */
export function hintFor(text: string): string | undefined {
  if (Object.hasOwn(HINTS, text)) return HINTS[text];
  const lower = text.toLowerCase();
  if (lower === text) return undefined;
  return RESERVED.includes(lower) ? `write ${lower}` : Object.hasOwn(HINTS, lower) ? HINTS[lower] : undefined;
}
