import { z } from "zod";
import { CALLS } from "../calls.ts";
import { callFields, CALL_NAMES } from "./workload.ts";
import { choice, duration, listed, mapping, name, prose, say, whole, word, type Branch } from "./words.ts";

/** When a steady state is looked at: before and after the method as each probe says, or in these phases only. */
export const STRATEGIES = [
  "default",
  "before-method-only",
  "after-method-only",
  "during-method-only",
  "continuously",
] as const;

/** When a probe is looked at: at the start, at the end, at both, all through the method, or while a fault is armed. */
export const PROBE_MODES = ["SOT", "EOT", "Edge", "Continuous", "OnChaos"] as const;

/** What a probe can list, each as the houses tell it. */
export const LISTS = [
  "files",
  "index",
  "devices",
  "sockets",
  "routes",
  "neighbours",
  "counters",
  "oob_devices",
] as const;

/** Comparisons of each type of value. */
export const CRITERIA = {
  int: ["==", "!=", "<", "<=", ">", ">=", "oneOf", "between"],
  float: ["==", "!=", "<", "<=", ">", ">=", "oneOf", "between"],
  string: ["equal", "notEqual", "contains", "matches", "notMatches", "oneOf"],
} as const;

const scalar = choice("a value", [{ schema: z.number() }, { schema: z.boolean() }, { schema: z.string() }]);
const numbers = z.array(z.number({ error: say("a number") }), { error: say("a list of numbers") });

const TOLERANCE = "a value, a list of values, {type: range, range: [0, 4]}, or {type: regex, pattern: …}";
const tolerance = choice(TOLERANCE, [
  { schema: scalar },
  { schema: z.array(scalar, { error: say(TOLERANCE) }).min(1) },
  {
    schema: mapping("a range", {
      type: z.literal("range", { error: say("range, with range: [lowest, highest]") }),
      range: z.tuple([z.number(), z.number()], { error: say("[lowest, highest]") }),
    }),
    keys: ["range", "type=range"],
  },
  {
    schema: mapping("a regular expression", {
      type: z.literal("regex", { error: say("regex, with pattern") }),
      pattern: prose("a regular expression"),
    }),
    keys: ["pattern", "type=regex"],
  },
]).meta({
  id: "tolerance",
  description: "What the value may be: this, one of these, within this range, or like this.",
});

const typed = (type: keyof typeof CRITERIA, value: z.ZodType): z.ZodType =>
  mapping(`a comparison of ${type}`, {
    type: z.literal(type),
    criteria: word(CRITERIA[type], "a comparison:"),
    value,
  });

const NUMBER_OR_LIST = "a number, or a list of numbers for oneOf and between";
const numeric = choice(NUMBER_OR_LIST, [{ schema: z.number() }, { schema: numbers.min(1) }]);
const TEXT_OR_LIST = "text, or a list of texts for oneOf";
const textual = choice(TEXT_OR_LIST, [{ schema: z.string() }, { schema: z.array(z.string()).min(1) }]);

const comparator = choice("a comparator with type, criteria and value; type is one of int, float, string", [
  { schema: typed("int", numeric), keys: ["type=int"] },
  { schema: typed("float", numeric), keys: ["type=float"] },
  { schema: typed("string", textual), keys: ["type=string"] },
]).meta({ id: "comparator", description: "What the value must compare to." });

const isProbe = z
  .literal("probe", { error: say("probe") })
  .meta({ id: "isProbe", description: "It looks at something." });
const activityTitle = prose("what it is for, in words").meta({
  id: "activityTitle",
  description: "What it is for, in words.",
});

/** What every probe and action of a method says besides. */
export const ofActivity = {
  title: activityTitle.optional(),
  pauses: mapping("pauses", {
    before: duration.optional().describe("How long to wait before it."),
    after: duration.optional().describe("How long to wait after it."),
  })
    .meta({ id: "pauses", description: "How long to wait before and after it." })
    .optional(),
};

const common = {
  type: isProbe.optional(),
  name: name("the name of a probe").meta({ id: "probeName", description: "What it is called in the journal." }),
  title: activityTitle.optional(),
  tolerance: tolerance.optional(),
  comparator: comparator.optional(),
  runProperties: mapping("the properties of a probe", {
    interval: duration
      .optional()
      .describe("How long between two looks; without it, 1ms between attempts, and no looks but those between steps."),
    attempts: whole(1, 1000, "a whole number from 1 to 1000")
      .optional()
      .describe("How many looks it may take until the value is within its tolerance; without it, 1."),
    timeout: duration.optional().describe("How long a call may take; without it, as long as its deadline lets it."),
  })
    .meta({ id: "runProperties", description: "How often and how long a probe looks." })
    .optional(),
};

const steady = {
  mode: word(PROBE_MODES)
    .meta({
      id: "probeMode",
      description:
        "SOT: before the method. EOT: after it. Edge: both (without it). Continuous: all through it. OnChaos: all through it while a fault is armed.",
    })
    .optional(),
};

const inMethod = { type: isProbe, ...ofActivity };

const where = z
  .record(z.string(), scalar, { error: say("fields with a value each, such as {dev: eth0}") })
  .optional()
  .describe("Only entries with these values; of a list of words, one that has this word.");

const FORMS = ["call", "count", "list"] as const;

/** The three kinds of probe, with what else such an entry may say. */
function kinds(extra: z.core.$ZodLooseShape): readonly Branch[] {
  const calls = [...CALLS.values()].map((shape): z.ZodObject =>
    mapping(`a probe that calls ${shape.call},`, { ...callFields(shape), ...common, ...extra }),
  ) as [z.ZodObject, ...z.ZodObject[]];
  return [
    {
      schema: z.discriminatedUnion("call", calls, { error: say(`a call: ${listed(CALL_NAMES)}`, CALL_NAMES) }),
      keys: ["call"],
    },
    {
      schema: mapping("a probe that counts events,", {
        count: prose("an atom such as efile_open, or a sum such as count(efile_open) - count(efile_free)").describe(
          "How many events so far are like an atom, or a sum of such counts.",
        ),
        ...common,
        ...extra,
      }),
      keys: ["count"],
    },
    {
      schema: mapping("a probe that lists,", {
        list: word(LISTS).describe(
          "How many entries there are: open files, the index of the core, or what the houses know of the network.",
        ),
        where,
        sum: prose("the name of a field that is a number").optional().describe("The sum of this field instead."),
        ...common,
        ...extra,
      }),
      keys: ["list"],
    },
  ];
}

const PROBE = `a probe: one of ${listed(FORMS)}`;

/** A probe of a method. */
export const methodProbe = choice(PROBE, kinds(inMethod), FORMS).meta({
  id: "methodProbe",
  description: "Looks at something on the way.",
});

const steadyProbe = choice(PROBE, kinds(steady), FORMS).meta({
  id: "steadyProbe",
  description: "Looks at one thing of a steady state.",
});

/** What holds before, and must hold again. */
export const steadyState = mapping("a steady state", {
  title: prose("a title").describe("What holds, in words."),
  strategy: word(STRATEGIES)
    .optional()
    .describe("When it is looked at. default: before and after the method, each probe as its mode says."),
  probes: z
    .array(steadyProbe, { error: say("a list of probes") })
    .min(1, { error: say("a list of at least one probe") }),
}).meta({
  id: "steadyState",
  description:
    "Not met before the method: nothing is done, and nothing was learnt. Not met after it: the run has deviated.",
});
