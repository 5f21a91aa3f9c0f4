import { z } from "zod";
import { CONTRACT } from "../../abi/contract.generated.ts";
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

const condition = choice('a value, or a comparison such as ">2"', [
  { schema: z.number() },
  { schema: z.boolean() },
  { schema: z.string().min(1) },
]);

const conditions = (what: string): z.ZodType =>
  z.record(z.string(), condition, { error: say(`${what}, each with a value or a comparison such as ">2"`) });

const pointList = z
  .array(point, { error: say("a list of points") })
  .min(1, { error: say("a list of at least one point") });

const match = mapping("conditions on a crossing", {
  caller: word(callers, "a calling service:").optional(),
  node: name("the name of a node").optional().describe("The node; without it, every one."),
  task: name("the name of a task").optional().describe("The current task."),
  slice: conditions("fields of the slice")
    .optional()
    .describe("Conditions on the slice of the trace, such as fd or file."),
  args: conditions("arguments").optional().describe("Conditions on the arguments."),
  callers: mapping("conditions on the chain of calls", {
    require: pointList.optional().describe("One of these must be open along the chain of calls."),
    reject: pointList.optional().describe("None of these may be open along the chain of calls."),
  }).optional(),
}).describe("Which crossings the rule looks at; without it, all of its point.");

const ORDINALS = 'an ordinal from 1, a range such as "3..7" or "4..", or a list of them';
const ordinal = whole(1, 2 ** 32 - 1, ORDINALS);
const range = text(ORDINALS, /^[1-9]\d{0,8}\.\.([1-9]\d{0,8})?$/);

const HOW_OFTEN = ["nth", "every", "probability", "interval"] as const;
const SELECT_FORM = `at least one of ${listed(HOW_OFTEN)}: a rule without one would never fire, or nobody could tell when`;

const select = mapping("a selection", {
  nth: choice(ORDINALS, [
    { schema: ordinal },
    { schema: range },
    { schema: z.array(z.union([ordinal, range], { error: say(ORDINALS) })).min(1) },
  ])
    .optional()
    .describe("These of the matching crossings, counted from 1."),
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
})
  .refine((written) => HOW_OFTEN.some((key) => written[key] !== undefined), { error: say(SELECT_FORM, HOW_OFTEN) })
  .meta({
    description: "Which of the matching crossings are struck.",
    anyOf: HOW_OFTEN.map((key) => ({ required: [key] })),
  });

const only = z.literal(true, { error: say("true") });

/** The effects, by the word that the file uses. */
export const EFFECTS = [
  "abort",
  "delay",
  "loseRequest",
  "loseReply",
  "doubleCall",
  "duplicate",
  "skip",
  "crash",
  "hang",
  "slow",
  "partition",
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

const effect = mapping("an effect", {
  abort: mapping("a refusal", { errno }).optional().describe("The hook is not called; the caller gets the errno."),
  delay: mapping("a delay", { fixed: duration }).optional().describe("The call waits, then goes on."),
  loseRequest: only.optional().describe("The call never arrives; the caller waits for its deadline."),
  loseReply: only.optional().describe("The receiver acts, but its answer never comes back."),
  doubleCall: only.optional().describe("The hook is called twice, as two calls; the caller gets the second answer."),
  duplicate: only.optional().describe("The call arrives twice under one id; the receiver must act once."),
  skip: only.optional().describe("The hook is not called; the caller gets what the empty weak definition answers."),
  crash: mapping("a crash", { place: struck, moment })
    .optional()
    .describe("The place is killed, and comes back with a clean slate."),
  hang: mapping("a hang", { place: struck, for: lasting, moment })
    .optional()
    .describe("The place stands still for a time, then goes on as if nothing was."),
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
      point,
      match: match.optional(),
      select,
      effect,
      armed: flag().optional().describe("false: an arm step arms it; otherwise it is armed before the workload."),
      profile: profile.optional().describe("Only under this profile; without it, under both."),
    }),
    { error: say("a list of faults") },
  )
  .describe("Faults in the place of hook calls.");
