import { enums, facts, points } from "./descriptors.mjs";

/** The word of each value of an enum. */
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
/** Every point of the boundary, as its option states it. */
export const contracts = points.map(contractOf);
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
/** Every fact, by its name. */
export const factContracts = facts.map(factOf).sort((a, b) => (a.name < b.name ? -1 : 1));
