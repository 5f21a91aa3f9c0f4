import type { House } from "../../abi/contract.generated.ts";
import type { EventPhase } from "../../abi/event.ts";

/**
 * One event, described: `sys_open.exit[ret==ENOMEM]`, `install_inband_fd|replace_inband_fd`, `companion:oob_*.enter[fd>2]`.
 *
 *     atom    = pattern { "|" pattern }
 *     pattern = [ service ":" ] name [ "." phase ] [ "[" field op value { "," field op value } "]" ]
 *
 * A name may have `*` in it. Conditions belong to the pattern that they follow. The rules over traces, which come later,
 * will have atoms for leaves (facts/experiments 8.1); until then they stand alone.
 */
export interface Atom {
  /** As it is written. */
  readonly text: string;
  readonly patterns: readonly Pattern[];
}

/** One alternative of an atom. */
export interface Pattern {
  readonly service: House | undefined;
  /** A name, or a glob. */
  readonly name: string;
  /** Undefined: enter and exit of a crossing, or the fact. */
  readonly phase: EventPhase | undefined;
  readonly conditions: readonly Condition[];
  /** Where the name begins in the text. */
  readonly offset: number;
}

/** The comparisons. */
export const OPERATORS = ["==", "!=", "<=", ">=", "<", ">"] as const;

/** A comparison. */
export type Operator = (typeof OPERATORS)[number];

/**
 * What an event's field must be. An event without the field does not fulfil it, whatever the comparison.
 *
 * `holds` is no field but a question: whether a lock of that class (`files.file_lock`), or that very lock
 * (`files.file_lock:1`), is held; `holds!=` is its opposite.
 */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: Literal;
  readonly offset: number;
}

/** What it is compared with: a number, or a word that may name one (`ENOMEM`, `POLLNVAL`). */
export interface Literal {
  readonly text: string;
  readonly number: number | undefined;
  readonly offset: number;
}

/** Why a text is no atom. */
export interface AtomError {
  /** Counted from 0. */
  readonly offset: number;
  readonly found: string;
  readonly allowed: string;
  readonly hint?: string;
}
