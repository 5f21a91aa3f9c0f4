import { BYTES_FORM, bytesText, parseBytesText } from "../../abi/bytes-text.ts";
import { ERRNO } from "../../abi/contract.generated.ts";
import { isErrno } from "../../abi/errno.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { PROFILES, type Profile } from "../../abi/profile.ts";
import { parseSockaddrBytes, SOCKADDR_FORM, sockaddrText } from "../../abi/sockaddr.ts";
import type { CallShape, ValueShape } from "../calls.ts";
import type { ByProfile, Expected, ExpectedValue, Naming } from "../answers.ts";
import { listed, REFERENCE } from "../schema/words.ts";
import { constantsOf } from "./args.ts";
import type { Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, shown } from "./errors.ts";
import { isStruct, parseStruct, STRUCT_FORM } from "./struct-text.ts";
import type { WrittenAs, WrittenExpected, WrittenOutcome, WrittenValue } from "./written.ts";

/** What a call must answer, under each profile. `shape` is undefined for a join of no known call. */
export function readExpected(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenExpected | undefined,
  shape: CallShape | undefined,
  errors: Errors,
): ByProfile {
  const read = (outcome: WrittenOutcome | undefined, at: readonly PropertyKey[]): Expected =>
    readOutcome(document, at, outcome, shape, errors);
  if (typeof written === "object" && "documented" in written) {
    return byProfile((profile) => read(written[profile], [...path, profile]));
  }
  const same = read(written, path);
  return byProfile(() => same);
}

const byProfile = (of: (profile: Profile) => Expected): ByProfile =>
  Object.fromEntries(PROFILES.map((profile) => [profile, of(profile)])) as ByProfile;

const NOTHING_ELSE =
  "0 for success, an errno such as EBADF, {lost: timeout}, or {any: true}: the call answers nothing else";

function readOutcome(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenOutcome | undefined,
  shape: CallShape | undefined,
  errors: Errors,
): Expected {
  if (written === undefined) return { t: "success" };
  if (typeof written === "object" && "any" in written) return { t: "any" };
  if (typeof written === "object" && "lost" in written) return { t: "lost", why: written.lost };
  if (typeof written === "object" && "fields" in written) {
    const fields = Object.entries(written.fields).flatMap(([field, value]) => {
      const known = fieldOf(document, [...path, "fields"], field, shape, errors);
      return known === undefined
        ? []
        : { value: known, is: readValue(document, [...path, "fields", field], value, known, errors) };
    });
    return { t: "fields", fields };
  }
  if (typeof written === "string" && isErrno(written)) return { t: "refused", errno: written };
  if (shape?.value !== undefined) return readValue(document, path, written, shape.value, errors, Object.keys(ERRNO));
  if (written !== 0) {
    const found = shown(written);
    errors.push(document.error(path, { found, allowed: NOTHING_ELSE, ...meant(found, Object.keys(ERRNO)) }));
  }
  return { t: "success" };
}

/** What a field must be. Bytes and addresses become the text that the answer will be told in. `errnos`: what may stand here too. */
function readValue(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenValue,
  { kind }: ValueShape,
  errors: Errors,
  errnos: readonly string[] = [],
): ExpectedValue {
  const wrong = (allowed: string): ExpectedValue => {
    errors.push(document.error(path, { found: shown(written), allowed, ...meant(shown(written), errnos) }));
    return { t: "value", value: 0 };
  };
  const orErrno = errnos.length === 0 ? "" : "an errno, ";
  if (typeof written === "string" && REFERENCE.test(written)) return { t: "reference", reference: written.slice(1) };
  if (kind === "number") {
    if (typeof written === "object") return { t: "value", value: constantsOf(written) };
    const value = typeof written === "string" ? constantOf(written) : Number(written);
    return value === undefined
      ? wrong(`a number, true or false, a constant, ${orErrno}or $name`)
      : { t: "value", value };
  }
  if (typeof written !== "string") return wrong("the data as text, in quotes");
  if (/^E[A-Z]{2,}$/.test(written) && meant(written, errnos).hint !== undefined)
    return wrong("an errno that there is, or the data as text");
  switch (kind) {
    case "text":
      return { t: "value", value: written };
    case "bytes": {
      const bytes = isStruct(written) ? parseStruct(written) : parseBytesText(written);
      return bytes === undefined
        ? wrong(isStruct(written) ? STRUCT_FORM : BYTES_FORM)
        : { t: "value", value: bytesText(bytes) };
    }
    case "address": {
      const bytes = parseSockaddrBytes(written);
      return bytes === undefined ? wrong(SOCKADDR_FORM) : { t: "value", value: sockaddrText(bytes) };
    }
  }
}

const constantOf = (name: string): number | undefined => (Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined);

/** The field of an answer that has this name. */
function fieldOf(
  document: SourceDocument,
  path: readonly PropertyKey[],
  field: string,
  shape: CallShape | undefined,
  errors: Errors,
): ValueShape | undefined {
  const answers = shape?.answers ?? [];
  const known = answers.find(({ name }) => name === field);
  if (known === undefined && shape !== undefined) {
    const names = answers.map(({ name }) => name);
    const what = { found: field, allowed: `a field that ${shape.call} answers: ${listed(names) || "there is none"}` };
    errors.push({
      ...document.error([...path, field], { ...what, ...meant(field, names) }),
      ...document.positionOfKey(path, field),
    });
  }
  return known;
}

/** The names that a step gives. */
export function readAs(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenAs | undefined,
  shape: CallShape | undefined,
  errors: Errors,
): readonly Naming[] {
  if (written === undefined) return [];
  if (typeof written === "string") return [{ name: written, value: shape?.value, at: [] }];
  return Object.entries(written).flatMap(([field, name]) => {
    const value = fieldOf(document, path, field, shape, errors);
    return value === undefined ? [] : { name, value, at: [field] };
  });
}
