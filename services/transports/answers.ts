import type { Lost } from "../abi/event.ts";
import type { Answer } from "../boundary/invocation.ts";

/** No answer came over this road, and one line that says why. */
export const lost = (why: Lost, reason: string): Answer => ({ kind: "lost", why, reason, lamport: 0 });

/** Nobody serves the point at the other end. */
export const unserved = (): Answer => ({ kind: "unserved", lamport: 0 });

/** What can go wrong for reasons outside the kernel: a value, or one line for people. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** It worked. */
export const worked = <T>(value: T): Attempt<T> => ({ ok: true, value });

/** It did not. */
export const failed = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

/** What a library says, as an exception or as text, in one line. */
export const lineOf = (said: unknown): string =>
  // Not instanceof: a library's error may be of another realm.
  (typeof said === "object" && said !== null && "message" in said ? String(said.message) : String(said))
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
