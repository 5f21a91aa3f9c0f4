import { arch, platform } from "node:os";

/** What was asked for, or a line that says why not. */
export type Available<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** The few calls of the C library that shared memory needs. */
export interface Libc {
  /** Maps an open file for reading and writing, shared with everybody who maps it. */
  mapShared(fd: number, bytes: number): Available<Mapping>;
  /** Absent where the kernel has no futex that we know how to call. */
  readonly futex: Futex | undefined;
}

/** Memory at an address. It stays mapped as long as the process lives: touching it after that would end the process. */
interface Mapping {
  readonly address: bigint;
  readonly buffer: ArrayBuffer;
}

/** Linux's futex(2), between processes. */
interface Futex {
  /** Blocks this thread while the 32 bits there are `value`; false when the time has passed. */
  wait(address: bigint, value: number, timeoutMs: number): boolean;
  /** Wakes all who wait there. */
  wake(address: bigint): void;
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
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
        mapShared(fd, bytes) {
          const address = BigInt(mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0));
          if (address === MAP_FAILED) return { ok: false, why: `mmap was refused with error ${koffi.errno()}` };
          return { ok: true, value: { address, buffer: koffi.view(address, bytes) } };
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
