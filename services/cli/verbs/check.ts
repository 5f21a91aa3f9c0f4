import { PROFILES, type Profile } from "../../abi/profile.ts";
import type { CheckReport, RuleReport } from "../judged.ts";
import { harmless, type Look } from "../look.ts";
import { codeOf, verdictWord } from "../report.ts";
import { brokenLines, isOpen, tallyText, verdictText } from "../rule-lines.ts";
import { drawTable } from "../table.ts";
import type { ExitCode, Tools } from "../tools.ts";

/** What `tenon check` was given. */
export interface CheckOptions {
  readonly profile?: Profile;
  readonly rules?: string;
  readonly report?: string;
  readonly json?: true;
  readonly verbose?: true;
}

const HEADS: Readonly<Record<Profile, string>> = { documented: "DOC", "as-implemented": "CODE" };

const RANKS = ["certain-fail", "possible-fail", "unknown", "pass", "vacuous"];

/** Each rule with its verdict under both readings; a rule of one of them has none under the other. */
function tableOf(rules: readonly RuleReport[], look: Look): string[] {
  const sorted = [...rules].sort((a, b) => RANKS.indexOf(a.verdict) - RANKS.indexOf(b.verdict));
  const cell = ({ profile, verdict }: RuleReport, column: Profile): string =>
    profile === "both" || profile === column ? verdictText(verdict, look) : look.faint(look.glyphs.dash);
  return drawTable(
    [
      { title: "rule" },
      ...PROFILES.map((profile) => ({ title: HEADS[profile] })),
      { title: "triggered", align: "right" as const },
      { title: "says", gives: true as const },
    ],
    sorted.map((rule) => [
      look.plain(harmless(rule.id)),
      ...PROFILES.map((profile) => cell(rule, profile)),
      String(rule.triggered),
      look.plain(harmless(rule.title)),
    ]),
    look,
  );
}

/** What the other reading says, where it says something else. */
function otherLine({ profiles }: CheckReport, asked: Profile | undefined, look: Look): string[] {
  const counted = asked ?? "documented";
  const other = PROFILES.find((profile) => profile !== counted) ?? counted;
  if (profiles[other] === profiles[counted]) return [];
  const hint = asked === undefined ? `; with --profile ${other} that is what counts` : "";
  return [look.odd(look.plain(`by the rules of ${other} it would be: ${profiles[other]}${hint}`))];
}

/** `tenon check TRACE…`: judges a trace by the rules, in one file or in several of one run. */
export async function check(tools: Tools, files: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { backend, io, look, print, status, complain } = tools;
  const { profile, rules, report, json, verbose } = options;
  const checked = await backend.check({
    files,
    ...(profile !== undefined && { profile }),
    ...(rules !== undefined && { rules }),
    ...(report !== undefined && { report }),
    onProgress: (events) => status.show(`${events} events read`),
    stop: io.stop,
  });
  status.clear();
  if (!checked.ok) return complain(checked.trouble);
  const told = checked.value;
  const { verdict, why } = told;
  const counted = profile ?? "documented";
  if (json !== undefined) {
    print(JSON.stringify({ exitCode: codeOf(verdict), counted, files, ...told }, undefined, 2));
    return codeOf(verdict);
  }
  const mine = told.rules.filter((rule) => rule.counts);
  const unknown = (rule: RuleReport): boolean => rule.verdict === "unknown" && rule.untold === undefined;
  const shown = verbose === undefined ? told.rules.filter((rule) => isOpen(rule) && !unknown(rule)) : told.rules;
  if (shown.length > 0) print(...tableOf(shown, look), "");
  for (const rule of mine.filter((one) => isOpen(one) && !unknown(one))) print(...brokenLines(rule, look), "");
  const open = mine.filter(unknown).map(({ id }) => id);
  if (open.length > 0 && verbose === undefined) print(look.odd(look.plain(harmless(`unknown: ${open.join(", ")}`))));
  for (const note of told.notes) print(look.odd(look.plain(harmless(note))));
  print(...otherLine(told, profile, look));
  const where = look.faint(
    look.plain(harmless(`(${counted}, ${told.events} events${files.length === 1 ? "" : ` of ${files.length} files`})`)),
  );
  const passed = `${mine.filter((rule) => rule.verdict === "pass").length} rules held`;
  print(
    `${verdictWord(verdict, look)}  ${look.strong(look.plain(harmless(files.join(", "))))}: ${look.plain(harmless(why === "" ? passed : why))} ${where}`,
    look.faint(look.plain(`rules         ${tallyText(mine)}`)),
    ...(told.page === undefined ? [] : [look.faint(look.plain(`report        ${harmless(told.page)}`))]),
  );
  return codeOf(verdict);
}
