import { z } from "zod";
import { CALLS } from "../calls.ts";
import { lasting, place as struckPlace } from "./faults.ts";
import { methodProbe, ofActivity } from "./probes.ts";
import { CALL_NAMES, callFields, callOutcome, frozen } from "./workload.ts";
import { choice, duration, flag, listed, mapping, name, say } from "./words.ts";

const common = {
  type: z
    .literal("action", { error: say("action, or probe") })
    .meta({ id: "isAction", description: "It does something." }),
  name: name("the name of an action").meta({ id: "actionName", description: "What it is called." }).optional(),
  background: flag()
    .meta({
      id: "inBackground",
      description: "Goes on with the next one; what is still under way is waited for at the end.",
    })
    .optional(),
  ...ofActivity,
};

const anyFault = mapping("a fault", {
  id: choice("the id of a fault, or '*' for all of them", [
    { schema: name("the id of a fault") },
    { schema: z.literal("*") },
  ]),
});
const place = struckPlace.describe("A place by its full name, or a house of the first node.");

/** The standard actions, by the word after `do`, with what each takes. */
const DOES = {
  "workload.start": undefined,
  "fault.arm": anyFault,
  "fault.disarm": anyFault,
  "house.crash": mapping("a crash", { place }),
  "house.hang": mapping("a hang", { place, for: lasting }),
  "house.slow": mapping("a slowness", {
    place,
    by: duration.describe("By how much each call is held up."),
    for: lasting,
  }),
  "edge.partition": mapping("a partition", {
    between: z.tuple([place, place], { error: say("two places such as [inband, companion]") }),
    for: lasting,
  }),
  "stage.freeze": frozen,
  "time.sleep": mapping("a sleep", { for: lasting }),
} as const;

/** The words after `do`. */
export const ACTIONS = Object.keys(DOES) as (keyof typeof DOES)[];

const standard = ACTIONS.map((word): z.ZodObject => {
  const takes = DOES[word];
  return mapping(`an action ${word},`, { do: z.literal(word), ...(takes && { with: takes }), ...common });
}) as [z.ZodObject, ...z.ZodObject[]];

const calls = [...CALLS.values()].map((shape): z.ZodObject =>
  mapping(`an action that calls ${shape.call},`, { ...callFields(shape), ...callOutcome(shape), ...common }),
) as [z.ZodObject, ...z.ZodObject[]];

const entry = choice(
  "an action {type: action, do: …} or {type: action, call: …}, or a probe {type: probe, …}",
  [
    {
      schema: z.discriminatedUnion("do", standard, { error: say(`an action: ${listed(ACTIONS)}`, ACTIONS) }),
      keys: ["do"],
    },
    { schema: methodProbe, keys: ["type=probe"] },
    {
      schema: z.discriminatedUnion("call", calls, { error: say(`a call: ${listed(CALL_NAMES)}`, CALL_NAMES) }),
      keys: ["call"],
    },
  ],
  ["do", "call", "type"],
).meta({ id: "activity", description: "An action or a probe." });

/** What is done, in order. */
export const method = z
  .array(entry, { error: say("a list of actions and probes") })
  .describe("What is done, in order; without it, the workload.");

/** What is done at the end, whatever happened. */
export const rollbacks = z
  .array(entry, { error: say("a list of actions and probes") })
  .describe("What is done at the end, whatever happened before.");
