import { closeSync, fstatSync, openSync } from "node:fs";
import type { Clock } from "../../abi/kit.ts";
import type { Available, Libc } from "./libc.ts";

/** A file in memory that other processes have mapped too, with a way to sleep on its words (of 32 bits). */
export interface MappedMemory {
  /** Not a SharedArrayBuffer, though it is shared. Never post it: another thread maps the file itself. */
  readonly buffer: ArrayBuffer;
  readonly sleepsBy: "futex" | "polling";
  /** Wakes everybody, in whichever process, who sleeps on that word. */
  ring(word: number): void;
  /** Blocks the thread while the word holds this value; false when the time has passed. */
  wait(word: number, value: number, timeoutMs: number): boolean;
  /** The same without blocking the thread: it looks again and again. */
  waitAsync(word: number, value: number, timeoutMs: number): Promise<boolean>;
}

/** How long who polls sleeps between two looks. */
const POLL_MS = 1;

/**
 * Maps a file that `createSharedFile` made. It stays mapped as long as the process lives.
 *
 * `Atomics.wait` refuses this memory, so a thread sleeps by futex; where there is none it polls, as does `waitAsync`, since
 * a futex cannot wake an event loop. Polling works for words that change before they are rung, as a ring's wishes do.
 */
export function mapSharedFile(libc: Libc, path: string, clock: Clock): Available<MappedMemory> {
  let fd: number;
  try {
    fd = openSync(path, "r+");
  } catch (error) {
    return { ok: false, why: `it cannot be opened: ${error instanceof Error ? error.message : String(error)}` };
  }
  try {
    const mapped = libc.mapShared(fd, [fstatSync(fd).size]);
    if (!mapped.ok) return mapped;
    const [buffer = new ArrayBuffer(0)] = mapped.value.parts;
    return { ok: true, value: sleepingOn(buffer, mapped.value.address, libc, clock) };
  } finally {
    closeSync(fd);
  }
}

function sleepingOn(buffer: ArrayBuffer, address: bigint, { futex }: Libc, clock: Clock): MappedMemory {
  const words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  // Nobody else knows this word: waiting on it is how a thread sleeps for a while.
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const differs = (word: number, value: number): boolean => Atomics.load(words, word) !== value;
  return {
    buffer,
    sleepsBy: futex === undefined ? "polling" : "futex",
    ring: (word) => futex?.wake(address + BigInt(word * 4)),
    wait(word, value, timeoutMs) {
      if (futex !== undefined) return futex.wait(address + BigInt(word * 4), value, timeoutMs);
      for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += POLL_MS) {
        if (differs(word, value)) return true;
        Atomics.wait(nap, 0, 0, POLL_MS);
      }
      return differs(word, value);
    },
    async waitAsync(word, value, timeoutMs) {
      const endNs = clock.nowNs() + timeoutMs * 1e6;
      while (!differs(word, value)) {
        if (clock.nowNs() >= endNs) return false;
        await clock.sleepNs(POLL_MS * 1e6);
      }
      return true;
    },
  };
}
