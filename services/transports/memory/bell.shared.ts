import { closeSync, fstatSync, openSync } from "node:fs";
import type { Clock } from "../../abi/kit.ts";
import type { Available, Libc } from "./libc.ts";
import { createSharedFile, removeSharedFile } from "./shared-file.ts";

/** A page: the least that can be mapped. */
const BELL_BYTES = 4096;
/** Where the bound of a wait stands in that page, for futex(2): seconds and nanoseconds. */
const TIME_BYTE = 64;
/** A wait's bound, for a ring that got lost with the process that should have made it. */
const WAIT_SECONDS = 1n;
/** Who polls looks again at once so often, and then less and less: many frames come soon after one. */
const EAGER_LOOKS = 100;
const SLOWEST_POLL_MS = 10;

/**
 * What wakes a process: a word in a file of its own, that every process which sends to it rings.
 *
 *        peer:    index := i,  takes the wish,  bell := bell + 1,  futex wake
 *        here:    n := bell,  looks at every ring,  futex wait while bell == n
 *
 * One thread of libuv's pool waits for all links of the process, so links cost no threads. A ring that comes while the links
 * are looked at has changed the word, so the wait ends at once.
 */
export interface Bell {
  /** The file that others open to ring. */
  readonly path: string;
  readonly waitsBy: "futex" | "polling";
  /** Looks are made after each ring, and from time to time. */
  addLook(look: () => void): () => void;
  /** Opens the bell of another process, which then is rung by a call. */
  open(path: string): Available<Ringer>;
  /** Ends the waiting, which else keeps the event loop alive, and takes the file away. Call it when the process exits, too. */
  close(): void;
}

/** The bell of another process. */
export interface Ringer {
  ring(): void;
  close(): void;
}

/**
 * @param yieldTurn lets everybody else in this thread have a turn.
 * @param folder where its file is made; undefined: the usual one.
 */
export function createBell(
  libc: Libc,
  clock: Clock,
  yieldTurn: () => Promise<unknown>,
  folder?: string,
): Available<Bell> {
  const path = createSharedFile(BELL_BYTES, folder);
  if (!path.ok) return path;
  const own = mapBell(libc, path.value);
  if (!own.ok) return own;
  const { words, address } = own.value;
  new BigInt64Array(words.buffer, TIME_BYTE, 2).set([WAIT_SECONDS, 0n]);
  const looks = new Set<() => void>();
  const { futex } = libc;
  let closed = false;
  let waiting = false;

  const look = (): void => {
    for (const one of looks) one();
  };

  async function waitByFutex(calls: NonNullable<Libc["futex"]>): Promise<void> {
    while (!closed && looks.size > 0) {
      const seen = Atomics.load(words, 0);
      look();
      await calls.waitAsync(address, seen, address + BigInt(TIME_BYTE));
    }
  }

  async function waitByPolling(): Promise<void> {
    for (let idle = 0, seen = 0; !closed && looks.size > 0; idle++) {
      const now = Atomics.load(words, 0);
      if (now !== seen) idle = 0;
      seen = now;
      look();
      if (idle < EAGER_LOOKS) await yieldTurn();
      else await clock.sleepNs(Math.min(SLOWEST_POLL_MS, 1 + Math.floor(idle / EAGER_LOOKS)) * 1e6);
    }
  }

  async function wait(): Promise<void> {
    if (waiting) return;
    waiting = true;
    await (futex === undefined ? waitByPolling() : waitByFutex(futex));
    waiting = false;
    // Somebody may have come while the last wait was ending.
    if (!closed && looks.size > 0) await wait();
  }

  const ring = (of: MappedBell): void => {
    Atomics.add(of.words, 0, 1);
    futex?.wake(of.address);
  };
  return {
    ok: true,
    value: {
      path: path.value,
      waitsBy: futex === undefined ? "polling" : "futex",
      addLook(one) {
        looks.add(one);
        void wait();
        return () => {
          looks.delete(one);
          // Nobody is left: the wait must not keep the process.
          if (looks.size === 0) ring(own.value);
        };
      },
      open(other) {
        const peer = mapBell(libc, other);
        if (!peer.ok) return peer;
        return { ok: true, value: { ring: () => ring(peer.value), close: () => peer.value.letGo() } };
      },
      close() {
        if (closed) return;
        closed = true;
        ring(own.value);
        removeSharedFile(path.value);
      },
    },
  };
}

interface MappedBell {
  readonly words: Int32Array;
  readonly address: bigint;
  letGo(): void;
}

function mapBell(libc: Libc, path: string): Available<MappedBell> {
  let fd: number;
  try {
    fd = openSync(path, "r+");
  } catch (error) {
    return { ok: false, why: `the bell cannot be opened: ${error instanceof Error ? error.message : String(error)}` };
  }
  try {
    // Touching what lies beyond a file's end would end the process.
    const found = fstatSync(fd);
    if (!found.isFile() || found.size < BELL_BYTES) return { ok: false, why: `${path} is no bell` };
    const mapped = libc.mapShared(fd, [BELL_BYTES]);
    if (!mapped.ok) return mapped;
    const [page = new ArrayBuffer(BELL_BYTES)] = mapped.value.parts;
    return {
      ok: true,
      value: { words: new Int32Array(page), address: mapped.value.address, letGo: mapped.value.letGo },
    };
  } finally {
    closeSync(fd);
  }
}
