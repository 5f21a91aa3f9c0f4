import { isErrno } from "../../abi/errno.ts";
import { ERRNO } from "../../abi/contract.generated.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { PROFILES, type Profile } from "../../abi/profile.ts";
import { parseDurationNs } from "../../abi/units.ts";
import { CALLS, type ArgShape, type CallShape, type ValueShape } from "../calls.ts";
import type { ArgValue, ByProfile, CallStep, Expected, Step } from "../experiment.ts";
import { REFERENCE } from "../schema/words.ts";
import { readAtom, type Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { meant, pathText, shown } from "./errors.ts";
import type { WrittenArg, WrittenExpected, WrittenOutcome, WrittenStep } from "./written.ts";

const encoder = new TextEncoder();

/** The steps, with constants looked up and atoms read. Whether names are defined in time is for scope.ts. */
export function readWorkload(document: SourceDocument, written: readonly WrittenStep[], errors: Errors): Step[] {
  const shapes = new Map<string, CallShape>();
  for (const { background, call } of written) {
    const shape = CALLS.get(call ?? "");
    if (background !== undefined && shape !== undefined) shapes.set(background, shape);
  }
  return written.flatMap((step, i) => readStep(document, ["spec", "workload", i], step, shapes, errors) ?? []);
}

function readStep(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenStep,
  shapes: ReadonlyMap<string, CallShape>,
  errors: Errors,
): Step | undefined {
  const base = {
    path: pathText(path.slice(1)),
    line: document.positionOf(path).line,
    text: stepText(written),
    title: written.title,
    profile: written.profile,
  };
  const { call, join, wait, sleep, arm, disarm } = written;
  if (call !== undefined) {
    const shape = CALLS.get(call);
    return shape && { ...base, ...readCall(document, path, written, shape, errors) };
  }
  if (join !== undefined) {
    const expect = readExpected(document, [...path, "expect"], written.expect, shapes.get(join)?.value, errors);
    return { ...base, t: "join", background: join, as: written.as, expect };
  }
  if (wait !== undefined) {
    const atom = readAtom(document, [...path, "wait"], wait, errors);
    return atom && { ...base, t: "wait", atom, count: written.count ?? 1 };
  }
  if (sleep !== undefined) return { ...base, t: "sleep", ns: parseDurationNs(sleep) ?? 0 };
  if (arm !== undefined) return { ...base, t: "arm", fault: arm };
  return { ...base, t: "disarm", fault: disarm ?? "" };
}

function readCall(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenStep,
  shape: CallShape,
  errors: Errors,
): Omit<CallStep, "path" | "line" | "text" | "title" | "profile"> {
  const args: Record<string, ArgValue> = {};
  for (const arg of shape.args) {
    const given = written.with?.[arg.name] ?? arg.fallback ?? "";
    args[arg.name] = readArg(document, [...path, "with", arg.name], given, arg, errors);
  }
  if (written.leave === true && written.background === undefined) {
    errors.push(
      document.error([...path, "leave"], {
        found: "leave without background",
        allowed: "leave on a background call only",
      }),
    );
  }
  for (const key of ["as", "expect"] as const) {
    if (written.background === undefined || written[key] === undefined) continue;
    errors.push(
      document.error([...path, key], {
        found: `${key} on a background call`,
        allowed: `${key} on the join that waits for it`,
      }),
    );
  }
  return {
    t: "call",
    task: written.task ?? "",
    shape,
    args,
    as: written.as,
    expect: readExpected(
      document,
      [...path, "expect"],
      written.background === undefined ? written.expect : undefined,
      shape.value,
      errors,
    ),
    background: written.background,
    leave: written.leave ?? false,
  };
}

function readArg(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenArg,
  shape: ArgShape,
  errors: Errors,
): ArgValue {
  if (typeof written === "string" && REFERENCE.test(written)) return { reference: written.slice(1) };
  switch (shape.kind) {
    case "bytes":
      return encoder.encode(String(written));
    case "text":
      return String(written);
    case "flag":
      return written === true;
    case "duration":
      return typeof written === "string" ? (parseDurationNs(written) ?? 0) : Number(written);
    case "number": {
      const number =
        typeof written === "number" ? written : constantsOf(typeof written === "object" ? written : [String(written)]);
      if (number < shape.min || number > shape.max) {
        errors.push(
          document.error(path, { found: shown(written), allowed: `a number from ${shape.min} to ${shape.max}` }),
        );
      }
      return number;
    }
  }
}

/** Constants, or-ed. The sum of distinct bits, since `|` would make a negative number of the highest one. */
const constantsOf = (names: readonly string[]): number =>
  names.reduce((bits, name) => (bits | (CONSTANTS[name] ?? 0)) >>> 0, 0);

function readExpected(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenExpected | undefined,
  value: ValueShape | undefined,
  errors: Errors,
): ByProfile {
  const read = (outcome: WrittenOutcome | undefined, at: readonly PropertyKey[]): Expected =>
    readOutcome(document, at, outcome, value, errors);
  if (typeof written === "object" && "documented" in written) {
    return byProfile((profile) => read(written[profile], [...path, profile]));
  }
  const same = read(written, path);
  return byProfile(() => same);
}

const byProfile = (of: (profile: Profile) => Expected): ByProfile =>
  Object.fromEntries(PROFILES.map((profile) => [profile, of(profile)])) as ByProfile;

function readOutcome(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenOutcome | undefined,
  value: ValueShape | undefined,
  errors: Errors,
): Expected {
  if (written === undefined) return { t: "success" };
  if (typeof written === "object" && "lost" in written) return { t: "lost", why: written.lost };
  if (typeof written === "object") return { t: "value", value: constantsOf(written) };
  if (typeof written === "string" && isErrno(written)) return { t: "refused", errno: written };
  if (typeof written === "string" && value !== undefined && REFERENCE.test(written))
    return { t: "reference", reference: written.slice(1) };
  const wrong = (allowed: string): Expected => {
    errors.push(document.error(path, { found: shown(written), allowed, ...meant(shown(written), Object.keys(ERRNO)) }));
    return { t: "success" };
  };
  if (value === undefined)
    return written === 0
      ? { t: "success" }
      : wrong("0 for success, an errno such as EBADF, or {lost: timeout}: the call answers nothing else");
  if (value.kind === "text") {
    if (typeof written !== "string") return wrong("the data as text, in quotes");
    return /^E[A-Z]{2,}$/.test(written) && meant(written, Object.keys(ERRNO)).hint !== undefined
      ? wrong("an errno that there is, or the data as text")
      : { t: "value", value: written };
  }
  if (typeof written === "number") return { t: "value", value: written };
  const constant = CONSTANTS[written];
  return constant === undefined ? wrong("a number, a constant, an errno, or $name") : { t: "value", value: constant };
}

/** A step on one line, without who calls: `open(path: /dev/oobecho, flags: O_RDWR|O_CLOEXEC) as fd`. */
function stepText(written: WrittenStep): string {
  const { call, with: args, as, background, join, wait, count, sleep, arm, disarm } = written;
  const named = as === undefined ? "" : ` as ${as}`;
  if (call !== undefined) {
    const list = Object.entries(args ?? {}).map(
      ([name, value]) => `${name}: ${Array.isArray(value) ? value.join("|") : String(value)}`,
    );
    return `${call}(${list.join(", ")})${named}${background === undefined ? "" : `, in the background as ${background}`}`;
  }
  if (join !== undefined) return `join ${join}${named}`;
  if (wait !== undefined) return `wait for ${count === undefined ? "" : `${count} x `}${wait}`;
  if (sleep !== undefined) return `sleep ${sleep}`;
  return arm === undefined ? `disarm ${disarm ?? ""}` : `arm ${arm}`;
}
