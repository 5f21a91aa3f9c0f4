import { z } from "zod";
import { CONTRACT } from "../../abi/contract.generated.ts";
import { PHASES, SIDES } from "../../boundary/faults/cells.ts";
import { FAULT_POINTS, pointName } from "../../boundary/faults/points.ts";
import { ROAD_STATUSES } from "../../boundary/faults/road.ts";
import {
  choice,
  duration,
  errno,
  flag,
  listed,
  mapping,
  name,
  point,
  profile,
  prose,
  ratio,
  say,
  text,
  whole,
  word,
} from "./words.ts";

const callers = [
  ...new Set(
    Object.values(CONTRACT)
      .filter(({ kind }) => kind !== "control")
      .map(({ from }) => from),
  ),
];

const scalar = choice("a number, a text, true or false", [
  { schema: z.number() },
  { schema: z.boolean() },
  { schema: z.string() },
]);

/** The comparisons by name. */
export const COMPARISONS = { eq: "==", ne: "!=", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;
const comparisons = mapping(
  "comparisons",
  Object.fromEntries(Object.keys(COMPARISONS).map((name) => [name, scalar.optional()])),
).refine((written) => Object.keys(written).length > 0, { error: say("at least one comparison, such as {gt: 2}") });

const CONDITION_FORM = 'a value, a comparison such as ">2", or comparisons such as {gt: 2}';
const condition = choice(CONDITION_FORM, [
  { schema: z.number() },
  { schema: z.boolean() },
  { schema: z.string().min(1) },
  { schema: comparisons, keys: Object.keys(COMPARISONS) },
]);

const conditions = (what: string): z.ZodType =>
  z.record(z.string(), condition, { error: say(`${what}, each with ${CONDITION_FORM}`) });

const pointList = z
  .array(point, { error: say("a list of points") })
  .min(1, { error: say("a list of at least one point") });

const POINT_FORM =
  "a point of the contract, frame_send or frame_receive, a glob such as sock_oob_*, one that is taken out such as !sock_oob_ioctl, or a list of them (`tenon hooks` lists the points)";
const POINT_WORD = /^!?[a-z0-9_*]+$/;
const pointWord = text(POINT_FORM, POINT_WORD).meta({
  id: "faultPoint",
  description: "A point where a fault can be: its name, or a glob.",
  anyOf: [{ enum: FAULT_POINTS.map(pointName) }, { pattern: "^!|\\*" }],
});
const where = choice(POINT_FORM, [
  { schema: pointWord },
  { schema: z.array(pointWord, { error: say(POINT_FORM) }).min(1) },
]);

const formula = (what: string): z.ZodString =>
  prose(what).describe("A past-time formula over the events of the house where the fault strikes.");

const match = mapping("conditions on a crossing", {
  caller: word(callers, "a calling service:").optional(),
  node: name("the name of a node").optional().describe("The node; without it, every one."),
  process: text("a process: a house such as vfs, alpha/vfs, or alpha/vfs#2", /^[A-Za-z][\w/-]*(#[1-9]\d*)?$/)
    .optional()
    .describe("The process in which the fault strikes."),
  stage: word(["inband", "oob"], "a stage:").optional().describe("The stage that it is called from."),
  task: name("the name of a task").optional().describe("The current task."),
  slice: conditions("fields of the slice")
    .optional()
    .describe("Conditions on the slice of the trace, such as fd or file."),
  args: conditions("arguments").optional().describe("Conditions on the arguments."),
  callers: mapping("conditions on the chain of calls", {
    require: pointList.optional().describe("One of these must be open along the chain of calls."),
    reject: pointList.optional().describe("None of these may be open along the chain of calls."),
    depth: whole(1, 1000, "a whole number from 1 to 1000")
      .optional()
      .describe("How many of the innermost open points are looked at; without it, 32."),
  }).optional(),
}).describe("Which crossings the rule looks at; without it, all of its point.");

const ORDINALS = 'an ordinal from 1, a range such as "3..7" or "4..", a list of them, or each';
const ordinal = whole(1, 2 ** 32 - 1, ORDINALS);
const range = text(ORDINALS, /^[1-9]\d{0,8}\.\.([1-9]\d{0,8})?$/);

/** Whether a fault stays once it has struck. */
export const PERSISTENCE = ["transient", "persistent"] as const;

/** The directions of a call. */
export const STREAMS = ["upstream", "downstream"] as const;

const HOW_OFTEN = ["nth", "every", "probability", "interval"] as const;
const SELECT_FORM = `at least one of ${listed(HOW_OFTEN)}: a rule without one would never fire, or nobody could tell when`;

const select = mapping("a selection", {
  nth: choice(ORDINALS, [
    { schema: ordinal },
    { schema: range },
    { schema: z.literal("each") },
    { schema: z.array(z.union([ordinal, range], { error: say(ORDINALS) })).min(1) },
  ])
    .optional()
    .describe(
      "These of the matching crossings, counted from 1; each: a run for the first, one for the second, and so on.",
    ),
  every: whole(1, 2 ** 32 - 1, "a whole number from 1")
    .optional()
    .describe("Each n-th."),
  probability: ratio.optional().describe("One in so many, decided by hash of seed, rule, point, slice and count."),
  interval: whole(1, 2 ** 32 - 1, "a whole number from 1")
    .optional()
    .describe("Only each n-th is a candidate."),
  times: whole(1, 2 ** 32 - 1, "a whole number from 1")
    .optional()
    .describe("How many times at most."),
  space: whole(1, Number.MAX_SAFE_INTEGER, "a whole number of bytes from 1")
    .optional()
    .describe("Not before so many bytes of data have crossed."),
  persist: word(PERSISTENCE).optional().describe("persistent: once it has struck, it strikes every later one too."),
})
  .refine((written) => HOW_OFTEN.some((key) => written[key] !== undefined), { error: say(SELECT_FORM, HOW_OFTEN) })
  .meta({
    description: "Which of the matching crossings are struck.",
    anyOf: HOW_OFTEN.map((key) => ({ required: [key] })),
  });

/** A rate, as netem has it. */
const RATE = /^\d+(\.\d+)?[kmg]?bit$/;

const only = z.literal(true, { error: say("true") });

/** The effects, by the word that the file uses. */
export const EFFECTS = [
  "abort",
  "delay",
  "drop",
  "loseRequest",
  "loseReply",
  "half",
  "duplicate",
  "reorder",
  "corrupt",
  "mistake",
  "bandwidth",
  "skip",
  "doubleCall",
  "wrongStage",
  "stall",
  "crash",
  "hang",
  "pause",
  "slow",
  "partition",
  "resource",
] as const;

/** When a blow strikes, by the word that the file uses. */
export const MOMENTS = ["before", "before-reply"] as const;

const PLACE_FORM = "a house such as companion, or a full name such as beta/nic or lan/switch";
/** What can be struck. */
export const place = text(PLACE_FORM, /^[A-Za-z][A-Za-z0-9_-]*(\/[a-z]+)?$/).meta({
  id: "place",
  description: "A house of the node on which the call crosses, or a place by its full name.",
});
const moment = word(MOMENTS)
  .optional()
  .describe("Before the call leaves (default), or after the receiver acted and before its answer arrives.");
const struck = place.optional().describe("What is struck; without it, the house that the call goes to.");
/** For how long. */
export const lasting = duration.describe("How long it lasts.");
const EFFECT_FORM = `exactly one of ${listed(EFFECTS)}`;

const one = (keys: readonly string[]) => ({
  check: (written: object): boolean => Object.keys(written).filter((key) => keys.includes(key)).length === 1,
  error: say(`exactly one of ${listed(keys)}`, keys),
});
const ABORTS = one(["errno", "grpcStatus", "value"]);
const LENGTHS = one(["fixed", "uniform", "exp"]);
const orTrue = (details: z.ZodType, form: string): z.ZodType =>
  choice(`true, or ${form}`, [{ schema: only }, { schema: details, keys: [] }]);
const fieldList = z.array(text("the name of a field", /^[a-z][a-z0-9_]*$/), { error: say("a list of fields") }).min(1);
const byField = z.record(z.string(), scalar, { error: say("fields, each with a value") });
const stands = { hang: "a hang", pause: "a pause" } as const;
const still = (what: keyof typeof stands): z.ZodType =>
  mapping(stands[what], { place: struck, for: lasting, moment })
    .optional()
    .describe("The place stands still for a time, then goes on as if nothing was.");

const effect = mapping("an effect", {
  abort: mapping("an abort", {
    errno: errno.optional().describe("The caller gets the errno."),
    grpcStatus: word(Object.keys(ROAD_STATUSES)).optional().describe("The road fails with this status."),
    value: choice("a value, or fields with a value each", [{ schema: scalar }, { schema: byField, keys: [] }])
      .optional()
      .describe("The caller gets this value."),
  })
    .refine(ABORTS.check, { error: ABORTS.error })
    .optional()
    .describe("The hook is not called, or its answer is replaced (phase: after)."),
  delay: mapping("a delay", {
    fixed: duration.optional(),
    uniform: z
      .tuple([duration, duration], { error: say("two durations such as [1ms, 5ms]") })
      .optional()
      .describe("As likely each length between the two."),
    exp: duration.optional().describe("The mean of an exponential distribution."),
    jitter: duration.optional().describe("By how much a fixed delay is off, to either side."),
    correlation: ratio.optional().describe("How much the chance of the time before counts."),
  })
    .refine(LENGTHS.check, { error: LENGTHS.error })
    .optional()
    .describe("The call, or the frame, waits, then goes on."),
  drop: only.optional().describe("A frame is lost; of a call its request, or its reply (stream: downstream)."),
  loseRequest: only.optional().describe("The call never arrives; the caller waits for its deadline."),
  loseReply: only.optional().describe("The receiver acts, but its answer never comes back."),
  half: only.optional().describe("The same as loseReply: the effect took place, and the caller cannot know."),
  duplicate: orTrue(
    mapping("a duplicate", { times: whole(1, 1000, "a whole number from 1 to 1000") }),
    "how often more: {times: 2}",
  )
    .optional()
    .describe("The call arrives twice under one id, and the receiver must act once; or the frame arrives twice."),
  reorder: mapping("a change of places", { gap: whole(1, 1000, "a whole number from 1 to 1000") })
    .optional()
    .describe("The frame is held back until so many others have gone before it."),
  corrupt: orTrue(
    mapping("a corruption", {
      bytes: whole(1, 65535, "a whole number from 1 to 65535").optional(),
      fields: fieldList.optional(),
    }),
    "how many bytes of which fields: {bytes: 2, fields: [data]}",
  )
    .optional()
    .describe("Bits of the data are turned over, one in each of so many bytes."),
  mistake: orTrue(
    mapping("a mistake", { fields: fieldList.optional(), values: byField.optional() }),
    "which fields, and perhaps their values: {fields: [fd]}, {values: {fd: 7}}",
  )
    .optional()
    .describe("Fields of the arguments, or of the answer (phase: after), are wrong: as given, or by chance."),
  bandwidth: mapping("a bound on bandwidth", {
    rate: text("a rate such as 500kbit, 10mbit or 1gbit", RATE),
  })
    .optional()
    .describe("Data passes no faster than this."),
  skip: only.optional().describe("The hook is not called; the caller gets what the empty weak definition answers."),
  doubleCall: only.optional().describe("The hook is called twice, as two calls; the caller gets the second answer."),
  wrongStage: only.optional().describe("The call says that it comes from the other stage; the receiver must notice."),
  stall: mapping("a stall", { until: formula("a formula") })
    .optional()
    .describe("The call is held until the formula holds, or until its deadline."),
  resource: mapping("a resource that runs out", {
    kind: word(["kthread", "memory", "fd", "wmem"], "a resource:"),
  })
    .optional()
    .describe("The house that is called has run out of it while it acts."),
  crash: mapping("a crash", { place: struck, moment })
    .optional()
    .describe("The place is killed, and comes back with a clean slate."),
  hang: still("hang"),
  pause: still("pause"),
  slow: mapping("a slowness", {
    place: struck,
    by: duration.describe("By how much each call to the place is held up."),
    for: lasting,
    moment,
  })
    .optional()
    .describe("For a time, every call to the place is held up before it acts on it."),
  partition: mapping("a partition", {
    between: z
      .tuple([place, place], { error: say("two places such as [inband, companion]") })
      .optional()
      .describe("The two ends of the edge; without it, the houses of the call."),
    for: lasting,
    moment,
  })
    .optional()
    .describe("For a time, nothing crosses between two places; what would is lost."),
})
  .refine((written) => Object.keys(written).length === 1, { error: say(EFFECT_FORM, EFFECTS) })
  .meta({ description: "What happens then.", minProperties: 1, maxProperties: 1 });

/** Faults in the place of hook calls. */
export const faults = z
  .array(
    mapping("a fault", {
      id: name("an id"),
      title: prose("what the fault is, in words").optional(),
      point: where,
      phase: word(PHASES, "a phase:")
        .optional()
        .describe("Where within the crossing; without it, where the effect belongs."),
      side: word(SIDES, "a side:")
        .optional()
        .describe(
          "server: in the house that is called, when the call has arrived there; without it, in the one that calls.",
        ),
      stream: word(STREAMS, "a direction:").optional().describe("The request (upstream), or the reply (downstream)."),
      match: match.optional(),
      when: formula("a formula").optional(),
      select,
      maxActiveFaults: whole(1, 2 ** 32 - 1, "a whole number from 1")
        .optional()
        .describe("Not while so many injected faults of the house are going on."),
      verbose: whole(0, 2, "0, 1 or 2")
        .optional()
        .describe("1: the house records what it decided whenever the rule strikes; 2: also whenever it does not."),
      effect,
      armed: flag().optional().describe("false: an arm step arms it; otherwise it is armed before the workload."),
      profile: profile.optional().describe("Only under this profile; without it, under both."),
    }),
    { error: say("a list of faults") },
  )
  .describe("Faults in the place of hook calls.");
