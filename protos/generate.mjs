/**
 * Makes the typed contract from the protos: `services/abi/contract.generated.ts` and one page per hook in `protos/pages`.
 *
 *   node protos/generate.mjs            writes them
 *   node protos/generate.mjs --check    fails if what is committed differs
 *
 * The descriptors come from buf, which keeps comments and the contract option; nothing is parsed here by hand.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const buf = join(root, "node_modules/.bin/buf");
const image = JSON.parse(
  execFileSync(buf, ["build", here, "-o", "-#format=json"], {
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  }),
);
const files = image.file.filter((file) => file.package?.startsWith("tenon."));

/** The comment of a descriptor by its path in the file, as lines without the leading space. */
const commentsOf = (file) => {
  const byPath = new Map(file.sourceCodeInfo.location.map((at) => [(at.path ?? []).join("."), at.leadingComments]));
  return (...path) =>
    (byPath.get(path.join(".")) ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^ /, ""))
      .join("\n")
      .trim();
};

const shortName = (typeName) => typeName.split(".").at(-1);
const snakeUpper = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
/** FAULT_KIND_LOSE_REQUEST is "lose_request" in TypeScript; errnos stay as the kernel writes them. */
const enumWord = (enumName, value) => {
  const word = value.slice(snakeUpper(enumName).length + 1);
  return enumName === "Errno" ? word : word.toLowerCase();
};

const fieldsOf = (type, comment, i) =>
  (type.field ?? []).map((field, j) => ({
    name: field.name,
    kind: field.type.slice(5).toLowerCase(),
    ref: field.typeName && shortName(field.typeName),
    repeated: field.label === "LABEL_REPEATED",
    optional: field.proto3Optional === true || field.oneofIndex !== undefined,
    doc: comment(4, i, 2, j),
  }));

const enums = [];
const messages = [];
const facts = [];
const points = [];
for (const file of files) {
  const comment = commentsOf(file);
  file.enumType?.forEach((type, i) =>
    enums.push({
      name: type.name,
      doc: comment(5, i),
      values: type.value.map((v, j) => ({
        proto: v.name,
        word: enumWord(type.name, v.name),
        number: v.number ?? 0,
        doc: comment(5, i, 2, j),
      })),
    }),
  );
  file.messageType?.forEach((type, i) => {
    const option = type.options?.["[tenon.contract.v1.fact]"];
    const one = { name: type.name, doc: comment(4, i), fields: fieldsOf(type, comment, i) };
    if (option) facts.push({ option, ...one });
    else messages.push(one);
  });
  file.service?.forEach((service, i) =>
    service.method.forEach((method, j) => {
      const option = method.options?.["[tenon.contract.v1.hook]"];
      if (!option) return;
      points.push({
        option,
        service: `${file.package}.${service.name}`,
        method: method.name,
        request: shortName(method.inputType),
        response: shortName(method.outputType),
        doc: comment(6, i, 2, j),
      });
    }),
  );
}
const messageNamed = new Map(messages.map((m) => [m.name, m]));

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
const withoutHeader = (name) => messageNamed.get(name).fields.filter((f) => f.name !== "header");

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
const words = new Map(enums.flatMap((type) => type.values.map((v) => [v.proto, v.word])));
const texts = (tie, names) => Object.fromEntries(names.flatMap((name) => (tie[name] ? [[name, tie[name]]] : [])));
/** The slice of a fact: what it is about, or else whose it is. */
const own = ({ slice = [] }) => (slice.some((key) => key !== "task") ? slice.filter((key) => key !== "task") : slice);
const TEXTS = ["until", "before", "unless", "when", "documented"];
const tieOf = (option) => (tie) => ({ what: tie.what, by: tie.by ?? own(option), ...texts(tie, TEXTS) });
const dueOf = (due) => ({ what: due.what, by: due.by ?? ["span"], ...texts(due, TEXTS) });
const contractOf = ({ option, ...rest }) => ({
  name: option.name,
  kind: words.get(option.kind),
  from: words.get(option.from),
  to: words.get(option.to),
  stage: words.get(option.stage),
  ...(option.holds && { holds: option.holds }),
  ...(option.holdsSwitch && { holdsSwitch: option.holdsSwitch }),
  maySleep: option.maySleep ?? false,
  answers: words.get(option.answers),
  errnos: (option.errnos ?? []).map((e) => words.get(e)),
  deadlineMs: option.deadlineMs,
  onLost: words.get(option.onLost),
  onFailure: option.onFailure,
  slice: option.slice ?? [],
  ...(option.rules && { rules: option.rules }),
  inside: option.inside ?? [],
  ...(option.afterOk && { afterOk: option.afterOk }),
  ...(option.undo && { undo: option.undo }),
  ...(option.weak && { weak: words.get(option.weak) }),
  answersAs: option.answersAs ?? [],
  refusesWith: option.refusesWith ?? [],
  after: (option.after ?? []).map((tie) => tieOf({ slice: ["around"] })(tie)),
  source: option.source,
  ...rest,
});
const contracts = points.map(contractOf);
const factOf = ({ option, doc, fields }) => ({
  name: option.name,
  by: option.by.map((house) => words.get(house)),
  stage: words.get(option.stage),
  slice: option.slice ?? [],
  inside: option.inside ?? [],
  after: (option.after ?? []).map(tieOf(option)),
  notAfter: (option.notAfter ?? []).map(tieOf(option)),
  once: option.once ?? [],
  closes: (option.closes ?? []).map(tieOf(option)),
  duty: (option.duty ?? []).map(tieOf(option)),
  due: (option.due ?? []).map(dueOf),
  denies: (option.denies ?? []).map(dueOf),
  never: option.never ?? false,
  ...texts(option, ["always", "untriggered"]),
  source: option.source,
  doc,
  fields: fields.map(({ name, kind, doc }) => ({ name, kind, doc })),
});
const factContracts = facts.map(factOf).sort((a, b) => (a.name < b.name ? -1 : 1));
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

