import { seedText } from "../abi/seed.ts";
import type { FaultReport } from "../abi/contract.generated.ts";
import { durationText } from "../abi/units.ts";
import type { RunReport, RunRequest } from "./backend.ts";
import type { Verdict } from "./judged.ts";
import { effectText, matchText, selectText } from "./fault-words.ts";
import { measureLines } from "./measure-lines.ts";
import { cut, harmless, pad, type Look, type Paint } from "./look.ts";
import { brokenLines, isOpen, tallyText, untoldText } from "./rule-lines.ts";
import { EXIT, type ExitCode } from "./tools.ts";

/** The exit code of a verdict. */
export const codeOf = (verdict: Verdict): ExitCode => EXIT[verdict];

/** What several verdicts come to: one failure fails all, one doubt leaves all in doubt. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("inconclusive") ? "inconclusive" : "pass";
}

const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** What of a request the line that repeats it has to say again. */
type Repeat = Pick<RunRequest, "core" | "over" | "frames" | "worldName" | "control">;

/** The one line that does it again. */
export const againText = (report: RunReport, request: Repeat): string =>
  [
    "npx tenon run",
    shellWord(report.file),
    request.control === undefined ? `--runtime ${report.runtime}` : `--control ${shellWord(request.control)}`,
    `--profile ${report.profile} --seed ${seedText(report.seed)}`,
    ...(request.core ?? []).map((core) => `--core ${shellWord(core)}`),
    ...(request.over === undefined ? [] : [`--over ${request.over}`]),
    ...(request.frames === undefined ? [] : [`--frames ${request.frames}`]),
    ...(report.sweep === undefined ? [] : [`--nth ${report.sweep.nth}`]),
    ...(request.worldName === undefined ? [] : [`--world ${shellWord(request.worldName)}`]),
  ].join(" ");

/** The name of a run: that of its experiment, and which run of a sweep it is. */
const runName = ({ name, sweep }: RunReport): string => (sweep === undefined ? name : `${name} nth=${sweep.nth}`);

const paintOf = (verdict: Verdict, look: Look): Paint =>
  ({ pass: look.good, fail: look.bad, inconclusive: look.odd })[verdict];

/** The verdict as one word, in its colour. */
export const verdictWord = (verdict: Verdict, look: Look): string =>
  paintOf(verdict, look)(look.strong(verdict.toUpperCase()));

const struck = (faults: readonly FaultReport[]): number => faults.filter(({ fired }) => fired > 0).length;

/** The verdict in one sentence. */
function verdictText(report: RunReport, look: Look): string {
  const { steps, expectations, faults, verdict, why } = report;
  const passed = [
    `${plural(steps.length, "step")} answered as expected`,
    ...(faults.length === 0 ? [] : [`${struck(faults)} of ${plural(faults.length, "fault")} struck`]),
    ...(expectations.length === 0 ? [] : [`${plural(expectations.length, "expectation")} held`]),
  ].join(", ");
  const where = `(${report.profile}, ${report.runtime}, seed ${seedText(report.seed)})`;
  return `${verdictWord(verdict, look)}  ${look.strong(runName(report))}: ${look.plain(why === "" ? passed : harmless(why))} ${look.faint(where)}`;
}

const LABEL = 14;
/** More rules than these mostly follow from the first; the page has all of them. */
const RULES_SHOWN = 3;

function stepLines({ steps }: RunReport, all: boolean, look: Look): string[] {
  const wrong = steps.filter(({ ok }) => !ok);
  const head = `${pad("steps", LABEL)}${steps.length - wrong.length} of ${steps.length} as expected`;
  const shown = all ? steps : wrong;
  return [
    head,
    ...shown.map(({ task, call, result, expected, ok, where }) => {
      const mark = ok ? look.good(look.glyphs.yes) : look.bad(look.glyphs.no);
      const told = `${harmless(task)}: ${harmless(call)} = ${harmless(result)}`;
      const wanted = ok || expected === undefined ? "" : look.bad(look.plain(`, expected ${harmless(expected)}`));
      return `  ${mark} ${look.plain(told)}${wanted}  ${look.faint(where)}`;
    }),
  ];
}

