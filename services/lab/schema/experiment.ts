import { z } from "zod";
import { LIMITS } from "../../abi/limits.ts";
import { PROFILES } from "../../abi/profile.ts";
import { expect } from "./expectations.ts";
import type { Runtime } from "../world.ts";
import { faults } from "./faults.ts";
import { measure } from "./measures.ts";
import { method, rollbacks } from "./method.ts";
import { steadyState } from "./probes.ts";
import { invariants } from "./rules.ts";
import { stages } from "./stages.ts";
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
  word,
} from "./words.ts";
import { workload } from "./workload.ts";
import { world } from "./world.ts";

const tag = text("a word: letters, digits, - and _", /^[A-Za-z0-9][A-Za-z0-9_-]*$/);
const profileList = z.array(profile, { error: say(`a list of ${listed(PROFILES)}`) }).min(1);

/** What a run is worth for each quality, as Chaos Toolkit has it. */
const CONTRIBUTIONS = ["none", "low", "medium", "high"] as const;

/** The runtimes, by our own names and by those of the facts. */
export const MODES = {
  simulated: "simulated",
  sim: "simulated",
  embedded: "embedded",
  inproc: "embedded",
  distributed: "distributed",
  compose: "distributed",
} as const satisfies Record<string, Runtime>;
const MODE_NAMES = Object.keys(MODES) as (keyof typeof MODES)[];

/** The reports of a run. */
export const OUTPUTS = [
  "journal",
  "junit",
  "html",
  "chart",
  "trace",
  "mermaid",
  "perfetto",
  "otlp-jsonl",
  "repro",
] as const;

const scalar = choice("a value", [{ schema: z.number() }, { schema: z.boolean() }, { schema: z.string() }]);
const NOFILE = `a whole number from 1 to ${LIMITS.nofileMax}`;
const VALUE = "a value, {type: env, key: NAME, default: …}, or {type: literal, value: …}";

/** A value that the file gives a name to. */
const setting = choice(VALUE, [
  { schema: scalar },
  {
    schema: mapping("a variable of the environment", {
      type: z.literal("env", { error: say("env, with key") }),
      key: text("the name of a variable of the environment", /^[A-Za-z_][A-Za-z0-9_]*$/),
      default: scalar.optional().describe("What it is where nothing sets it; without it, it must be set."),
    }),
    keys: ["type=env", "key", "default"],
  },
  {
    schema: mapping("a value", { type: z.literal("literal", { error: say("literal, with value") }), value: scalar }),
    keys: ["type=literal", "value"],
  },
]).meta({
  id: "setting",
  description: "A value, or where it comes from. Elsewhere in the file, ${name} stands for it.",
});

const configuration = z
  .object({
    nofile: choice(`${NOFILE}, or where it comes from`, [
      { schema: whole(1, LIMITS.nofileMax, NOFILE) },
      { schema: setting },
    ])
      .optional()
      .describe("How many descriptors a table may hold."),
  })
  .catchall(setting)
  .describe("Values with names: ${name} stands for each of them elsewhere in the file.");

const steady = steadyState.optional();

/** Without any of these, nothing would happen. */
const SOMETHING = ["workload", "method", "steadyStateHypothesis", "steady-state-hypothesis"] as const;
const SOMETHING_FORM = "an experiment with workload, method or steadyStateHypothesis";

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
  contributions: z
    .record(name("a quality, such as reliability"), word(CONTRIBUTIONS), {
      error: say("qualities, each with a weight"),
    })
    .optional()
    .describe("What the experiment contributes to, such as {reliability: high}."),
  configuration: configuration.optional(),
  mode: word(MODE_NAMES)
    .optional()
    .describe("The runtime that it is meant for; what the command line says goes before it."),
  world: world.optional(),
  stages: stages.optional().describe("What work costs in virtual time, whatever the world says of it."),
  workload: workload.optional(),
  steadyStateHypothesis: steady,
  "steady-state-hypothesis": steady,
  method: method.optional(),
  rollbacks: rollbacks.optional(),
  invariants: invariants.optional(),
  faults: faults.optional(),
  measure: measure.optional(),
  expect: expect.optional(),
  requireFaultFired: flag()
    .optional()
    .describe("Whether a fault that never fired makes the run inconclusive; without it, true."),
  outputs: z
    .array(word(OUTPUTS, "a report:"), { error: say(`a list of reports: ${listed(OUTPUTS)}`, OUTPUTS) })
    .optional()
    .describe("What `tenon run --report` writes; without it, journal, junit and html."),
})
  .refine((written) => SOMETHING.some((key) => written[key] !== undefined), { error: say(SOMETHING_FORM, SOMETHING) })
  .meta({ anyOf: SOMETHING.map((key) => ({ required: [key] })) });

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
