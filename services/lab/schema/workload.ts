import { z } from "zod";
import { BYTES_FORM } from "../../abi/bytes-text.ts";
import { CONSTANTS } from "../../abi/flags.ts";
import { SOCKADDR_FORM } from "../../abi/sockaddr.ts";
import { CALLS, RANGES, type ArgShape, type CallShape, type Range } from "../calls.ts";
import { EXPECTATIONS, naming } from "./outcomes.ts";
import {
  choice,
  constant,
  constantList,
  duration,
  flag,
  listed,
  mapping,
  name,
  profile,
  prose,
  reference,
  say,
  taskName,
  whole,
  word,
} from "./words.ts";

const CONSTANT_NAMES = Object.keys(CONSTANTS);

const common = {
  title: prose("what this step shows, in words")
    .meta({ id: "stepTitle", description: "What this step shows, in words." })
    .optional(),
  profile: profile
    .meta({ id: "onlyProfile", description: "Only under this profile; without it, under both." })
    .optional(),
};

const task = taskName.meta({
  id: "task",
  description:
    "The task that calls, such as app, or server@beta for one on another node than the first; it is started, with an empty file table, when it is first mentioned.",
});
const background = name("a name for the call that goes on").meta({
  id: "background",
  description: "Starts the call and goes on; a join waits for it.",
});
const leave = flag().meta({
  id: "leave",
  description: "A background call that may still wait when the experiment ends.",
});

const numberBetween = ({ min, max }: Range): z.ZodType => {
  const allowed = `a whole number from ${min} to ${max}, a constant such as O_RDWR, a list of constants, or $name of an earlier result`;
  return choice(
    allowed,
    [{ schema: whole(min, max, allowed) }, { schema: constant }, { schema: constantList }, { schema: reference }],
    CONSTANT_NAMES,
  );
};

const ADDRESS = `${SOCKADDR_FORM}, or $name of an earlier result`;
/** How a file of bytes is named. */
export const FILE_FORM = "the name of a file, from where the experiment is";

const address = z.string({ error: say(ADDRESS) }).meta({ id: "address", description: ADDRESS });

/** One schema for each width of numbers, so that the exported schema says each of them once. */
const NUMBERS = new Map(Object.entries(RANGES).map(([kind, range]) => [kind, numberBetween(range).meta({ id: kind })]));

function argSchema(shape: ArgShape): z.ZodType {
  switch (shape.kind) {
    case "number":
      return NUMBERS.get(shape.width) ?? numberBetween(shape);
    case "duration": {
      const allowed = "a duration such as 50ms, or 0";
      return choice(allowed, [{ schema: duration }, { schema: z.literal(0) }]);
    }
    case "text":
      return z.string({ error: say("text, or $name of an earlier result") });
    case "bytes":
      return z.string({ error: say(`${BYTES_FORM}, or $name of an earlier result`) });
    case "file":
      return z.string({ error: say(`${FILE_FORM}, or nothing`) });
    case "address":
      return address;
    case "flag":
      return flag();
  }
}

function argsOf(shape: CallShape): z.ZodType {
  const args = Object.fromEntries(
    shape.args.map((arg) => [arg.name, arg.fallback === undefined ? argSchema(arg) : argSchema(arg).optional()]),
  );
  const names = shape.args.map((arg) => arg.name);
  const mustHaveArgs = shape.args.some((arg) => arg.fallback === undefined);
  const withArgs = z
    .strictObject(args, {
      error: say(
        names.length === 0
          ? `nothing: ${shape.call} takes no arguments`
          : `arguments of ${shape.call}: ${listed(names)}`,
        names,
      ),
    })
    .meta({ id: `args_${shape.call}`, description: `The arguments of ${shape.point}.` });
  return mustHaveArgs ? withArgs : withArgs.optional();
}

/** The arguments of each call, once, so that the exported schema says each of them once. */
const ARGS = new Map([...CALLS.values()].map((shape) => [shape.call, argsOf(shape)]));

/** What every call says: its name, who makes it, and its arguments. */
export const callFields = (shape: CallShape) => ({
  call: z.literal(shape.call).describe(`Calls ${shape.point}.`),
  task,
  with: ARGS.get(shape.call) ?? argsOf(shape),
});

