import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Makes the calling thread, and no other one of the process, nicer to all others (nice(2) is per thread on Linux, whatever POSIX
 * says of it). Elsewhere nothing happens: it is a wish.
 */
export function beNice(nice: number): void {
  try {
    // "4711/task/4712": the thread's own number, which Node tells nobody.
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    if (Number.isSafeInteger(thread)) setPriority(thread, nice);
  } catch {
    // No such file, or not allowed.
  }
}
