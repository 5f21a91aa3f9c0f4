import { arch, platform } from "node:os";

/** What was asked for, or a line that says why not. */
export type Available<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** The few calls of the C library that shared memory needs. */
export interface Libc {
  /**
   * Maps an open file for reading and writing, shared with everybody who maps it.
   *
   * @param parts the bytes of each part of it, multiples of a page; each becomes a buffer.
   */
  mapShared(fd: number, parts: readonly number[]): Available<Mapping>;
  /** Absent where the kernel has no futex that we know how to call. */
  readonly futex: Futex | undefined;
}

/** Memory at an address. */
interface Mapping {
  readonly address: bigint;
  readonly parts: readonly ArrayBuffer[];
  /**
   * Gives the memory up: zeros of this process's own come in its place. Unmapping it would end the process at the next look
   * of whoever still has a view. On systems other than Linux nothing happens.
   */
  letGo(): void;
}

/** Linux's futex(2), between processes. */
interface Futex {
  /** Blocks this thread while the 32 bits there are `value`; false when the time has passed. */
  wait(address: bigint, value: number, timeoutMs: number): boolean;
  /**
   * The same in a thread of libuv's pool: it occupies that thread, and keeps the event loop alive, until it resolves.
   *
   * @param timeout the address of the time: seconds and nanoseconds, 64 bits each, which must stay mapped.
   */
  waitAsync(address: bigint, value: number, timeout: bigint): Promise<void>;
  /** Wakes all who wait there. */
  wake(address: bigint): void;
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
/** MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS and MAP_NORESERVE, as Linux numbers them. */
const PRIVATE_ZEROS_THERE = 0x2 | 0x10 | 0x20 | 0x4000;
/** What mmap answers when it fails: -1 as an address. */
const MAP_FAILED = 2n ** 64n - 1n;
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const WAKE_ALL = 0x7fffffff;
/** The number of the call; the later architectures have one table, with 64-bit times in it. */
const SYS_FUTEX: Readonly<Record<string, number>> = { x64: 202, arm64: 98, riscv64: 98, loong64: 98 };

/**
 * Loads the calls through koffi, an optional dependency.
 *
 * @returns why not, in one line, where koffi is missing or cannot work.
 */
export async function loadLibc(): Promise<Available<Libc>> {
  if (platform() === "win32") return { ok: false, why: "Windows has no mmap" };
  try {
    const { default: koffi } = await import("koffi");
    const library = koffi.load(null);
    const mmap = library.func("void *mmap(void *, size_t, int, int, int, int64_t)");
    // syscall takes any arguments; these are the types of the call that is made.
    const syscall = library.func("long syscall(long, void *, int, uint32_t, void *, void *, uint32_t)");
    const { ETIMEDOUT } = koffi.os.errno;
    const number = platform() === "linux" ? SYS_FUTEX[arch()] : undefined;
    const time = new BigInt64Array(2);
    return {
      ok: true,
      value: {
        mapShared(fd, parts) {
          const bytes = parts.reduce((sum, part) => sum + part, 0);
          const address = BigInt(mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0));
          if (address === MAP_FAILED) return { ok: false, why: `mmap was refused with error ${koffi.errno()}` };
          let at = address;
          const buffers = parts.map((part) => {
            const buffer = koffi.view(at, part);
            at += BigInt(part);
            return buffer;
          });
          return {
            ok: true,
            value: {
              address,
              parts: buffers,
              letGo() {
                if (platform() === "linux") mmap(address, bytes, PROT_READ_WRITE, PRIVATE_ZEROS_THERE, -1, 0);
              },
            },
          };
        },
        futex:
          number === undefined
            ? undefined
            : {
                wait(address, value, timeoutMs) {
                  time[0] = BigInt(Math.floor(timeoutMs / 1000));
                  time[1] = BigInt(Math.round((timeoutMs % 1000) * 1e6));
                  const woken = syscall(number, address, FUTEX_WAIT, value >>> 0, time, null, 0);
                  return Number(woken) === 0 || koffi.errno() !== ETIMEDOUT;
                },
                waitAsync: (address, value, timeout) =>
                  new Promise((resolve) =>
                    syscall.async(number, address, FUTEX_WAIT, value >>> 0, timeout, null, 0, () => resolve()),
                  ),
                wake: (address) => void syscall(number, address, FUTEX_WAKE, WAKE_ALL, null, null, 0),
              },
      },
    };
  } catch (error) {
    return { ok: false, why: `koffi cannot be loaded: ${firstLine(error)}` };
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