/** What a call may say of its answer. */
export const callOutcome = (shape: CallShape) => ({
  ...(shape.value && { as: naming.optional() }),
  expect: EXPECTATIONS[shape.value?.kind ?? "nothing"].optional(),
});

function callStep(shape: CallShape): z.ZodObject {
  return mapping(`a step that calls ${shape.call},`, {
    ...callFields(shape),
    ...callOutcome(shape),
    background: background.optional(),
    leave: leave.optional(),
    ...common,
  });
}

/** What a stage that stands still is said with. */
export const frozen = mapping("a freeze", {
  node: name("the name of a node").optional().describe("Whose stage; without it, that of the first node."),
  stage: word(["inband"], "a stage:")
    .optional()
    .describe(
      "The in-band stage: the VFS, the in-band stack, what tasks do in-band, and what drivers do in-band, which is all of a stock one. The out-of-band stage never stands still for another one.",
    ),
  for: duration.describe("For how long."),
}).describe("The in-band stage of a node stands still for a time; the core and the out-of-band half of drivers go on.");

/** The calls, by the words of the file. */
export const CALL_NAMES: readonly string[] = [...CALLS.keys()];
const callSteps = [...CALLS.values()].map(callStep) as [z.ZodObject, ...z.ZodObject[]];
const call = z.discriminatedUnion("call", callSteps, { error: say(`a call: ${listed(CALL_NAMES)}`, CALL_NAMES) });

const sleepStep = mapping("a step that sleeps", { sleep: duration, ...common });

const KINDS = {
  call,
  join: mapping("a step that joins", {
    join: name("the name of a background call").describe("Waits for the end of a background call."),
    as: naming.optional(),
    expect: EXPECTATIONS.unknown.optional(),
    ...common,
  }),
  wait: mapping("a step that waits", {
    wait: prose('an atom such as "oob_wait[fd==3]"').describe(
      "Waits until an event matches this atom, counted from the start of the experiment.",
    ),
    count: whole(1, Number.MAX_SAFE_INTEGER, "how many such events, from 1")
      .optional()
      .describe("Waits for so many of them."),
    ...common,
  }),
  loop: mapping("a step that repeats", {
    loop: name("a name for what goes on").describe(
      "Begins to do these steps again and again, and goes on with the next step at once; a join waits for the end.",
    ),
    times: whole(1, 1_000_000, "how many times, from 1")
      .optional()
      .describe("How many times; without it, until another loop is over, or to the end of the workload."),
    every: duration
      .optional()
      .describe("The period, as of a periodic timer: one that is missed is skipped. Without it, at once."),
    until: name("the name of an earlier loop").optional().describe("It ends when that one is over."),
    leave: flag()
      .meta({
        id: "leaveLoop",
        description: "It ends with the workload, wherever it is, and may still wait in a call.",
      })
      .optional(),
    steps: z
      .array(
        choice("a call or a sleep", [
          { schema: call, keys: ["call"] },
          { schema: sleepStep, keys: ["sleep"] },
        ]),
        {
          error: say("a list of calls and sleeps"),
        },
      )
      .min(1, { error: say("a list of at least one call") })
      .describe("What is done each time: calls, none of them in the background, and sleeps."),
    ...common,
  }),
  freeze: mapping("a step that freezes a stage", { freeze: frozen, ...common }),
  sleep: sleepStep,
  arm: mapping("a step that arms a fault", { arm: name("the id of a fault"), ...common }),
  disarm: mapping("a step that disarms a fault", { disarm: name("the id of a fault"), ...common }),
};

const KIND_NAMES = Object.keys(KINDS);

/** What the tasks do, in order. */
export const workload = z
  .array(
    choice(
      `a step: one of ${listed(KIND_NAMES)}`,
      Object.entries(KINDS).map(([key, schema]) => ({ schema, keys: [key] })),
      KIND_NAMES,
    ),
    { error: say("a list of steps") },
  )
  .min(1, { error: say("a list of at least one step") })
  .describe("What the tasks do, in order.");
