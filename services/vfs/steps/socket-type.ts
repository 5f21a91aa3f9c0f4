import { O, SOCK, SOCK_TYPE_MASK } from "../../abi/flags.ts";
import { fail, ok, type Result } from "../../abi/result.ts";

/** What the `type` of socket(2) says. */
export interface SocketType {
  readonly type: number;
  readonly closeOnExec: boolean;
  /** What becomes of SOCK_NONBLOCK: O_NONBLOCK of the file, or 0. */
  readonly fileFlags: number;
  readonly oob: boolean;
}

/** The flags that everybody who makes a socket may give. */
export const SOCK_FLAGS = SOCK.SOCK_CLOEXEC | SOCK.SOCK_NONBLOCK;

/**
 * Takes a type and its flags apart.
 *
 * @param known the flags that this call accepts: SOCK_OOB is not among those of all.
 * @returns EINVAL for any other flag.
 */
export function socketType(written: number, known: number): Result<SocketType, "EINVAL"> {
  const flags = written & ~SOCK_TYPE_MASK;
  if ((flags & ~known) !== 0) return fail("EINVAL");
  return ok({
    type: written & SOCK_TYPE_MASK,
    closeOnExec: (flags & SOCK.SOCK_CLOEXEC) !== 0,
    fileFlags: (flags & SOCK.SOCK_NONBLOCK) === 0 ? 0 : O.O_NONBLOCK,
    oob: (flags & SOCK.SOCK_OOB) !== 0,
  });
}
