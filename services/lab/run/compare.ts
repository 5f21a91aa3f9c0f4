import type { Reply } from "../../boundary/invocation.ts";
import type { ValueShape } from "../calls.ts";
import type { Expected } from "../experiment.ts";

/** A value that a step can name. */
export type Value = number | string;

const decoder = new TextDecoder();

/** The main value of a reply; undefined where it has none, or was refused or lost. */
export function valueOf(reply: Reply, shape: ValueShape | undefined): Value | undefined {
  if (reply.kind !== "returned" || shape === undefined) return undefined;
  const value = (reply.value as Readonly<Record<string, unknown>>)[shape.name];
  if (value instanceof Uint8Array) return decoder.decode(value);
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

const quoted = (value: Value | undefined): string =>
  typeof value === "string" ? JSON.stringify(value) : String(value ?? 0);

/** How a call ended, in words. */
export function endText(reply: Reply, shape: ValueShape | undefined): string {
  switch (reply.kind) {
    case "returned":
      return quoted(valueOf(reply, shape));
    case "refused":
      return reply.errno;
    case "lost":
      return `lost: ${reply.why}${reply.reason === undefined ? "" : ` (${reply.reason})`}`;
  }
}

/** How a call must end, in words. `referred`: the value behind a `$name`. */
export function expectedText(expected: Expected, referred: Value | undefined): string {
  switch (expected.t) {
    case "success":
      return "success";
    case "value":
      return quoted(expected.value);
    case "reference":
      return quoted(referred);
    case "refused":
      return expected.errno;
    case "lost":
      return `lost: ${expected.why}`;
  }
}

/** Whether it ended so. */
export function isAsExpected(
  reply: Reply,
  shape: ValueShape | undefined,
  expected: Expected,
  referred: Value | undefined,
): boolean {
  switch (expected.t) {
    case "success":
      return reply.kind === "returned";
    case "value":
      return reply.kind === "returned" && valueOf(reply, shape) === expected.value;
    case "reference":
      return reply.kind === "returned" && valueOf(reply, shape) === referred;
    case "refused":
      return reply.kind === "refused" && reply.errno === expected.errno;
    case "lost":
      return reply.kind === "lost" && reply.why === expected.why;
  }
}
