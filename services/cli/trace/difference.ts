import type { TraceEvent } from "../../abi/event.ts";
import type { Around, ChangedField, Difference } from "../../telemetry/diff/index.ts";
import { cut, pad, widthOf, type Look } from "../look.ts";
import { answerText, argsText, factText, nameText } from "./words.ts";

/** From here on there is room for both traces side by side. */
const WIDE_FROM = 140;

/** An event in a few words: `open("/dev/oobecho", O_RDWR)`, `open = -ENOMEM`, `fd_publish fd=3`. */
function eventWords(event: TraceEvent): string {
  const { point, phase, fault } = event;
  const struck = fault === undefined ? "" : ` (fault ${fault})`;
  if (phase === "fact") return `${point} ${factText(event, String(event.slice["task"] ?? ""))}`.trimEnd();
  if (phase === "enter") return `${nameText(point)}(${argsText(event)})`;
  return `${nameText(point)} = ${answerText(undefined, event) ?? "done"}${struck}`;
}

function fieldWords({ name, a, b }: ChangedField): string {
  if (a === undefined) return `${name} is ${b ?? ""} in B, and not there in A`;
  if (b === undefined) return `${name} is ${a} in A, and not there in B`;
  return `${name} is ${a} in A, ${b} in B`;
}

const OUTCOMES: ReadonlySet<string> = new Set(["ret", "lost", "fault"]);

/** What is different, in one sentence. */
export function inWords({ t, sequence, a, b, fields }: Difference): string {
  const event = a ?? b;
  const what = event === undefined ? "" : eventWords(event);
  const where = `${sequence}:`;
  if (t === "only-a") return `${where} ${what} is missing in B`;
  if (t === "only-b") return `${where} ${what} is in B only`;
  if (t === "moved") return `${where} ${what} is in both, at another place`;
  // What came of it is told first, the same in numbers of Linux need not be told again.
  const outcome = fields.some(({ name }) => OUTCOMES.has(name));
  const told = a !== undefined && b !== undefined && outcome ? `${eventWords(a)} in A, ${eventWords(b)} in B` : what;
  const others = fields.filter(({ name }) => !OUTCOMES.has(name)).map(fieldWords);
  return `${where} ${[told, ...others].join("; ")}`;
}

/** The lines of one trace, the event itself marked. */
function linesOf({ events, at }: Around, look: Look): { readonly text: string; readonly isIt: boolean }[] {
  const lines = events.map((event, i) => ({ text: look.plain(eventWords(event)), isIt: i === at }));
  return lines.length === 0 ? [{ text: look.plain("(nothing)"), isIt: false }] : lines;
}

/** What stands around a difference in both traces: side by side where there is room, else one after the other. */
export function differenceLines(
  { around }: Difference,
  files: { readonly a: string; readonly b: string },
  look: Look,
): string[] {
  const [a, b] = [linesOf(around.a, look), linesOf(around.b, look)];
  const side = look.columns >= WIDE_FROM;
  const room = side ? Math.floor((look.columns - 3) / 2) : look.columns;
  const title = (name: string, file: string): string => cut(look.plain(`${name}  ${file}`), room, look.glyphs);
  const line = (one: { readonly text: string; readonly isIt: boolean } | undefined): string => {
    const text = one === undefined ? "" : cut(`${one.isIt ? "> " : "  "}${one.text}`, room, look.glyphs);
    return one?.isIt === true ? look.odd(text) : text;
  };
  if (!side) {
    return [look.faint(title("A", files.a)), ...a.map(line), look.faint(title("B", files.b)), ...b.map(line)];
  }
  const filled = (text: string, painted: string): string => painted + pad(text, room).slice(text.length);
  const unpainted = (one: { readonly text: string; readonly isIt: boolean } | undefined): string =>
    one === undefined ? "" : cut(`${one.isIt ? "> " : "  "}${one.text}`, room, look.glyphs);
  const bar = look.faint(look.plain(look.glyphs.line.trim() || "|"));
  const head = title("A", files.a);
  return [
    `${look.faint(head)}${" ".repeat(Math.max(0, room - widthOf(head)))} ${bar} ${look.faint(title("B", files.b))}`,
    ...Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
      `${filled(unpainted(a[i]), line(a[i]))} ${bar} ${line(b[i])}`.trimEnd(),
    ),
  ];
}
