import { z } from "zod";
import type { TraceEvent } from "../abi/event.ts";

/** Spans are numbers up to 2^53; on disk they have the shape that OpenTelemetry gives them. */
const HEX_DIGITS = 16;

const hex = (span: number): string => span.toString(16).padStart(HEX_DIGITS, "0");

/** An event as one JSON line without its end, the keys in the order of the design record: same event, same bytes. */
export function eventToLine(event: TraceEvent): string {
  const {
    seq,
    lamport,
    timeNs,
    node,
    service,
    stage,
    point,
    phase,
    span,
    parent,
    trace,
    slice,
    args,
    ret,
    lost,
    locks,
    fault,
  } = event;
  return JSON.stringify({
    seq,
    lamport,
    timeNs,
    node,
    service,
    stage,
    point,
    phase,
    span: hex(span),
    parent: hex(parent),
    trace: hex(trace),
    slice,
    args,
    // undefined is left out.
    ret,
    lost,
    locks,
    fault,
  });
}

const number = z.int();
const span = z.string().regex(/^[0-9a-f]{16}$/);
const line = z.strictObject({
  seq: number,
  lamport: number,
  timeNs: number,
  node: z.string(),
  service: z.enum(["task", "vfs", "inband", "companion", "nic", "lab", "any"]),
  stage: z.enum(["inband", "oob", "either"]),
  point: z.string(),
  phase: z.enum(["enter", "exit", "fact"]),
  span,
  parent: span,
  trace: span,
  slice: z.record(z.string(), z.union([z.number(), z.string()])),
  args: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  ret: number.optional(),
  lost: z.enum(["timeout", "unreachable", "garbled", "rejected"]).optional(),
  locks: z.array(z.string()),
  fault: z.string().optional(),
});

/** An event, or why a line is none. */
export type ReadLine =
  { readonly ok: true; readonly event: TraceEvent } | { readonly ok: false; readonly reason: string };

/** Reads one line of a trace file. */
export function lineToEvent(text: string): ReadLine {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { ok: false, reason: "it is no JSON" };
  }
  const read = line.safeParse(data);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { ok: false, reason: `${issue?.path.join(".") || "the line"}: ${issue?.message ?? "is wrong"}` };
  }
  const { ret, lost, fault, ...rest } = read.data;
  const event: TraceEvent = {
    ...rest,
    span: parseInt(rest.span, 16),
    parent: parseInt(rest.parent, 16),
    trace: parseInt(rest.trace, 16),
    ...(ret !== undefined && { ret }),
    ...(lost !== undefined && { lost }),
    ...(fault !== undefined && { fault }),
  };
  return { ok: true, event };
}
