import type { Errno } from "../abi/contract.generated.ts";
import type { Lost } from "../abi/event.ts";
import type { Profile } from "../abi/profile.ts";
import type { ValueShape } from "./calls.ts";

/** An argument: a value, or the result of an earlier step. */
export type ArgValue = number | string | boolean | Uint8Array | Reference;

/** `$name`. */
interface Reference {
  readonly reference: string;
}

/** A name that a step gives to a field of the answer. */
export interface Naming {
  readonly name: string;
  /** Undefined: the call answers nothing that could be named. */
  readonly value: ValueShape | undefined;
  /** Where the name stands below `as`; nothing for the one name of the main value. */
  readonly at: readonly string[];
}

/** What a field must be: a value, or what an earlier step has got. */
export type ExpectedValue =
  { readonly t: "value"; readonly value: number | string } | { readonly t: "reference"; readonly reference: string };

/** A field of an answer, and what it must be. */
export interface ExpectedField {
  readonly value: ValueShape;
  readonly is: ExpectedValue;
}

/** How a call must end. A value alone is the main one. */
export type Expected =
  | { readonly t: "success" }
  /** Whatever comes: an answer, an errno, none; it may also not be made, for want of what an earlier step should have given. */
  | { readonly t: "any" }
  | ExpectedValue
  | { readonly t: "fields"; readonly fields: readonly ExpectedField[] }
  | { readonly t: "refused"; readonly errno: Errno }
  | { readonly t: "lost"; readonly why: Lost };

/** How it must end under each profile. */
export type ByProfile = Readonly<Record<Profile, Expected>>;

/** The names that an expected end refers to. */
export function referencesOf(expected: Expected): readonly string[] {
  switch (expected.t) {
    case "reference":
      return [expected.reference];
    case "fields":
      return expected.fields.flatMap(({ is }) => referencesOf(is));
    case "success":
    case "any":
    case "value":
    case "refused":
    case "lost":
      return [];
  }
}
