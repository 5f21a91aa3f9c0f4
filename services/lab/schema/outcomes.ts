import { z } from "zod";
import { ERRNO } from "../../abi/contract.generated.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { PROFILES } from "../../abi/profile.ts";
import { SOCKADDR_FORM } from "../../abi/sockaddr.ts";
import type { ValueShape } from "../calls.ts";
import {
  type Branch,
  choice,
  constant,
  constantList,
  errno,
  mapping,
  reference,
  RESULT_NAME,
  say,
  text,
  whole,
  word,
} from "./words.ts";

const CONSTANT_NAMES = Object.keys(CONSTANTS);

const resultName = text("a name for the result: letters, digits and _", RESULT_NAME);

/** The names that a step gives. */
export const naming = choice(
  "a name for the result, or names for fields of the answer, such as {data: text, addr: peer}",
  [{ schema: resultName }, { schema: z.record(z.string(), resultName), keys: [] }],
).meta({
  id: "naming",
  description: "Names the result, or some fields of the answer; later steps refer to them as $name.",
});

const lost = mapping("a loss", { lost: word(["timeout", "unreachable", "garbled", "rejected"]) }).describe(
  "No answer may come, for this reason.",
);

const any = mapping("any outcome", { any: z.literal(true, { error: say("true") }) }).describe(
  "Whatever comes is right, and so is that the call cannot be made because an earlier one gave nothing: rules judge it.",
);

const number = whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "a whole number");
const VALUE_FORM = "a number, true or false, a constant or a list of them, text, or $name";

/** What several fields of the answer must be. */
const fields = mapping("fields of the answer", {
  fields: z
    .record(
      z.string(),
      choice(VALUE_FORM, [
        { schema: number },
        { schema: z.boolean() },
        { schema: constantList },
        { schema: z.string() },
      ]),
      {
        error: say("a mapping of fields of the answer, such as {data: ping, length: 4}"),
      },
    )
    .describe("What these fields of the answer must be; others may be anything."),
});

const FIELDS: readonly Branch[] = [
  { schema: fields, keys: ["fields"] },
  { schema: lost, keys: ["lost"] },
  { schema: any, keys: ["any"] },
];
const OR = "$name, {fields: {…}}, {lost: timeout}, or {any: true}";

/** The ways to write one outcome of a call that answers this. */
function outcomes(value: ValueShape["kind"] | "unknown" | undefined): {
  readonly allowed: string;
  readonly near: readonly string[];
  readonly branches: readonly Branch[];
} {
  const errnos = Object.keys(ERRNO);
  switch (value) {
    case undefined:
      return {
        allowed: "0 for success, an errno such as EBADF, {lost: timeout}, or {any: true}",
        near: errnos,
        branches: [{ schema: z.literal(0) }, { schema: errno }, ...FIELDS.slice(1)],
      };
    case "number":
      return {
        allowed: `a number, a constant or a list of them, an errno such as EBADF, ${OR}`,
        near: [...errnos, ...CONSTANT_NAMES],
        branches: [
          { schema: number },
          { schema: constant },
          { schema: constantList },
          { schema: errno },
          { schema: reference },
          ...FIELDS,
        ],
      };
    case "unknown":
      return {
        allowed: `a number, a constant or a list of them, the data as text, an errno such as EBADF, ${OR}`,
        near: errnos,
        branches: [{ schema: number }, { schema: constantList }, { schema: z.string() }, ...FIELDS],
      };
    case "text":
    case "bytes":
      return {
        allowed: `the data as text, an errno such as EBADF, ${OR}`,
        near: errnos,
        branches: [{ schema: z.string() }, ...FIELDS],
      };
    case "address":
      return {
        allowed: `${SOCKADDR_FORM}; an errno such as EBADF, ${OR}`,
        near: errnos,
        branches: [{ schema: z.string() }, ...FIELDS],
      };
  }
}

/** What is expected, perhaps of each profile its own. */
function expectation(value: ValueShape["kind"] | "unknown" | undefined, id: string): z.ZodType {
  const { allowed, near, branches } = outcomes(value);
  const one = choice(allowed, branches, near);
  const perProfile = mapping("an outcome for each profile", { documented: one, "as-implemented": one });
  return choice(
    `${allowed}; or {documented: …, as-implemented: …}`,
    [...branches, { schema: perProfile, keys: [...PROFILES] }],
    near,
  ).meta({ id, description: "What the call must answer; without it, it must succeed." });
}

const bytes = expectation("bytes", "expectText");

/** One id for each kind of value, so that the exported schema says each of them once. */
export const EXPECTATIONS = {
  nothing: expectation(undefined, "expectSuccess"),
  number: expectation("number", "expectNumber"),
  text: bytes,
  bytes,
  address: expectation("address", "expectAddress"),
  /** Of a call that is known by its name alone. */
  unknown: expectation("unknown", "expectJoined"),
};
