import { contracts, factContracts } from "./contract.mjs";
import { withoutHeader } from "./descriptors.mjs";

/** Whether a name is one of a list of points, which may end with `*`. */
const fits = (glob, name) => (glob.endsWith("*") ? name.startsWith(glob.slice(0, -1)) : glob === name);
const yesNo = (flag) => (flag ? "yes" : "no");
/** The reference page of each point, by its path. */
export const pages = new Map();
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
  pages.set(
    `protos/pages/${c.name}.md`,
    `<!-- Generated from protos/tenon by \`npm run generate\`. -->\n\n# ${c.name}\n\n${c.doc}\n\n| | |\n|---|---|\n${rows.map(([k, v]) => `| ${k} | ${v} |`).join("\n")}\n${table("Arguments", c.request)}${table("Answer", c.response)}${told}`,
  );
}
