import { z } from "zod";
import { measured } from "./measures.ts";
import { violates } from "./rules.ts";
import { choice, listed, mapping, profile, prose, say, text, whole, word } from "./words.ts";

/** What the whole run must come to. */
export const VERDICTS = ["pass", "fail", "inconclusive", "knownFailing", "knownFlaky"] as const;

const atom = prose("an atom such as sys_open.exit[ret==ENOMEM]").meta({
  id: "atom",
  description:
    "name.phase[field op value, …], with globs in the name and | between alternatives; service:name for the other side of a call.",
});
const atoms = z.array(atom, { error: say("a list of atoms") }).min(1, { error: say("a list of at least one atom") });

const scalar = choice("a value", [{ schema: z.number() }, { schema: z.boolean() }, { schema: z.string().min(1) }]);

const COUNT = 'a whole number, or a comparison such as ">= 2"';

const common = {
  title: prose("what is expected, in words").optional().describe("What is expected, in words."),
  profile: profile.optional().describe("Only under this profile; without it, under both."),
  where: z
    .record(z.string(), scalar, { error: say("fields of events with a value each, such as {fd: 3}") })
    .optional()
    .describe("Only events with these values: service, stage, point, or a field of the slice or of the arguments."),
};

const KINDS = {
  inOrder: mapping("an expectation", {
    inOrder: atoms.describe("Events like these happen, each surely after the one before; others may lie between."),
    ...common,
  }),
  exactly: mapping("an expectation", {
    exactly: z
      .array(atom, { error: say("a list of atoms") })
      .describe("The events that `where` and `points` select are exactly these, in this order."),
    points: atoms.optional().describe("Which events count, as atoms; without it, those that `where` selects."),
    ...common,
  }),
  never: mapping("an expectation", { never: atom.describe("No event is like this."), ...common }),
  count: mapping("an expectation", {
    count: z
      .record(
        z.string(),
        choice(COUNT, [
          { schema: whole(0, Number.MAX_SAFE_INTEGER, COUNT) },
          { schema: text(COUNT, /^(==|!=|<=|>=|<|>)\s*\d{1,15}$/) },
        ]),
        {
          error: say("atoms, each with how many such events there are"),
        },
      )
      .describe("How many events are like each atom."),
    ...common,
  }),
};

const KIND_NAMES = Object.keys(KINDS);

/** What must hold besides the expectations of the steps. */
export const expect = mapping("expectations", {
  verdict: word(VERDICTS)
    .optional()
    .describe(
      "What the run must come to. knownFailing: it fails today, and a pass is an error. knownFlaky: it may pass or fail. Without it: pass.",
    ),
  violates: violates.optional(),
  measures: measured.optional(),
  events: z
    .array(
      choice(
        `an expectation: one of ${listed(KIND_NAMES)}`,
        Object.entries(KINDS).map(([key, schema]) => ({ schema, keys: [key] })),
        KIND_NAMES,
      ),
      { error: say("a list of expectations") },
    )
    .optional()
    .describe("What the events must show."),
});
