import { didYouMean } from "../../abi/closest.ts";
import type { FaultReport, FaultRule } from "../../abi/contract.generated.ts";
import { parseFault } from "../../abi/fault-grammar.ts";
import type { Control } from "../backend.ts";
import { effectText, matchText, selectText } from "../fault-words.ts";
import { drawTable } from "../table.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { answered, withKernel, type KernelOptions } from "./kernel.ts";

/** The rules under names of the user's choice: ID, ID-2, ID-3. */
const named = (rules: readonly FaultRule[], id: string | undefined): FaultRule[] =>
  rules.map((rule, index) => (id === undefined ? rule : { ...rule, id: index === 0 ? id : `${id}-${index + 1}` }));

/** Arms all rules of one line, or none of them. */
async function armAll(tools: Tools, control: Control, rules: readonly FaultRule[], json: boolean): Promise<ExitCode> {
  const armed: FaultRule[] = [];
  for (const rule of rules) {
    const outcome = await control.arm(rule);
    const refused = outcome.ok ? outcome.value : undefined;
    if (outcome.ok && refused === undefined) {
      armed.push(rule);
      continue;
    }
    for (const { id } of armed) await control.disarm(id);
    return outcome.ok ? tools.invalid(`not armed: ${refused ?? ""}`) : tools.complain(outcome.trouble);
  }
  if (json) tools.print(JSON.stringify(armed, undefined, 2));
  else for (const rule of armed) tools.print(armedText(rule, tools));
  return EXIT.pass;
}

const armedText = (rule: FaultRule, { look }: Tools): string =>
  look.plain(
    `armed ${look.strong(rule.id)}: ${rule.point}${matchText(rule)} ${look.glyphs.arrow} ${effectText(rule)} on ${selectText(rule)}`,
  );

/** `tenon fault arm RULE`: reads the rule, and arms it on the running kernel. */
export async function armFault(
  tools: Tools,
  text: string,
  options: KernelOptions & { readonly id?: string },
): Promise<ExitCode> {
  const parsed = parseFault(text);
  if ("error" in parsed) return tools.invalid(`fault, column ${parsed.column}: ${parsed.error}`);
  const rules = named(parsed.rules, options.id);
  return withKernel(tools, options, (control) => armAll(tools, control, rules, options.json !== undefined));
}

/** `tenon fault disarm ID`, or all of them. */
export async function disarmFault(
  tools: Tools,
  id: string | undefined,
  options: KernelOptions & { readonly all?: true },
): Promise<ExitCode> {
  const { print, invalid, complain } = tools;
  const wanted = options.all === undefined ? id : "*";
  if (wanted === undefined || (id !== undefined && options.all !== undefined)) {
    return invalid("fault disarm takes the id of one rule, or --all; npx tenon fault list shows the ids");
  }
  return withKernel(tools, options, async (control) => {
    const gone = await control.disarm(wanted);
    if (!gone.ok) return complain(gone.trouble);
    if (gone.value) {
      print(wanted === "*" ? "disarmed all" : `disarmed ${wanted}`);
      return EXIT.pass;
    }
    const listed = await control.faults();
    const ids = listed.ok ? listed.value.flatMap(({ rule }) => (rule === undefined ? [] : [rule.id])) : [];
    return invalid(`no rule ${wanted} is armed${didYouMean(wanted, ids)} (armed: ${ids.join(", ") || "none"})`);
  });
}

function faultTable(reports: readonly FaultReport[], { look }: Tools): string[] {
  const rows = reports.flatMap(({ rule, crossings, matched, fired }) =>
    rule === undefined
      ? []
      : [
          [
            look.strong(rule.id),
            look.plain(rule.point + matchText(rule)),
            effectText(rule),
            look.plain(selectText(rule)),
            String(crossings),
            String(matched),
            fired > 0 ? look.bad(String(fired)) : "0",
          ],
        ],
  );
  const right = { align: "right" } as const;
  return drawTable(
    [
      { title: "rule" },
      { title: "point" },
      { title: "effect" },
      { title: "strikes", gives: true },
      { title: "crossings", ...right },
      { title: "matched", ...right },
      { title: "struck", ...right },
    ],
    rows,
    look,
  );
}

/** `tenon fault list`: the armed rules and what each did. */
export const listFaults = (tools: Tools, options: KernelOptions): Promise<ExitCode> =>
  withKernel(tools, options, async (control) =>
    answered(tools, await control.faults(), (reports) => {
      if (options.json !== undefined) tools.print(JSON.stringify(reports, undefined, 2));
      else tools.print(...(reports.length === 0 ? ["no fault is armed"] : faultTable(reports, tools)));
      return EXIT.pass;
    }),
  );
