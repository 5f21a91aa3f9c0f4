import { BYTES_FORM, parseBytesText } from "../../abi/bytes-text.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { parseSockaddrBytes, SOCKADDR_FORM } from "../../abi/sockaddr.ts";
import { parseDurationNs } from "../../abi/units.ts";
import type { ArgShape } from "../calls.ts";
import type { ArgValue } from "../answers.ts";
import { REFERENCE } from "../schema/words.ts";
import { FILE_FORM } from "../schema/workload.ts";
import type { Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { shown } from "./errors.ts";
import { isStruct, parseStruct, STRUCT_FORM } from "./struct-text.ts";
import type { WrittenArg } from "./written.ts";

const NO_BYTES = new Uint8Array(0);

/** An argument of a call: text becomes bytes, constants numbers, durations nanoseconds. */
export function readArg(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenArg,
  shape: ArgShape,
  errors: Errors,
): ArgValue {
  if (typeof written === "string" && shape.kind !== "file" && REFERENCE.test(written))
    return { reference: written.slice(1) };
  const wrong = (allowed: string): void => {
    errors.push(document.error(path, { found: shown(written), allowed }));
  };
  switch (shape.kind) {
    case "bytes": {
      const bytes = isStruct(written) ? parseStruct(written) : parseBytesText(String(written));
      if (bytes === undefined) wrong(isStruct(written) ? STRUCT_FORM : BYTES_FORM);
      return bytes ?? NO_BYTES;
    }
    case "file":
      return written === "" ? NO_BYTES : fileBytes(document, path, String(written), errors);
    case "address": {
      const bytes = written === "" && shape.fallback !== "" ? undefined : parseSockaddrBytes(String(written));
      if (bytes === undefined) wrong(SOCKADDR_FORM);
      return bytes ?? NO_BYTES;
    }
    case "text":
      return String(written);
    case "flag":
      return written === true;
    case "duration":
      return typeof written === "string" ? (parseDurationNs(written) ?? 0) : Number(written);
    case "number": {
      const number =
        typeof written === "number" ? written : constantsOf(typeof written === "object" ? written : [String(written)]);
      if (number < shape.min || number > shape.max) wrong(`a number from ${shape.min} to ${shape.max}`);
      return number;
    }
  }
}

function fileBytes(document: SourceDocument, path: readonly PropertyKey[], name: string, errors: Errors): Uint8Array {
  const read = document.beside?.get(name);
  if (read?.ok === true) return read.bytes;
  errors.push(document.error(path, { found: `${name}: ${read?.reason ?? "not a file here"}`, allowed: FILE_FORM }));
  return NO_BYTES;
}

/** Constants, or-ed. The sum of distinct bits, since `|` would make a negative number of the highest one. */
export const constantsOf = (names: readonly string[]): number =>
  names.reduce((bits, name) => (bits | (CONSTANTS[name] ?? 0)) >>> 0, 0);
