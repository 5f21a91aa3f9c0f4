import { z } from "zod";
import { STATISTICS } from "../../abi/latencies.ts";
import { RUNTIMES } from "../world.ts";
import { choice, listed, mapping, name, prose, say, text } from "./words.ts";

const atom = (what: string): z.ZodString =>
  prose('an atom such as "task:oob_sendmsg.enter[node==alpha]"').describe(what);

/** Times of a measure, by when it was: before the in-band stage of any node stood still, while one did, and afterwards. */
export const PHASES_OF_A_FREEZE = ["before", "during", "after"] as const;

/** What is measured: how long it takes from one event to another one. */
export const measure = z
  .array(
    mapping("a measure", {
      name: name("a name for the measure").describe("What expectations call it by."),
      title: prose("what is measured, in words").optional().describe("What is measured, in words."),
      from: atom("The event that it begins with. One that comes while another one is open takes its place."),
      to: atom("The event that it ends with."),
      per: z
        .array(text("the name of a field of events", /^[a-z][a-z0-9_]*$/), {
          error: say("a list of fields of events, such as [node, task]"),
        })
        .min(1, { error: say("a list of at least one field of events, such as [node, task]") })
        .optional()
        .describe(
          "Both events have the same values of these fields, such as [trace], or [node, task]; without it, all events count together.",
        ),
    }),
    { error: say("a list of measures") },
  )
  .min(1, { error: say("a list of at least one measure") })
  .describe("What is measured: how long it takes from one event to another, in the time of the world.");

/** How a bound is written. */
export const BOUND_FORM =
  'a bound such as "<= 100us", "== before", "<= 2 x before + 5ms" (a duration, or the same statistic of before, during, after, or of another measure such as other or other.during)';
const bound = text(BOUND_FORM, /^\s*(==|!=|<=|>=|<|>)\s*\S.*$/).meta({ id: "bound", description: BOUND_FORM });
const BOUNDS_FORM = `${BOUND_FORM}, or several in a list`;
const bounds = choice(BOUNDS_FORM, [
  { schema: bound },
  { schema: z.array(bound, { error: say(BOUNDS_FORM) }).min(1, { error: say(BOUNDS_FORM), abort: true }) },
]);
const BY_RUNTIME = `${BOUNDS_FORM}; or bounds for each runtime, such as {simulated: "== before", embedded: "<= 2 x before + 5ms"}`;
const byRuntime = choice(BY_RUNTIME, [
  { schema: bounds },
  {
    schema: mapping(
      "bounds for each runtime",
      Object.fromEntries(RUNTIMES.map((runtime) => [runtime, bounds.optional()])),
    ),
    keys: [...RUNTIMES],
  },
]).meta({ id: "bounds", description: "What a statistic must be; a runtime that is not named is not asked." });

const statistics = Object.fromEntries(STATISTICS.map((statistic) => [statistic, byRuntime.optional()]));
const phases = Object.fromEntries(
  PHASES_OF_A_FREEZE.map((phase) => [phase, mapping(`statistics of ${phase},`, statistics).optional()]),
);

/** What measures must come to. */
export const measured = z
  .record(z.string(), mapping("statistics", { ...statistics, ...phases }), {
    error: say("measures by their names, each with statistics"),
  })
  .describe(
    `What measures must come to: ${listed(STATISTICS)} of all samples, or of those before, during and after a freeze.`,
  );
