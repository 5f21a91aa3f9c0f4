import { z } from "zod";
import { PROFILES } from "../../abi/profile.ts";
import { API_VERSION, choice, mapping, name, prose, say, text, word } from "./words.ts";

/** What a reactor does when a rule is broken while a run goes on. */
export const REACTORS = ["none", "log", "pause", "abort"] as const;

/** What a rule that cannot be decided makes of a run. */
export const UNKNOWN_IS = ["inconclusive", "fail"] as const;

const RULE_ID = "an id such as MINE-01: letters, digits, - . and _, beginning with a letter";
const ruleId = text(RULE_ID, /^[A-Za-z][A-Za-z0-9._-]*$/);

const GLOB = "the id of a rule, or a glob such as SOCK-*";
const globs = z.array(text(GLOB, /^[A-Za-z*][A-Za-z0-9._*-]*$/), { error: say(`a list, each ${GLOB}`) });

const KEY = "what slices are cut by, such as sk, file, files, fd, dev, frame, task, trace, call, span or service";

const rule = mapping("a rule", {
  id: ruleId.describe("What it is called in reports."),
  title: prose("what it says, as one sentence").describe("What it says, as one sentence for people."),
  forall: z
    .array(text(KEY, /^[a-z][a-z0-9_]*$/), { error: say(`a list: ${KEY}`) })
    .optional()
    .describe("One monitor for each combination of values of these; without it, one for the whole trace."),
  formula: prose("a formula").describe(
    "Past-time temporal logic in words: not, and, or, implies, once, historically, previously, since, count(…), end, and atoms.",
  ),
  profile: word([...PROFILES, "both"])
    .optional()
    .describe("The profile whose truth it is; without it, both."),
  source: prose("where that is said").optional().describe("Where that is said."),
}).meta({ id: "rule", description: "What must hold at each event of a slice." });

const ruleList = z.array(rule, { error: say("a list of rules") }).min(1, { error: say("a list of at least one rule") });

const RULES = "the path of a file of rules, or a rule with id, title, formula";

/** The rules that judge a run. */
export const invariants = mapping("rules over the trace", {
  include: globs
    .optional()
    .describe("The rules that judge the run, of the book and of `rules`; without it, all of them."),
  exclude: globs.optional().describe("Those of them that do not."),
  unknownIs: word(UNKNOWN_IS)
    .optional()
    .describe("What a rule that cannot be decided, or fails only perhaps, makes of the run; without it, inconclusive."),
  reactor: word(REACTORS)
    .optional()
    .describe(
      "What happens when a rule is broken while the run goes on: nothing, it is told (without it), the faults are disarmed and nothing more is begun, or the run ends at once.",
    ),
  rules: z
    .array(
      choice(RULES, [
        { schema: z.string({ error: say(RULES) }).regex(/\.ya?ml$/, { error: say(RULES), abort: true }) },
        { schema: rule, keys: ["id", "title", "forall", "formula"] },
      ]),
      { error: say(`a list, each ${RULES}`) },
    )
    .optional()
    .describe("Rules of one's own: files beside this one, or written out."),
});

/** A file of rules. */
export const rulesSchema = mapping("a file of rules", {
  apiVersion: z.literal(API_VERSION, { error: say(API_VERSION, [API_VERSION]) }),
  kind: z.literal("Rules", { error: say("Rules (a file of rules holds nothing else)", ["Rules"]) }),
  metadata: mapping("metadata", { name: name("the name of a file of rules") }).optional(),
  spec: mapping("rules", { rules: ruleList }),
});

/** Rules that a bad core must break. */
export const violates = z
  .array(ruleId, { error: say("a list of ids of rules") })
  .min(1, { error: say("a list of at least one id") })
  .describe(
    "The rules that the run must break for certain: all of these, and no other but such as were made of the contract.",
  );
