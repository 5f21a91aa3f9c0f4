import type { Errno } from "./contract.generated.ts";

/** An expected outcome: a value, or an errno out of those that the function names. */
export type Result<T, E extends Errno = Errno> = Ok<T> | Fail<E>;

/** It worked. */
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** It was refused; inside Tenon errnos are positive names, the sign is put on at the edges. */
export interface Fail<E extends Errno = Errno> {
  readonly ok: false;
  readonly errno: E;
}

/** A success. */
export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** A refusal. */
export const fail = <const E extends Errno>(errno: E): Fail<E> => ({ ok: false, errno });