const outputs = new Map([["services/abi/contract.generated.ts", `${out.join("\n\n")}\n`]]);
/** Whether a name is one of a list of points, which may end with `*`. */
const fits = (glob, name) => (glob.endsWith("*") ? name.startsWith(glob.slice(0, -1)) : glob === name);
const yesNo = (flag) => (flag ? "yes" : "no");
for (const c of contracts) {
  if (c.kind === "control") continue;
  const rows = [
    ["kind", c.kind],
    ["called by", c.from],
    ["answered by", c.to],
    ["stage", c.stage],
    ["locks held", c.holds ? `\`${c.holds}\`${c.holdsSwitch ? ` (not promised under ${c.holdsSwitch})` : ""}` : "none"],
    ["may sleep", yesNo(c.maySleep)],
    ["answers", c.answers + (c.errnos.length ? `: ${c.errnos.join(", ")}` : "")],
    ["weak default", c.weak ?? "zero, nothing, or false"],
    ["deadline", `${c.deadlineMs} ms`],
    ["when lost", c.onLost],
    ["on failure", c.onFailure],
    ["slice", c.slice.join(", ")],
    ["inside", c.inside.join(", ") || "anything"],
    ...(c.afterOk ? [["after", c.afterOk]] : []),
    ...(c.undo ? [["undone by", c.undo]] : []),
    ...(c.answersAs.length ? [["answers as", c.answersAs.join(", ")]] : []),
    ...(c.refusesWith.length ? [["refuses with", c.refusesWith.join(", ")]] : []),
    ["rules", c.rules ?? "none"],
    ["rpc", `\`${c.service}/${c.method}\``],
    ["source", c.source],
  ];
  const fieldRows = (name) =>
    withoutHeader(name).map(
      (f) => `| \`${f.name}\` | ${f.repeated ? "repeated " : ""}${f.ref ?? f.kind} | ${f.doc.replaceAll("\n", " ")} |`,
    );
  const table = (title, name) =>
    withoutHeader(name).length
      ? `\n## ${title}\n\n| field | type | |\n|---|---|---|\n${fieldRows(name).join("\n")}\n`
      : "";
  const factRows = factContracts
    .filter((fact) => fact.by.includes(c.to) && fact.inside.some((one) => fits(one, c.name)))
    .map((fact) => `| \`${fact.name}\` | ${fact.doc.replaceAll("\n", " ")} |`);
  const told = factRows.length
    ? `\n## Facts\n\nWhat ${c.to} records while it answers.\n\n| fact | |\n|---|---|\n${factRows.join("\n")}\n`
    : "";
  outputs.set(
    `protos/pages/${c.name}.md`,
    `<!-- Generated from protos/tenon by \`npm run generate\`. -->\n\n# ${c.name}\n\n${c.doc}\n\n| | |\n|---|---|\n${rows.map(([k, v]) => `| ${k} | ${v} |`).join("\n")}\n${table("Arguments", c.request)}${table("Answer", c.response)}${told}`,
  );
}

const check = process.argv.includes("--check");
const stale = [];
const read = (path) => {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
};
const pages = join(root, "protos/pages");
mkdirSync(pages, { recursive: true });
for (const name of readdirSync(pages)) {
  if (outputs.has(`protos/pages/${name}`)) continue;
  stale.push(`protos/pages/${name}`);
  if (!check) rmSync(join(pages, name));
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
