import { compare } from "../atoms/evaluate.ts";
import type { AtomError, Condition, Operator, Pattern } from "../atoms/syntax.ts";
import { kindsOf, kindText, recordersOf } from "./kinds.ts";

/** What only the end of a crossing tells. */
const OF_EXITS = ["ret", "lost"];

/** Why no event can be what a pattern with known names describes; empty when one can. */
export function impossibleIn(pattern: Pattern): readonly AtomError[] {
  const { name, service, phase, conditions, offset } = pattern;
  const kinds = kindsOf(pattern);
  if (kinds.length === 0 && service !== undefined) {
    const houses = recordersOf(name).join(" and ");
    return [
      { offset, found: `${service}:${name}`, allowed: `what ${service} records: ${name} is recorded by ${houses}` },
    ];
  }
  for (const { field, offset: at } of conditions) {
    if (OF_EXITS.includes(field) && !kinds.some((kind) => kind.phase === "exit"))
      return [{ offset: at, found: field, allowed: `a field of ${phase ?? "a fact"}: only an exit has ${field}` }];
    if (field === "fault" && phase === "enter")
      return [{ offset: at, found: field, allowed: "a field of enter: which fault struck is told at the exit" }];
  }
  for (const [i, condition] of conditions.entries()) {
    const meets = kinds.some((kind) => fitsKind(condition, kind));
    if (!meets)
      return [{ ...found(condition), allowed: `what ${name} can have: ${kinds.map(kindText).slice(0, 4).join(", ")}` }];
    const other = conditions.slice(0, i).find((before) => contradict(before, condition));
    if (other !== undefined)
      return [{ ...found(condition), allowed: `something that can be together with ${written(other)}` }];
  }
  return [];
}

const written = ({ field, operator, value }: Condition): string => `${field}${operator}${value.text}`;
const found = (condition: Condition): Pick<AtomError, "offset" | "found"> => ({
  offset: condition.offset,
  found: written(condition),
});

function fitsKind({ field, operator, value }: Condition, kind: ReturnType<typeof kindsOf>[number]): boolean {
  if (field !== "service" && field !== "phase") return true;
  return operator === "==" ? kind[field] === value.text : operator !== "!=" || kind[field] !== value.text;
}

/** Whether no value fulfils both. */
function contradict(a: Condition, b: Condition): boolean {
  const [ret, lost] = [a.field, b.field].sort().reverse();
  if (ret === "ret" && lost === "lost") return true;
  if (a.field !== b.field || a.field === "holds") return false;
  if (a.operator === "==" && b.operator === "==") return differ(a, b);
  if (a.operator === "==") return !satisfies(a, b.operator, b);
  if (b.operator === "==") return !satisfies(b, a.operator, a);
  const [low, high] = a.operator.startsWith(">") ? [a, b] : [b, a];
  if (!low.operator.startsWith(">") || !high.operator.startsWith("<")) return false;
  const [least, most] = [low.value.number, high.value.number];
  if (least === undefined || most === undefined) return false;
  // Between two neighbours there is no whole number.
  return (low.operator === ">" ? least + 1 : least) > (high.operator === "<" ? most - 1 : most);
}

function differ(a: Condition, b: Condition): boolean {
  // A word may name a number, so that only two of a kind can be told apart.
  const [one, other] = [a.value.number, b.value.number];
  if (one !== undefined && other !== undefined) return one !== other;
  return one === undefined && other === undefined && a.value.text !== b.value.text;
}

function satisfies({ value }: Condition, operator: Operator, { value: bound }: Condition): boolean {
  if (value.number !== undefined && bound.number !== undefined) return compare(value.number, operator, bound.number);
  if (value.number !== undefined || bound.number !== undefined) return true;
  return operator !== "!=" || value.text !== bound.text;
}
