import { didYouMean } from "../../abi/closest.ts";
import { CONTRACT, MESSAGES, type Kind, type PointContract } from "../../abi/contract.generated.ts";
import { contractOf } from "../trace/words.ts";
import { drawTable, wrapText, type Column } from "../table.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";

/** From here on there is room for every column. */
const WIDE_FROM = 110;

const TITLES: readonly (readonly [Kind, string])[] = [
  ["hook", "hooks of the kernel: a companion core overrides their empty weak definitions"],
  ["core", "services between the kernel's drivers and the core"],
  ["call", "system calls of tasks"],
];

/** Who answers a point here, as data: null where only the weak definition does. */
const servedBy = (contract: PointContract, { backend }: Tools): string | null => backend.served[contract.name] ?? null;

/** What stands where no house serves a point: system calls have no weak definition. */
const unserved = ({ kind }: PointContract): string => (kind === "call" ? "nobody" : "weak default");

function overview(tools: Tools): string[] {
  const { look } = tools;
  const wide = look.columns >= WIDE_FROM;
  const short = (lock: string | undefined): string =>
    lock === undefined ? "" : wide ? lock : lock.replace(/^.*\./, "");
  const columns: Column[] = [
    { title: "point" },
    { title: wide ? `from ${look.glyphs.arrow} to` : "from" },
    { title: "stage" },
    { title: "locks" },
    { title: "answers" },
    ...(wide ? [{ title: "errnos", gives: true as const }] : []),
    { title: "served by" },
  ];
  const rowOf = (contract: PointContract): string[] => {
    const house = servedBy(contract, tools);
    const from = look.lane(contract.from)(contract.from);
    return [
      look.lane(contract.to)(contract.name),
      wide ? `${from} ${look.glyphs.arrow} ${look.lane(contract.to)(contract.to)}` : from,
      contract.stage === "oob" ? look.strong("oob") : contract.stage,
      short(contract.holds),
      contract.answers,
      ...(wide ? [contract.errnos.join(" ")] : []),
      house === null ? look.odd(unserved(contract)) : house,
    ];
  };
  const groups = TITLES.flatMap(([kind, title]) => {
    const points = Object.values(CONTRACT).filter((contract) => contract.kind === kind);
    return [look.strong(title), ...drawTable(columns, points.map(rowOf), look), ""];
  });
  return [...groups, look.faint("npx tenon hooks NAME shows the page of one of them")];
}

function page(contract: PointContract, tools: Tools): string[] {
  const { look } = tools;
  const house = servedBy(contract, tools);
  const orNone = (words: readonly string[]): string => words.join(", ") || "none";
  const facts: readonly (readonly [string, string])[] = [
    ["from, to", `${contract.from} ${look.glyphs.arrow} ${contract.to}`],
    ["served by", house ?? unserved(contract)],
    ["stage", contract.stage],
    [
      "locks held",
      contract.holds === undefined
        ? "none"
        : contract.holds + (contract.holdsSwitch === undefined ? "" : ` (not under ${contract.holdsSwitch})`),
    ],
    ["may sleep", contract.maySleep ? "yes" : "no"],
    ["answers", contract.answers],
    ["errnos", orNone(contract.errnos)],
    ["weak default", contract.weak === undefined ? "zero, nothing or false" : `-${contract.weak}`],
    ["deadline", `${contract.deadlineMs} ms`],
    ["when lost", contract.onLost],
    ["on failure", contract.onFailure],
    ["only inside", orNone(contract.inside)],
    ...(contract.afterOk === undefined ? [] : [["only after", contract.afterOk] as const]),
    ...(contract.undo === undefined ? [] : [["undone by", contract.undo] as const]),
    ["takes", fieldsOf(contract.request)],
    ["gives", fieldsOf(contract.response)],
    ["source", contract.source],
  ];
  const width = Math.min(look.columns, 110);
  const paragraphs = contract.doc.split("\n\n").flatMap((paragraph) => [...wrapText(paragraph, width, look), ""]);
  return [
    look.lane(contract.to)(look.strong(contract.name)),
    ...paragraphs,
    ...facts.flatMap(([name, text]) =>
      wrapText(text, width - 14, look).map(
        (line, index) => `${look.faint((index === 0 ? name : "").padEnd(14))}${line}`,
      ),
    ),
  ].map(look.plain);
}

function fieldsOf(message: string): string {
  const fields = (MESSAGES[message] ?? []).filter(({ name }) => name !== "header");
  return (
    fields
      .map(({ name, kind, ref }) => `${name}: ${kind === "enum" || kind === "message" ? (ref ?? kind) : kind}`)
      .join(", ") || "nothing"
  );
}

/** `tenon hooks [NAME]`: the contract, and who serves what of it. */
export function hooks(tools: Tools, name: string | undefined, options: { readonly json?: true }): ExitCode {
  const contract = name === undefined ? undefined : contractOf(name);
  if (name !== undefined && contract === undefined) {
    return tools.invalid(
      `${name} is no point of the contract${didYouMean(name, Object.keys(CONTRACT))} (npx tenon hooks lists them)`,
    );
  }
  if (options.json !== undefined) {
    const data = (contract === undefined ? Object.values(CONTRACT) : [contract]).map((one) => ({
      ...one,
      servedBy: servedBy(one, tools),
    }));
    tools.print(JSON.stringify(contract === undefined ? data : data[0], undefined, 2));
  } else {
    tools.print(...(contract === undefined ? overview(tools) : page(contract, tools)));
  }
  return EXIT.pass;
}
