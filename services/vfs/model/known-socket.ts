import { fail, type Result } from "../../abi/result.ts";

/**
 * What a task learns where the in-band stack does not know a socket that a file still stands for: the stack that had it is
 * gone, and what was in it with it. EIO, since EBADF would say that the descriptor is not open.
 */
export const knownToStack = <T>(answer: Result<T>): Result<T> =>
  !answer.ok && answer.errno === "EBADF" ? fail("EIO") : answer;
