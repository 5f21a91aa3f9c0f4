import { z } from "zod";
import { LIMITS } from "../../abi/limits.ts";
import { PROFILES } from "../../abi/profile.ts";
import { expect } from "./expectations.ts";
import { faults } from "./faults.ts";
import {
  API_VERSION,
  choice,
  duration,
  flag,
  listed,
  mapping,
  name,
  profile,
  prose,
  say,
  seed,
  text,
  whole,
} from "./words.ts";
import { workload } from "./workload.ts";
import { world } from "./world.ts";

const tag = text("a word: letters, digits, - and _", /^[A-Za-z0-9][A-Za-z0-9_-]*$/);
const profileList = z.array(profile, { error: say(`a list of ${listed(PROFILES)}`) }).min(1);

const spec = mapping("the experiment", {
  title: prose("a title").describe("One line: what is shown."),
  description: prose("a description").optional().describe("What there is to learn."),
  tags: z.array(tag, { error: say("a list of words") }).optional(),
  profile: choice(`${listed(PROFILES)}, or a list of them`, [{ schema: profile }, { schema: profileList }], PROFILES)
    .optional()
    .describe("The profiles that it applies to; without it, both."),
  seed: seed.optional().describe('The seed, 64 bits, quoted; without it, "1".'),
  budget: mapping("a budget", {
    steps: whole(1, Number.MAX_SAFE_INTEGER, "a whole number of crossings, from 1")
      .optional()
      .describe("Crossings of the boundary at most."),
    virtualTime: duration.optional().describe("Time at most in the simulated runtime."),
    wallTime: duration.optional().describe("Time at most in the others."),
  }).optional(),
  subject: mapping("the subject", {
    core: name("reference, or the name of a mutant core").describe(
      "The companion core under test: reference, or the name of a mutant core.",
    ),
  }).optional(),
  configuration: mapping("a configuration", {
    nofile: whole(1, LIMITS.nofileMax, `a whole number from 1 to ${LIMITS.nofileMax}`)
      .optional()
      .describe("How many descriptors a table may hold."),
  }).optional(),
  world: world.optional(),
  workload,
  faults: faults.optional(),
  expect: expect.optional(),
  requireFaultFired: flag()
    .optional()
    .describe("Whether a fault that never fired makes the run inconclusive; without it, true."),
});

/** An experiment file. */
export const experimentSchema = mapping("an experiment", {
  apiVersion: z.literal(API_VERSION, { error: say(API_VERSION, [API_VERSION]) }),
  kind: z.literal("Experiment", { error: say("Experiment (this version reads no other kind)", ["Experiment"]) }),
  metadata: mapping("metadata", {
    name: text("a name: lower-case letters, digits and -", /^[a-z0-9]+(-[a-z0-9]+)*$/),
    labels: z
      .record(z.string(), z.string({ error: say("text") }), { error: say("labels, each with a text") })
      .optional(),
  }),
  spec,
});
