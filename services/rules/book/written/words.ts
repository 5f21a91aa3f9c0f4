import type { Rule } from "../../rule.ts";

/** What a written rule must say; the rest is what most of them are. */
type Written = Pick<Rule, "id" | "title" | "forall" | "formula" | "source"> &
  Partial<Pick<Rule, "profile" | "order" | "untriggered">>;

/** Rules of the book. Unless they say otherwise they hold in both readings, and cause and effect order what they speak of. */
export const written = (rules: readonly Written[]): readonly Rule[] =>
  rules.map((rule) => ({ profile: "both", order: "certain", origin: "book", ...rule }));

/** `f` holds since `g` did, and `g` did at some time: what began with `g` lasts. */
export const lasts = (g: string, until: string): string => `(not (${until}) since ${g})`;

/** The core died: all that it knew is gone. It dies after all that it did in that life, and before the next one begins. */
export const CORE_DIES = "place_down[house==companion]";
/** The in-band stack died. */
export const STACK_DIES = "place_down[house==inband]";
/** The VFS died. */
export const VFS_DIES = "place_down[house==vfs]";
/** The NICs died. */
export const NIC_DIES = "place_down[house==nic]";

/** Another core took the place of the one that gave contexts, as the in-band stack learns it. */
export const STACK_HEARS = "inband:sock_core_ready.enter";
/** As the VFS learns it. */
export const VFS_HEARS = "vfs:file_core_ready.enter";

/** Calls of these points that ended without their answer, or with one that a fault rule made, on either side. */
export const failed = (...points: readonly string[]): string =>
  points.map((point) => `${lost(point)}|${point}.exit[fault!=none, service!=lab]`).join("|");

/** Calls of a point that may have been acted on, though no answer came. */
export const lost = (point: string): string =>
  ["timeout", "unreachable", "garbled"].map((why) => `${point}.exit[lost==${why}]`).join("|");

/** Answers of a house that it gave itself: no fault was put in the place of what it does. */
export const own = (...answers: readonly string[]): string =>
  `(${answers.join("|")} and not (${answers.map((one) => (one.endsWith("]") ? one.replace("]", ", fault!=none]") : `${one}[fault!=none]`)).join("|")}))`;

/** The errnos that a hook may refuse with, each handed to the task unchanged: `hook` by the caller's side. */
export const handedOn = (errnos: readonly string[], hook: string, call: string): string =>
  errnos.map((errno) => `(not once ${hook}.exit[ret==${errno}] or ${call}.exit[ret==${errno}])`).join(" and ");
