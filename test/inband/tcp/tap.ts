import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";

/** A TAP device: frames between this program and the running Linux kernel. */
export interface Tap {
  /** The kernel's address on it. */
  readonly kernel: string;
  /** A frame that the kernel has sent; undefined: none waits. */
  read(): Uint8Array | undefined;
  write(frame: Uint8Array): void;
  close(): void;
}

/** `TUNSETIFF`, `IFF_TAP | IFF_NO_PI` (`linux/if_tun.h`). */
const TUNSETIFF = 0x4004_54ca;
const IFF_TAP_NO_PI = 0x1002;
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** Makes the device, with an address for the kernel; a sentence where that is not possible. */
export async function openTap(kernel: string): Promise<Tap | { readonly why: string }> {
  const name = `tenon${process.pid % 100_000}`;
  let fd: number;
  try {
    fd = openSync("/dev/net/tun", constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    return { why: `/dev/net/tun cannot be opened: ${String(error)}` };
  }
  const refused = (why: string): { readonly why: string } => {
    closeSync(fd);
    return { why };
  };
  try {
    const { default: koffi } = await import("koffi");
    const library = koffi.load(null);
    const mmap = library.func("void *mmap(void *, size_t, int, int, int, int64_t)");
    const ioctl = library.func("int ioctl(int, unsigned long, void *)");
    const page = BigInt(mmap(null, 4096, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
    const request = new DataView(koffi.view(page, 4096));
    for (const [at, character] of Array.from(name).entries()) request.setUint8(at, character.charCodeAt(0));
    request.setUint16(16, IFF_TAP_NO_PI, true);
    if (Number(ioctl(fd, TUNSETIFF, page)) !== 0) return refused(`TUNSETIFF: errno ${koffi.errno()}`);
  } catch (error) {
    return refused(`koffi cannot be loaded: ${String(error).split("\n", 1)[0] ?? ""}`);
  }
  for (const words of [`addr add ${kernel}/24 dev ${name}`, `link set ${name} up`]) {
    if (spawnSync("ip", words.split(" ")).status !== 0) return refused(`ip ${words} fails`);
  }
  const room = new Uint8Array(65_536);
  return {
    kernel,
    read: () => {
      try {
        return room.slice(0, readSync(fd, room));
      } catch {
        return undefined;
      }
    },
    write: (frame) => {
      try {
        writeSync(fd, frame);
      } catch {
        // A full queue of the kernel loses it, as a wire would.
      }
    },
    close: () => closeSync(fd),
  };
}
