import type { Atom } from "../atoms/syntax.ts";
import type { Operator } from "../atoms/syntax.ts";

/**
 * The language of rules: past-time temporal logic in words.
 *
 *     formula = any [ "implies" formula ]
 *     any     = all { "or" all }
 *     all     = back { "and" back }
 *     back    = unary { "since" unary }
 *     unary   = ( "not" | "once" | "historically" | "previously" ) unary | primary
 *     primary = "(" formula ")" | "true" | "false" | "end" | number | atom
 *     number  = sum operator sum        sum = term { ( "+" | "-" ) term }        term = "count" "(" formula ")" | integer
 *     atom    = as in atoms/syntax.ts: sock_oob_bind.exit[ret==0]|sock_oob_connect.exit[ret==0]
 *
 * `once f`: f was true at some event so far, this one included. `historically f`: at all of them. `previously f`: at the event
 * before; false at the first. `f since g`: g was true at some event so far, and f has been ever since, g's event excluded.
 * `count(f)`: at how many events so far f was true, this one included. `end` is true only at the end of the trace, at rest.
 *
 * The events of a slice are those that one of the formula's atoms describes; others are not seen, and count as no moment.
 */
export type Formula =
  | { readonly t: "constant"; readonly value: boolean; readonly offset: number }
  | { readonly t: "end"; readonly offset: number }
  | { readonly t: "atom"; readonly atom: Atom; readonly offset: number }
  | { readonly t: "not" | "once" | "historically" | "previously"; readonly of: Formula; readonly offset: number }
  | {
      readonly t: "and" | "or" | "implies" | "since";
      readonly left: Formula;
      readonly right: Formula;
      readonly offset: number;
    }
  | {
      readonly t: "compare";
      readonly operator: Operator;
      readonly left: Sum;
      readonly right: Sum;
      readonly offset: number;
    };

/** A sum of counts and whole numbers. */
export interface Sum {
  readonly terms: readonly (
    | { readonly sign: 1 | -1; readonly t: "count"; readonly of: Formula }
    | { readonly sign: 1 | -1; readonly t: "number"; readonly value: number }
  )[];
}
