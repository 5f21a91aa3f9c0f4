/**
 * Makes the typed contract from the protos: `services/abi/contract.generated.ts` and one page per hook in `protos/pages`.
 *
 *   node protos/generate.mjs            writes them
 *   node protos/generate.mjs --check    fails if what is committed differs
 *
 * The descriptors come from buf, which keeps comments and the contract option; nothing is parsed here by hand.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contracts, factContracts } from "./generate/contract.mjs";
import { enums, messages, points, root, withoutHeader } from "./generate/descriptors.mjs";
import { pages } from "./generate/pages.mjs";

const scalar = {
  uint32: "number",
  int32: "number",
  uint64: "number",
  int64: "number",
  double: "number",
  string: "string",
  bytes: "Uint8Array",
  bool: "boolean",
};
const typeOf = (field) => {
  const one = field.kind === "message" || field.kind === "enum" ? field.ref : scalar[field.kind];
  if (!one) throw new Error(`the generator knows no TypeScript type for ${field.kind} (${field.name})`);
  return field.repeated ? `readonly ${one}[]` : one;
};
const mayBeAbsent = (field) => !field.repeated && (field.optional || field.kind === "message" || field.kind === "enum");
const docLines = (doc, indent = "") =>
  doc
    ? `${indent}/** ${doc.replaceAll("*/", "*\\/").replaceAll("\n", `\n${indent} * `).replace(/ +$/gm, "")} */\n`
    : "";
const body = (fields, indent) =>
  fields
    .map((f) => `${docLines(f.doc, indent)}${indent}readonly ${f.name}${mayBeAbsent(f) ? "?" : ""}: ${typeOf(f)};`)
    .join("\n");

const out = [];
out.push(`/* Generated from protos/tenon by \`npm run generate\`. Do not edit: change the proto. */\n`);
for (const type of enums) {
  const words = type.values.slice(1);
  out.push(`${docLines(type.doc)}export type ${type.name} = ${words.map((v) => JSON.stringify(v.word)).join(" | ")};`);
}
const errno = enums.find((type) => type.name === "Errno");
out.push(
  `/** Linux's number of each errno. */\nexport const ERRNO: Readonly<Record<Errno, number>> = {\n${errno.values
    .slice(1)
    .map((v) => `${docLines(v.doc, "  ")}  ${v.word}: ${v.number},`)
    .join("\n")}\n};`,
);
/** What only the options of the contract are made of: the generator reads them, nobody else. */
const OPTIONS = new Set(["Point", "Fact", "Tie", "Duty", "Due"]);
const skip = new Set(points.flatMap((p) => [p.request, p.response]));
for (const type of messages) {
  if (skip.has(type.name) || OPTIONS.has(type.name)) continue;
  out.push(`${docLines(type.doc)}export interface ${type.name} {\n${body(type.fields, "  ")}\n}`);
}
const record = (name) =>
  withoutHeader(name).length ? `{\n${body(withoutHeader(name), "    ")}\n  }` : "Record<string, never>";
