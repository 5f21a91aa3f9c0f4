import { bytesText } from "../../abi/bytes-text.ts";
import { sockaddrText } from "../../abi/sockaddr.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { ValueShape } from "../calls.ts";
import type { Expected, ExpectedField, ExpectedValue } from "../answers.ts";

/** A value that a step can name. */
export type Value = number | string;

/** The value behind a `$name`. */
export type Look = (name: string) => Value | undefined;

/**
 * A field of a reply, true as 1; undefined where it has none, or was refused or lost. Bytes are told as text that stands for
 * them: two texts are the same when the bytes are, and a text can be sent back.
 */
export function valueOf(reply: Reply, shape: ValueShape | undefined): Value | undefined {
  if (reply.kind !== "returned" || shape === undefined) return undefined;
  const value = (reply.value as Readonly<Record<string, unknown>>)[shape.name];
  if (value instanceof Uint8Array) return shape.kind === "address" ? sockaddrText(value) : bytesText(value);
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

const quoted = (value: Value | undefined): string =>
  typeof value === "string" ? JSON.stringify(value) : String(value ?? 0);

const fieldsText = (fields: readonly ExpectedField[], of: (field: ExpectedField) => Value | undefined): string =>
  fields.map((field) => `${field.value.name}: ${quoted(of(field))}`).join(", ");

const wanted = (is: ExpectedValue, look: Look): Value | undefined => (is.t === "value" ? is.value : look(is.reference));

/** How a call ended, in words: its main value, or those fields that something is expected of. */
export function endText(reply: Reply, shape: ValueShape | undefined, expected: Expected): string {
  switch (reply.kind) {
    case "returned":
      return expected.t === "fields"
        ? fieldsText(expected.fields, ({ value }) => valueOf(reply, value))
        : quoted(valueOf(reply, shape));
    case "refused":
      return reply.errno;
    case "lost":
      return `lost: ${reply.why}${reply.reason === undefined ? "" : ` (${reply.reason})`}`;
  }
}

/** How a call must end, in words. */
export function expectedText(expected: Expected, look: Look): string {
  switch (expected.t) {
    case "success":
      return "success";
    case "any":
      return "anything";
    case "value":
    case "reference":
      return quoted(wanted(expected, look));
    case "fields":
      return fieldsText(expected.fields, ({ is }) => wanted(is, look));
    case "refused":
      return expected.errno;
    case "lost":
      return `lost: ${expected.why}`;
  }
}

/** Whether it ended so. */
export function isAsExpected(reply: Reply, shape: ValueShape | undefined, expected: Expected, look: Look): boolean {
  switch (expected.t) {
    case "success":
      return reply.kind === "returned";
    case "any":
      return true;
    case "value":
    case "reference":
      return reply.kind === "returned" && valueOf(reply, shape) === wanted(expected, look);
    case "fields":
      return (
        reply.kind === "returned" &&
        expected.fields.every(({ value, is }) => valueOf(reply, value) === wanted(is, look))
      );
    case "refused":
      return reply.kind === "refused" && reply.errno === expected.errno;
    case "lost":
      return reply.kind === "lost" && reply.why === expected.why;
  }
}
