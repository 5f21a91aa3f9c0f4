/** The comparisons of ftrace's event filters: numbers have all but `~`, texts have `==`, `!=` and `~`. */
export const OPERATORS = ["==", "!=", "<=", ">=", "<", ">", "&", "~"] as const;

/** A comparison. */
export type Operator = (typeof OPERATORS)[number];

/** One field compared with one value. */
export interface Comparison {
  readonly t: "compare";
  readonly field: string;
  readonly operator: Operator;
  /** As it was written, without quotes. */
  readonly value: string;
}

/** What a filter says. */
export type Filter =
  | Comparison
  | { readonly t: "not"; readonly of: Filter }
  | { readonly t: "and" | "or"; readonly all: readonly Filter[] };

/** What needs no quotes to be read as one value. */
const BARE = /^[^\s()&|!=<>~"'\\]+$/;

const quoted = (value: string): string => (BARE.test(value) ? value : `"${value.replaceAll(/["\\]/g, "\\$&")}"`);

/** A filter as it is written; reading it again gives the same. */
export function filterText(filter: Filter): string {
  switch (filter.t) {
    case "compare":
      return `${filter.field} ${filter.operator} ${quoted(filter.value)}`;
    case "not":
      return filter.of.t === "not" ? `!${filterText(filter.of)}` : `!(${filterText(filter.of)})`;
    case "and":
    case "or":
      return filter.all
        .map((part) => (part.t === "or" || part.t === filter.t ? `(${filterText(part)})` : filterText(part)))
        .join(filter.t === "and" ? " && " : " || ");
  }
}