out.push(
  `/** The arguments of each point. */\nexport interface PointArgs {\n${points.map((p) => `  readonly ${p.option.name}: ${record(p.request)};`).join("\n")}\n}`,
);
out.push(
  `/** The value that each point returns. */\nexport interface PointValues {\n${points.map((p) => `  readonly ${p.option.name}: ${record(p.response)};`).join("\n")}\n}`,
);
out.push(`/** The name of a point of the boundary. */\nexport type PointName = keyof PointArgs;`);
for (const [title, key, name] of [
  ["The points that each house calls.", "from", "PointsFrom"],
  ["The points that each house answers.", "to", "PointsTo"],
]) {
  const houses = enums.find((type) => type.name === "House").values.slice(1);
  const of = (house) => points.filter((p) => p.option[key] === house.proto).map((p) => JSON.stringify(p.option.name));
  out.push(
    `/** ${title} */\nexport interface ${name} {\n${houses.map((house) => `  readonly ${house.word}: ${of(house).join(" | ") || "never"};`).join("\n")}\n}`,
  );
}
out.push(`/** Something that stands in an order with a fact. Texts are atoms of the rules; \`by\` are the keys of the slice. */
export interface Tie {
  readonly what: string;
  readonly by: readonly string[];
  readonly until?: string;
  readonly unless?: string;
  readonly when?: string;
  readonly documented?: string;
}`);
out.push(`/** What must follow a fact: before the event \`before\`, or before the world comes to rest. */
export interface Duty {
  readonly what: string;
  readonly by: readonly string[];
  readonly before?: string;
  readonly unless?: string;
  readonly when?: string;
  readonly documented?: string;
}`);
out.push(`/** An answer of a house, and what it goes with. */
export interface Due {
  readonly what: string;
  readonly by: readonly string[];
  readonly unless?: string;
  readonly until?: string;
  readonly documented?: string;
}`);
out.push(`/** The contract of one fact, as its proto option states it. */
export interface FactContract {
  readonly name: string;
  readonly by: readonly House[];
  readonly stage: Stage;
  readonly slice: readonly string[];
  readonly inside: readonly string[];
  readonly after: readonly Tie[];
  readonly notAfter: readonly Tie[];
  readonly once: readonly string[];
  readonly closes: readonly Tie[];
  readonly duty: readonly Duty[];
  readonly due: readonly Due[];
  readonly denies: readonly Due[];
  readonly never: boolean;
  readonly always?: string;
  readonly untriggered?: string;
  readonly source: string;
  readonly doc: string;
  readonly fields: readonly { readonly name: string; readonly kind: FieldShape["kind"]; readonly doc: string }[];
}`);
out.push(`/** The contract of one point, as its proto option states it. */
export interface PointContract {
  readonly name: PointName;
  readonly kind: Kind;
  readonly from: House;
  readonly to: House;
  readonly stage: Stage;
  readonly holds?: string;
  readonly holdsSwitch?: string;
  readonly maySleep: boolean;
  readonly answers: Answers;
  readonly errnos: readonly Errno[];
  readonly deadlineMs: number;
  readonly onLost: OnLost;
  readonly onFailure: string;
  readonly slice: readonly string[];
  readonly rules?: string;
  readonly inside: readonly string[];
  readonly afterOk?: string;
  readonly undo?: string;
  readonly weak?: Errno;
  readonly answersAs: readonly PointName[];
  readonly refusesWith: readonly PointName[];
  readonly after: readonly Tie[];
  readonly source: string;
  readonly service: string;
  readonly method: string;
  readonly request: string;
  readonly response: string;
  readonly doc: string;
}`);
out.push(
  `/** Every point of the boundary. */\nexport const CONTRACT: Readonly<Record<PointName, PointContract>> = ${JSON.stringify(Object.fromEntries(contracts.map((c) => [c.name, c])), null, 2)};`,
);
out.push(
  `/** Every fact that a house records. */\nexport const FACTS: Readonly<Record<string, FactContract>> = ${JSON.stringify(Object.fromEntries(factContracts.map((f) => [f.name, f])), null, 2)};`,
);
out.push(`/** How a field travels: its name, its type, whether it repeats, and the enum or message it refers to. */
export interface FieldShape {
  readonly name: string;
  readonly kind: "uint32" | "int32" | "uint64" | "int64" | "double" | "string" | "bytes" | "bool" | "enum" | "message";
  readonly repeated?: true;
  readonly optional?: true;
  readonly ref?: string;
}`);
const shape = (f) => ({
  name: f.name,
  kind: f.kind,
  ...(f.repeated && { repeated: true }),
  ...(mayBeAbsent(f) && { optional: true }),
  ...(f.ref && { ref: f.ref }),
});
out.push(
  `/** The fields of every message, in the order of the proto. */\nexport const MESSAGES: Readonly<Record<string, readonly FieldShape[]>> = {\n${messages
    .filter((m) => !OPTIONS.has(m.name))
    .map((m) => `  ${m.name}: ${JSON.stringify(m.fields.map(shape))},`)
    .join("\n")}\n};`,
);
out.push(
  `/** The word of every enum value, by its name in the proto; the unspecified ones are left out. */\nexport const ENUM_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {\n${enums.map((type) => `  ${type.name}: ${JSON.stringify(Object.fromEntries(type.values.slice(1).map((v) => [v.proto, v.word])))},`).join("\n")}\n};`,
);

const outputs = new Map([["services/abi/contract.generated.ts", `${out.join("\n\n")}\n`], ...pages]);
const check = process.argv.includes("--check");
const stale = [];
const read = (path) => {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
};
const folder = join(root, "protos/pages");
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) {
  if (outputs.has(`protos/pages/${name}`)) continue;
  stale.push(`protos/pages/${name}`);
  if (!check) rmSync(join(folder, name));
}
for (const [path, text] of outputs) {
  if (read(path) === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
if (check && stale.length) {
  console.error(`generated files differ from the protos; run \`npm run generate\`: ${stale.join(", ")}`);
  process.exit(1);
}
