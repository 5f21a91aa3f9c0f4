import { parseBytesText } from "../../abi/bytes-text.ts";
import { parseSockaddrBytes } from "../../abi/sockaddr.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { ArgShape, ValueShape } from "../calls.ts";
import { referencesOf, type ArgValue, type Expected, type Naming } from "../answers.ts";
import type { CallStep } from "../experiment.ts";
import type { World } from "../world.ts";
import { endText, expectedText, isAsExpected, valueOf, type Look, type Value } from "./compare.ts";
import type { StepRecord } from "./journal.ts";
import type { Made, Tasks } from "./tasks.ts";

/** What the calls of a run need. */
export interface CallParts {
  readonly world: World;
  readonly tasks: Tasks;
  /** The results that have names, for all who call in this run. */
  readonly values: Map<string, Value>;
  /** Whether the run is over, so that nothing more is begun. */
  readonly isOver: () => boolean;
}

/** A call that was made, or why it was not. */
type Begun = { readonly ok: true; readonly made: Made } | { readonly ok: false; readonly why: string };

/** Makes calls of tasks and judges their answers. */
export interface Calls {
  /** The first of these names that has no value: the step that should have given it went wrong. */
  missing(names: readonly string[]): string | undefined;
  /** Begins a call, with the results of earlier ones in its arguments. */
  begin(step: CallStep): Promise<Begun>;
  /** Says on a record how a call was to end and how it did, keeps what gets a name, and answers whether all is right. */
  judge(
    record: StepRecord,
    reply: Reply,
    shape: ValueShape | undefined,
    expected: Expected,
    as: readonly Naming[],
  ): boolean;
  /** Makes a call, waits for its end, and judges it. */
  perform(step: CallStep, record: StepRecord): Promise<void>;
}

/** What is sent for the result of an earlier step; undefined for text that does not stand for what is wanted. */
function argOf({ kind }: ArgShape, known: Value | undefined): Value | Uint8Array | undefined {
  switch (kind) {
    case "bytes":
      return parseBytesText(String(known));
    case "address":
      return parseSockaddrBytes(String(known));
    case "number":
    case "duration":
    case "text":
    case "flag":
    case "file":
      return known;
  }
}

/** The names that the arguments of a call refer to. */
export const argumentsOf = ({ args }: CallStep): readonly string[] =>
  Object.values<ArgValue>(args).flatMap((value) =>
    typeof value === "object" && "reference" in value ? [value.reference] : [],
  );

/** The calls of a run. */
export function createCalls({ world, tasks, values, isOver }: CallParts): Calls {
  const missing: Calls["missing"] = (names) => names.find((name) => !values.has(name));

  /** The arguments with the results of earlier steps in their places, or why one of those cannot be sent. */
  function argsOf(step: CallStep): Readonly<Record<string, unknown>> | string {
    const args: Record<string, unknown> = {};
    for (const shape of step.shape.args) {
      const written = step.args[shape.name];
      const referred = typeof written === "object" && "reference" in written;
      args[shape.name] = referred ? argOf(shape, values.get(written.reference)) : written;
      if (referred && args[shape.name] === undefined)
        return `$${written.reference} is ${JSON.stringify(values.get(written.reference))}, which cannot be sent as ${shape.name}`;
    }
    return args;
  }

  const judge: Calls["judge"] = (record, reply, shape, expected, as) => {
    const look: Look = (name) => values.get(name);
    record.expected = expectedText(expected, look);
    record.actual = endText(reply, shape, expected);
    const asExpected = isAsExpected(reply, shape, expected, look);
    for (const naming of as) {
      const value = valueOf(reply, naming.value);
      if (value !== undefined) values.set(naming.name, value);
    }
    return asExpected;
  };

  async function begin(step: CallStep): Promise<Begun> {
    const name = missing(argumentsOf(step));
    if (name !== undefined) return { ok: false, why: `$${name} has no value` };
    const args = argsOf(step);
    if (typeof args === "string") return { ok: false, why: args };
    const problem = await tasks.ensure(step.task);
    if (problem !== undefined) return { ok: false, why: problem };
    if (isOver()) return { ok: false, why: "the run is over" };
    return { ok: true, made: tasks.call(step.task, step.shape.point, step.shape.stage, args) };
  }

  return {
    missing,
    begin,
    judge,
    async perform(step, record) {
      const expected = step.expect[world.profile];
      const name = missing(referencesOf(expected));
      const begun: Begun = name === undefined ? await begin(step) : { ok: false, why: `$${name} has no value` };
      if (!begun.ok) {
        record.status = expected.t === "any" ? "ok" : "skipped";
        record.note = begun.why;
        return;
      }
      const reply = await begun.made.reply;
      begun.made.seen();
      record.status = judge(record, reply, step.shape.value, expected, step.as) ? "ok" : "mismatch";
    },
  };
}