function faultLines({ faults, evidence }: RunReport, look: Look): string[] {
  return faults.flatMap(({ rule, crossings, matched, fired }, index) => {
    if (rule === undefined) return [];
    const what = `${rule.point}${matchText(rule)}: ${effectText(rule)} on ${selectText(rule)}`;
    const seen = `${plural(crossings, "crossing")}, ${matched} matched, ${fired === 0 ? "none struck" : `${fired} struck`}`;
    const bolt = (fired > 0 ? look.bad : look.odd)(`${look.glyphs.fault}${rule.id}`);
    const proof = evidence.find(({ id }) => id === rule.id);
    const told =
      proof === undefined
        ? ""
        : `${proof.at === undefined ? "" : `at ${proof.at.id}; `}${proof.seen}; recovered: ${proof.recovered}`;
    return [
      `${pad(index === 0 ? "faults" : "", LABEL)}${bolt}  ${look.plain(harmless(what))} ${look.faint(`(${seen})`)}`,
      ...(told === "" ? [] : [`${pad("", LABEL)}   ${look.faint(look.plain(harmless(told)))}`]),
    ];
  });
}

function expectationLines({ expectations }: RunReport, look: Look): string[] {
  return expectations.flatMap(({ says, holds, found, where }, index) => {
    const mark = {
      yes: look.good(look.glyphs.yes),
      no: look.bad(look.glyphs.no),
      unknown: look.odd(look.glyphs.unknown),
    }[holds];
    const line = `${pad(index === 0 ? "expectations" : "", LABEL)}${mark} ${look.plain(harmless(says))}`;
    if (holds === "yes") return [line];
    const instead = found === undefined ? "" : look.plain(`: ${harmless(found)}`);
    return [`${line}${look.odd(instead)}  ${look.faint(where)}`];
  });
}

/** The rules that count and are broken, or whose order nobody can tell, and what the other reading says where it differs. */
function ruleLines({ rules, profile }: RunReport, look: Look): string[] {
  if (rules.length === 0) return [];
  const mine = rules.filter((rule) => rule.counts);
  const open = mine.filter((rule) => isOpen(rule) && rule.verdict !== "unknown");
  const other = rules.filter((rule) => !rule.counts && rule.verdict === "certain-fail");
  const untold = untoldText(mine);
  const names = other.map(({ id }) => id).join(", ");
  return [
    `${pad("rules", LABEL)}${look.plain(tallyText(mine))}`,
    ...(untold === undefined ? [] : [`  ${look.faint(look.plain(untold))}`]),
    ...open.slice(0, RULES_SHOWN).flatMap((rule) => brokenLines(rule, look).map((line) => `  ${line}`)),
    ...(open.length > RULES_SHOWN
      ? [
          look.faint(
            look.plain(
              `  and ${open.length - RULES_SHOWN} rules more: ${open
                .slice(RULES_SHOWN)
                .map(({ id }) => id)
                .join(", ")}`,
            ),
          ),
        ]
      : []),
    ...(other.length === 0
      ? []
      : [
          look.faint(
            look.plain(
              `  by ${profile === "documented" ? "as-implemented" : "documented"}, which does not count here, broken: ${names}`,
            ),
          ),
        ]),
  ];
}

/** What a run came to, below its trace: steps, faults, expectations, the verdict, and how to do it again. */
export function reportLines(report: RunReport, request: Repeat, look: Look, verbose: boolean): string[] {
  const lost =
    report.dropped === 0
      ? []
      : [
          look.odd(
            `${pad("events", LABEL)}${report.dropped} of ${report.events} were overwritten before anybody took them: the trace has gaps`,
          ),
        ];
  return [
    ...stepLines(report, verbose, look),
    ...faultLines(report, look),
    ...measureLines(report.measures ?? [], look),
    ...expectationLines(report, look),
    ...ruleLines(report, look),
    ...lost,
    verdictText(report, look),
    `${pad("again", LABEL)}${againText(report, request)}`,
    ...(report.page === undefined ? [] : [`${pad("page", LABEL)}${look.plain(harmless(report.page))}`]),
  ];
}

/** A run as one line of a list. */
export function lineOf(report: RunReport, look: Look): string {
  const head = `${pad(runName(report), 36)}  ${pad(report.profile, 14)}  ${pad(report.tookNs > 0 ? durationText(report.tookNs) : "", 7)}`;
  const about = cut(look.plain(harmless(report.title)), Math.max(10, look.columns - 6 - head.length - 2), look.glyphs);
  return `${verdictWord(report.verdict, look)}  ${look.plain(head)}  ${look.faint(about)}`;
}

/** A report as JSON can carry it. */
export const reportData = (report: RunReport, request: Repeat): object => ({
  ...report,
  seed: seedText(report.seed),
  again: againText(report, request),
});
