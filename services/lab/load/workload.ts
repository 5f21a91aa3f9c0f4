import { parseDurationNs } from "../../abi/units.ts";
import { CALLS, type CallShape } from "../calls.ts";
import type { ArgValue } from "../answers.ts";
import type { CallStep, Step } from "../experiment.ts";
import { readArg } from "./args.ts";
import { readAtom, type Errors } from "./atoms.ts";
import type { SourceDocument } from "./document.ts";
import { pathText, shown } from "./errors.ts";
import { readAs, readExpected } from "./outcomes.ts";
import { checkProgram } from "./programs.ts";
import type { WrittenStep } from "./written.ts";

/** The steps, with constants looked up and atoms read. Whether names are defined in time is for scope.ts. */
export function readWorkload(
  document: SourceDocument,
  written: readonly WrittenStep[],
  home: string,
  errors: Errors,
): Step[] {
  const shapes = new Map<string, CallShape>();
  for (const { background, call } of written) {
    const shape = CALLS.get(call ?? "");
    if (background !== undefined && shape !== undefined) shapes.set(background, shape);
  }
  return written.flatMap((step, i) => readStep(document, ["spec", "workload", i], step, shapes, home, errors) ?? []);
}

function readStep(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: WrittenStep,
  shapes: ReadonlyMap<string, CallShape>,
  home: string,
  errors: Errors,
): Step | undefined {
  const base = {
    path: pathText(path.slice(1)),
    line: document.positionOf(path).line,
    text: stepText(written),
    title: written.title,
    profile: written.profile,
  };
  const { call, join, wait, sleep, arm, disarm, freeze } = written;
  if (call !== undefined) {
    const shape = CALLS.get(call);
    return shape && { ...base, ...readCall(document, path, written, shape, errors) };
  }
  if (join !== undefined) {
    const shape = shapes.get(join);
    const as = readAs(document, [...path, "as"], written.as, shape, errors);
    const expect = readExpected(document, [...path, "expect"], written.expect, shape, errors);
    return { ...base, t: "join", background: join, as, expect };
  }
  if (wait !== undefined) {
    const atom = readAtom(document, [...path, "wait"], wait, errors);
    return atom && { ...base, t: "wait", atom, count: written.count ?? 1 };
  }
  if (sleep !== undefined) return { ...base, t: "sleep", ns: parseDurationNs(sleep) ?? 0 };
  if (arm !== undefined) return { ...base, t: "arm", fault: arm };
  if (freeze !== undefined)
    return { ...base, t: "freeze", node: freeze.node ?? home, ns: parseDurationNs(freeze.for) ?? 0 };
  if (written.loop !== undefined) {
    const { loop, times, every, until, leave = false, steps = [] } = written;
    return {
      ...base,
      t: "loop",
      background: loop,
      times,
      until,
      everyNs: every === undefined ? 0 : (parseDurationNs(every) ?? 0),
      leave,
      steps: steps.flatMap((one, i) => {
        const at = [...path, "steps", i];
        if (one.background !== undefined) {
          errors.push(
            document.error([...at, "background"], {
              found: "background on a call in a loop",
              allowed: "plain calls: the loop repeats, and goes on in the background, as a whole",
            }),
          );
        }
        const step = readStep(document, at, one, shapes, home, errors);
        return step?.t === "call" || step?.t === "sleep" ? [step] : [];
      }),
    };
  }
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
    const told = written.with?.[arg.name];
    if (told === undefined && arg.mayBeAbsent) continue;
    const given = told ?? arg.fallback ?? "";
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
  checkProgram(document, [...path, "with"], written, args, errors);
  return {
    t: "call",
    task: written.task ?? "",
    shape,
    args,
    as: readAs(document, [...path, "as"], written.background === undefined ? written.as : undefined, shape, errors),
    expect: readExpected(
      document,
      [...path, "expect"],
      written.background === undefined ? written.expect : undefined,
      shape,
      errors,
    ),
    background: written.background,
    leave: written.leave ?? false,
  };
}

/** A call that stands by itself: of a method, or of a probe. */
export function readCallStep(
  document: SourceDocument,
  path: readonly PropertyKey[],
  written: Pick<WrittenStep, "task" | "with" | "as" | "expect" | "title"> & { readonly call: string },
  errors: Errors,
): CallStep | undefined {
  const { call, task, with: args, as, expect } = written;
  const shape = CALLS.get(call);
  if (shape === undefined) return undefined;
  // An activity may go on in the background, but that is not the call's own affair.
  const step: WrittenStep = {
    call,
    ...(task && { task }),
    ...(args && { with: args }),
    ...(as && { as }),
    ...(expect !== undefined && { expect }),
  };
  return {
    path: pathText(path.slice(1)),
    line: document.positionOf(path).line,
    text: callText(written.call, written.with, written.as),
    title: written.title,
    profile: undefined,
    ...readCall(document, path, step, shape, errors),
  };
}

/** A call on one line, without who makes it: `open(path: /dev/oobecho, flags: O_RDWR|O_CLOEXEC) as fd`. */
export function callText(call: string, args: WrittenStep["with"], as: WrittenStep["as"]): string {
  const named = as === undefined ? "" : ` as ${typeof as === "string" ? as : shown(as)}`;
  const list = Object.entries(args ?? {}).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? value.join("|") : String(value)}`,
  );
  return `${call}(${list.join(", ")})${named}`;
}

/** A step on one line, without who calls: `open(path: /dev/oobecho, flags: O_RDWR|O_CLOEXEC) as fd`. */
function stepText(written: WrittenStep): string {
  const { call, with: args, as, background, join, wait, count, sleep, arm, disarm, freeze } = written;
  const named = as === undefined ? "" : ` as ${typeof as === "string" ? as : shown(as)}`;
  if (call !== undefined)
    return `${callText(call, args, as)}${background === undefined ? "" : `, in the background as ${background}`}`;
  if (join !== undefined) return `join ${join}${named}`;
  if (wait !== undefined) return `wait for ${count === undefined ? "" : `${count} x `}${wait}`;
  if (sleep !== undefined) return `sleep ${sleep}`;
  if (freeze !== undefined)
    return `freeze the in-band stage${freeze.node === undefined ? "" : ` of ${freeze.node}`} for ${freeze.for}`;
  if (written.loop !== undefined) return loopText(written);
  return arm === undefined ? `disarm ${disarm ?? ""}` : `arm ${arm}`;
}

/** `loop pings 1000 times, every 1ms: rt: oob_sendmsg(…); rt: oob_recvmsg(…)`. */
function loopText({ loop = "", times, every, until, steps = [] }: WrittenStep): string {
  const long = [
    ...(times === undefined ? [] : [`${times} times`]),
    ...(until === undefined ? [] : [`until ${until} is over`]),
  ];
  const how = `${loop} ${long.join(", ") || "to the end"}${every === undefined ? "" : `, every ${every}`}`;
  return `loop ${how}: ${steps.map((one) => `${one.task === undefined ? "" : `${one.task}: `}${stepText(one)}`).join("; ")}`;
}
