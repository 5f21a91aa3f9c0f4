import {
  CONTRACT,
  type FaultCondition,
  type FaultMatch,
  type FaultSide,
  type House,
  type Stage,
} from "../../abi/contract.generated.ts";
import type { EventArgs, Slice } from "../../abi/event.ts";
import { eventArgs } from "../../abi/values.ts";
import { globFits } from "../../rules/atoms/evaluate.ts";
import { sliceOf, type Invocation } from "../invocation.ts";

/** What a rule is judged on: a crossing seen from one of its sides, or a frame at one end of a link. */
export interface Subject {
  readonly point: string;
  readonly side: FaultSide;
  /** The process where it strikes, such as `alpha/vfs#1`. */
  readonly process: string;
  readonly node: string;
  /** The house where it strikes. */
  readonly service: House;
  readonly from: House;
  readonly task: string;
  readonly stage: Stage;
  readonly chain: readonly string[];
  readonly slice: Slice;
  /** Made when somebody asks. */
  readonly args: () => EventArgs;
  /** Bytes of data that cross with it. */
  readonly size: () => number;
}

/** How many open points of the chain are looked at where nothing is said. */
const DEPTH = 32;

const sizeOf = (args: object): number => {
  let size = 0;
  for (const value of Object.values(args)) if (value instanceof Uint8Array) size += value.length;
  return size;
};

/** A call as one of its sides sees it. */
export function subjectOf(invocation: Invocation, side: FaultSide, process: string): Subject {
  const { point, from, task, stage, chain, args } = invocation;
  return {
    point,
    side,
    process,
    node: process.slice(0, process.indexOf("/")),
    service: side === "client" ? from : CONTRACT[point].to,
    from,
    task,
    stage,
    chain,
    slice: sliceOf(CONTRACT[point], args, invocation),
    args: () => eventArgs(args),
    size: () => sizeOf(args),
  };
}

/** Whether a value is as a condition wants it. */
function holds(value: unknown, { operator, value: text }: FaultCondition): boolean {
  const left = typeof value === "number" ? value : String(value);
  const right = typeof value === "number" ? Number(text) : text;
  switch (operator) {
    case "==":
      return typeof left === "string" && text.includes("*") ? globFits(text, left) : left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

/** `vfs`, `alpha/vfs` and `alpha/vfs#2` all name the process `alpha/vfs#2`. */
const isProcess = (process: string, wanted: string): boolean =>
  [process, process.replace(/#\d+$/, ""), process.replace(/^.*\/|#\d+$/g, "")].includes(wanted);

/** Whether a subject fulfils all conditions of a match. */
export function matches(match: FaultMatch | undefined, subject: Subject): boolean {
  if (match === undefined) return true;
  if (match.node !== "" && !subject.process.startsWith(`${match.node}/`)) return false;
  if (match.process !== undefined && !isProcess(subject.process, match.process)) return false;
  if (match.task !== "" && match.task !== subject.task) return false;
  if (match.stage !== undefined && match.stage !== subject.stage) return false;
  if (match.caller !== "" && match.caller !== subject.from) return false;
  if (!match.slice.every((condition) => holds(subject.slice[condition.field], condition))) return false;
  if (match.args.length > 0) {
    const args = subject.args();
    if (!match.args.every((condition) => holds(args[condition.field], condition))) return false;
  }
  if (match.require_callers.length === 0 && match.reject_callers.length === 0) return true;
  const chain = subject.chain.slice(-(match.depth ?? DEPTH));
  const inChain = (name: string): boolean => chain.includes(name);
  if (match.require_callers.length > 0 && !match.require_callers.some(inChain)) return false;
  return !match.reject_callers.some(inChain);
}
