import { errnoOf } from "../abi/errno.ts";
import type { Scalar, TraceEvent } from "../abi/event.ts";
import { contractOf } from "./draft.ts";

/** Whether an event is one end of a call, as the house recorded it that calls. */
export const isCallers = ({ point, phase, service }: TraceEvent): boolean =>
  phase !== "fact" && contractOf(point)?.from === service;

/** Where an event happened: `task app` for what a task does itself, else the house. */
export const placeOf = ({ service, slice }: TraceEvent): string =>
  service === "task" ? `task ${slice["task"] ?? ""}`.trimEnd() : service;

const WORD = /^[\w.:/*|@+-]+$/;

const valueText = (value: Scalar): string =>
  typeof value === "string" && !WORD.test(value) ? JSON.stringify(value) : String(value);

/** Fields in words: `fd=3 dev=/dev/x`. */
export const fieldsText = (fields: Readonly<Record<string, Scalar>>, between = " "): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(between);

/** What a call answered: `-ENOMEM`, `3`, `lost(timeout)`; empty where there is nothing to say. */
export function answerText({ ret, lost }: Pick<TraceEvent, "ret" | "lost">): string {
  if (lost !== undefined) return `lost(${lost})`;
  if (ret === undefined) return "";
  const errno = ret < 0 ? errnoOf(ret) : undefined;
  return errno === undefined ? String(ret) : `-${errno}`;
}

/** What a state change is about and what is so now, each field once. */
export const factFields = ({ slice, args }: TraceEvent): Readonly<Record<string, Scalar>> => ({ ...slice, ...args });
