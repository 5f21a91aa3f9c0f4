import { ERRNO } from "../../abi/contract.generated.ts";
import { isErrno } from "../../abi/errno.ts";
import type { TraceEvent } from "../../abi/event.ts";
import { fulfils } from "../atoms/evaluate.ts";
import type { Condition } from "../atoms/syntax.ts";

/** A question to an event. */
export type Test = (event: TraceEvent) => boolean;

/** Conditions as one question, which asks the fields that most rules ask about without a detour. */
export function testOf(conditions: readonly Condition[]): Test {
  const [first, second, ...rest] = conditions.map(single);
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (rest.length === 0) return (event) => first(event) && second(event);
  const all = [first, second, ...rest];
  return (event) => all.every((test) => test(event));
}

function single(condition: Condition): Test {
  const { field, operator, value } = condition;
  if (field === "stage" && operator === "==") return ({ stage }) => stage === value.text;
  if (field === "service" && operator === "==") return ({ service }) => service === value.text;
  if (field !== "ret") return (event) => fulfils(event, condition);
  const wanted = value.number ?? (isErrno(value.text) ? -ERRNO[value.text] : undefined);
  if (wanted === undefined) return (event) => fulfils(event, condition);
  switch (operator) {
    case "==":
      return ({ ret }) => ret === wanted;
    case "!=":
      return ({ ret }) => ret !== undefined && ret !== wanted;
    case "<":
      return ({ ret }) => ret !== undefined && ret < wanted;
    case "<=":
      return ({ ret }) => ret !== undefined && ret <= wanted;
    case ">":
      return ({ ret }) => ret !== undefined && ret > wanted;
    case ">=":
      return ({ ret }) => ret !== undefined && ret >= wanted;
  }
}
