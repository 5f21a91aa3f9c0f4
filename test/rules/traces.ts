import { assert } from "../../services/abi/assert.ts";
import type { House } from "../../services/abi/contract.generated.ts";
import type { EventArgs, TraceEvent } from "../../services/abi/event.ts";
import { BOOK } from "../../services/rules/book/book.ts";
import { eventPen } from "../lab/events.ts";
import { judged } from "./judge.ts";

/** A rule of the book, a trace that breaks it, and one beside it that does not. */
export type Case = readonly [rule: string, breaks: readonly string[], keeps: readonly string[]];

/** What an event is about; all else that a line says are its arguments. */
const KEYS: ReadonlySet<string> = new Set(["sk", "ks", "task", "event", "dev", "file"]);
/** What every event has. */
const FIELDS: ReadonlySet<string> = new Set(["span", "ret", "stage", "fault", "lost"]);

const valueOf = (text: string): string | number | boolean =>
  text === "true" || text === "false" ? text === "true" : /^-?\d+$/.test(text) ? Number(text) : text;

/** Events from lines such as `vfs:sys_bind.exit task=app ret=-22`; who says no house means the one that is given. */
export function traceOf(lines: readonly string[], house: House): readonly TraceEvent[] {
  const pen = eventPen();
  return lines.map((line) => {
    const [head = "", ...fields] = line.split(" ");
    const [service, name] = head.includes(":") ? head.split(":") : [house, head];
    const said = fields.map((field): [string, string | number | boolean] => {
      const [key = "", ...value] = field.split("=");
      return [key, valueOf(value.join("="))];
    });
    const those = (which: (key: string) => boolean): EventArgs =>
      Object.fromEntries(said.filter(([key]) => which(key)));
    return pen(name ?? "", {
      service: service as House,
      ...those((key) => FIELDS.has(key)),
      slice: those((key) => KEYS.has(key)) as TraceEvent["slice"],
      args: those((key) => !KEYS.has(key) && !FIELDS.has(key)),
    });
  });
}

/** What a rule of the book says of a trace that ended at rest. */
export function verdictOf(id: string, events: readonly TraceEvent[]): string | undefined {
  const rule = BOOK.find((one) => one.id === id);
  assert(rule !== undefined, "a test names a rule of the book");
  return judged([rule], events)[0]?.verdict;
}
