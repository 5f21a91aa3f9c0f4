import { PROFILES, type Profile } from "../../abi/profile.ts";
import type { TraceEvent } from "../../abi/event.ts";
import type { Outcome } from "../../cli/backend.ts";
import type { CheckReport, CheckRequest, Verdict } from "../../cli/judged.ts";
import { causality } from "../../rules/causality.ts";
import { BOOK } from "../../rules/book/book.ts";
import { formatLoadError } from "../../lab/load/errors.ts";
import { readRules } from "../../lab/load/load.ts";
import { judgeTrace } from "../../rules/check.ts";
import type { RuleJudgement } from "../../rules/judgement.ts";
import { compileRules } from "../../rules/monitor/compile.ts";
import type { Rule } from "../../rules/rule.ts";
import { byOrigin } from "../../report/evidence.ts";
import { renderTrace } from "../../report/render.ts";
import { readText } from "./files.ts";
import { folderFor, writeAll } from "./report-folder.ts";
import { invalid } from "./invalid.ts";
import { readMerged, type Merged } from "./merge.ts";
import { ruleReportOf } from "./rule-report.ts";

/** A run says at its end whether everything had come to rest. */
const cameToRest = (events: readonly TraceEvent[]): boolean =>
  events.some(({ point, args }) => point === "run_end" && args["quiet"] === true);

const ofProfile = (judgements: readonly RuleJudgement[], profile: Profile): RuleJudgement[] =>
  judgements.filter(({ rule }) => rule.profile === "both" || rule.profile === profile);

/** What the rules of one profile come to together. */
function verdictOf(judgements: readonly RuleJudgement[]): { readonly verdict: Verdict; readonly why: string } {
  const [broken] = judgements.filter(({ verdict }) => verdict === "certain-fail");
  if (broken !== undefined) return { verdict: "fail", why: `${broken.rule.id} is broken: ${broken.rule.title}` };
  const [possible] = judgements.filter(({ verdict }) => verdict === "possible-fail");
  if (possible !== undefined)
    return {
      verdict: "inconclusive",
      why: `${possible.rule.id} is broken in some orders that causes allow, and not in others: ${possible.rule.title}`,
    };
  const unknown = judgements.filter(({ verdict }) => verdict === "unknown");
  if (unknown[0] !== undefined)
    return {
      verdict: "inconclusive",
      why: `of ${unknown.length} rule${unknown.length === 1 ? "" : "s"} nobody can tell, such as ${unknown[0].rule.id}: ${unknown[0].rule.title}`,
    };
  if (judgements.every(({ verdict }) => verdict === "vacuous"))
    return { verdict: "inconclusive", why: "nothing in this trace triggers any rule" };
  return { verdict: "pass", why: "" };
}

/** What one should know of a trace. */
function notesOn({ missing, beginLate, duplicates }: Merged, atRest: boolean): string[] {
  return [
    ...(duplicates === 0 ? [] : [`${duplicates} events stood in more than one place, and count once`]),
    ...(missing === 0
      ? []
      : [
          `${missing} events are missing${beginLate.length === 0 ? "" : ` (${beginLate.join(", ")} began before the trace does)`}: what depends on them is unknown`,
        ]),
    ...(atRest
      ? []
      : ["the trace does not say that its run came to rest: duties that are open at its end are unknown"]),
  ];
}

/** The rules of the book, and those of the user's file. */
async function rulesOf(file: string | undefined): Promise<Outcome<readonly Rule[]>> {
  if (file === undefined) return { ok: true, value: BOOK };
  const read = await readRules(file, readText);
  if (!read.ok) return invalid(...read.errors.map(formatLoadError));
  const ids = new Set(BOOK.map(({ id }) => id));
  for (const { id } of read.rules) {
    if (ids.has(id)) return invalid(`${file}: found ${id} once more, allowed is an id that no other rule has`);
    ids.add(id);
  }
  return { ok: true, value: [...BOOK, ...read.rules] };
}

/** Judges a trace by the rules of the book and by those of the user. */
export async function check(request: CheckRequest): Promise<Outcome<CheckReport>> {
  const { files, profile, report, onProgress, stop } = request;
  if (files.filter((file) => file === "-").length > 1)
    return invalid("check: the standard input can be read once only");
  const rules = await rulesOf(request.rules);
  if (!rules.ok) return rules;
  const folder = report === undefined ? undefined : await folderFor(report);
  if (folder?.ok === false) return folder;
  const read = await readMerged(files, onProgress, stop);
  if (!read.ok) return read;
  const { events, duplicates, missing } = read.value;
  const causes = causality(events);
  const ended = cameToRest(events) ? "rest" : "cut";
  const judgements = [...judgeTrace(compileRules(rules.value), causes, { ended, missing })].sort(byOrigin);
  const counted = profile ?? "documented";
  const byProfile = PROFILES.map((one) => [one, verdictOf(ofProfile(judgements, one))] as const);
  const { verdict, why } = verdictOf(ofProfile(judgements, counted));
  const told: CheckReport = {
    events: events.length,
    duplicates,
    missing,
    ended,
    verdict,
    profiles: Object.fromEntries(byProfile.map(([one, judged]) => [one, judged.verdict])) as Record<Profile, Verdict>,
    why,
    rules: judgements.map((one) => ruleReportOf(one, counted)),
    notes: notesOn(read.value, ended === "rest"),
  };
  if (folder === undefined) return { ok: true, value: told };
  const written = await writeAll(
    folder.value,
    renderTrace({ ...told, files, counted, events: causes.order, judgements, again: againText(request) }),
  );
  return written.ok ? { ok: true, value: { ...told, page: `${folder.value}/index.html` } } : written;
}

const againText = ({ files, profile, rules }: CheckRequest): string =>
  [
    "npx tenon check",
    ...files,
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
    ...(rules === undefined ? [] : [`--rules ${rules}`]),
  ].join(" ");
