import { arch, platform } from "node:os";
import type { BpfProgram, Insn, MapSpec, PacketMeta } from "../../services/bpf/program.ts";

/** A program in the running kernel. */
export interface KernelProgram {
  /** BPF_PROG_TEST_RUN, once: r0, and the context's cb. */
  run(packet: Uint8Array, meta: PacketMeta): { readonly r0: number; readonly cb: Uint8Array };
  /** What is in its maps. */
  entries(map: number): readonly { readonly key: Uint8Array; readonly value: Uint8Array }[];
  close(): void;
}

/** bpf(2), as far as tests ask it. */
export interface KernelBpf {
  /** Loads a program, or says what the kernel's verifier said. `type` is a number of enum bpf_prog_type. */
  load(program: BpfProgram, type?: number): KernelProgram | { readonly refused: string };
}

const SYS_BPF: Readonly<Record<string, number>> = { x64: 321, arm64: 280 };
const MAP_CREATE = 0;
const MAP_LOOKUP_ELEM = 1;
const MAP_GET_NEXT_KEY = 4;
const PROG_LOAD = 5;
const PROG_TEST_RUN = 10;
const MAP_TYPE = { hash: 1, array: 2 } as const;
/** A socket filter's packet would begin behind the link's header in a test run; this type sees all of it, as ours do. */
const PROG_TYPE_SCHED_CLS = 3;
const ATTR_BYTES = 128;
const SKB_BYTES = 192;
/** Places in the memory that calls are made from. */
const AT = {
  attr: 0,
  license: 256,
  a: 512,
  b: 4096,
  context: 8192,
  insns: 16384,
  log: 262_144,
  end: 1_048_576,
} as const;
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** Asks for bpf(2) by loading the least program that there is; a sentence where that is not possible. */
export async function kernelBpf(): Promise<KernelBpf | { readonly why: string }> {
  const number = platform() === "linux" ? SYS_BPF[arch()] : undefined;
  if (number === undefined) return { why: `no bpf(2) is known on ${platform()} ${arch()}` };
  try {
    const { default: koffi } = await import("koffi");
    const library = koffi.load(null);
    const mmap = library.func("void *mmap(void *, size_t, int, int, int, int64_t)");
    const syscall = library.func("long syscall(long, int, void *, uint32_t)");
    const close = library.func("int close(int)");
    const base = BigInt(mmap(null, AT.end, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0));
    const memory = new DataView(koffi.view(base, AT.end));
    const bpf = createKernelBpf(memory, base, {
      call: (command) => Number(syscall(number, command, base, ATTR_BYTES)),
      close: (fd) => void close(fd),
      errno: () => koffi.errno(),
    });
    const least = bpf.load({ name: "least", insns: [mov0, exit], maps: [] });
    if ("refused" in least) return { why: `bpf(2) is refused: ${least.refused}` };
    least.close();
    return bpf;
  } catch (error) {
    return { why: `koffi cannot be loaded: ${String(error).split("\n", 1)[0] ?? ""}` };
  }
}

const mov0: Insn = { code: 0xb7, dst: 0, src: 0, off: 0, imm: 0 };
const exit: Insn = { code: 0x95, dst: 0, src: 0, off: 0, imm: 0 };

interface System {
  call(command: number): number;
  close(fd: number): void;
  errno(): number;
}

function createKernelBpf(memory: DataView, base: bigint, system: System): KernelBpf {
  const bytes = new Uint8Array(memory.buffer);
  const u32 = (at: number, value: number): void => memory.setUint32(AT.attr + at, value, true);
  const pointer = (at: number, to: number): void => memory.setBigUint64(AT.attr + at, base + BigInt(to), true);

  /** Makes a call whose attributes are written by `fill`. */
  function call(command: number, fill: () => void): number {
    bytes.fill(0, AT.attr, AT.attr + ATTR_BYTES);
    fill();
    return system.call(command);
  }

  function createMap({ type, keyBytes, valueBytes, maxEntries }: MapSpec): number {
    return call(MAP_CREATE, () => [MAP_TYPE[type], keyBytes, valueBytes, maxEntries].forEach((v, i) => u32(4 * i, v)));
  }

  function element(command: number, fd: number): number {
    return call(command, () => {
      u32(0, fd);
      pointer(8, AT.a);
      pointer(16, AT.b);
    });
  }

  function write(insns: readonly Insn[], fds: readonly number[]): void {
    insns.forEach(({ code, dst, src, off, imm }, i) => {
      const at = AT.insns + 8 * i;
      memory.setUint8(at, code);
      memory.setUint8(at + 1, dst | (src << 4));
      memory.setInt16(at + 2, off, true);
      memory.setInt32(at + 4, code === 0x18 && src !== 0 ? (fds[imm] ?? -1) : imm, true);
    });
  }

  function load(
    { insns, maps }: BpfProgram,
    type: number = PROG_TYPE_SCHED_CLS,
  ): KernelProgram | { readonly refused: string } {
    const fds = maps.map(createMap);
    const closeAll = (): void => fds.forEach((fd) => system.close(fd));
    write(insns, fds);
    bytes.set(new TextEncoder().encode("GPL\0"), AT.license);
    bytes.fill(0, AT.log, AT.log + 4096);
    const loadWith = (logLevel: number): number =>
      call(PROG_LOAD, () => {
        u32(0, type);
        u32(4, insns.length);
        pointer(8, AT.insns);
        pointer(16, AT.license);
        if (logLevel === 0) return;
        u32(24, logLevel);
        u32(28, AT.end - AT.log);
        pointer(32, AT.log);
      });
    const fd = loadWith(0);
    if (fd < 0) {
      const errno = system.errno();
      loadWith(1);
      const log = new TextDecoder().decode(bytes.subarray(AT.log, bytes.indexOf(0, AT.log)));
      closeAll();
      const lines = log.trimEnd().split("\n");
      return { refused: lines.filter((line) => !line.startsWith("processed")).at(-1) ?? `error ${errno}` };
    }
    fds.push(fd);
    return {
      run(packet, { mark = 0, priority = 0 }) {
        bytes.set(packet, AT.a);
        bytes.fill(0, AT.context, AT.context + SKB_BYTES);
        memory.setUint32(AT.context + 8, mark, true);
        memory.setUint32(AT.context + 32, priority, true);
        const result = call(PROG_TEST_RUN, () => {
          [fd, 0, packet.length, 0].forEach((v, i) => u32(4 * i, v));
          pointer(16, AT.a);
          [1, 0, SKB_BYTES, SKB_BYTES].forEach((v, i) => u32(32 + 4 * i, v));
          pointer(48, AT.context);
          pointer(56, AT.context);
        });
        if (result !== 0) throw new Error(`BPF_PROG_TEST_RUN failed with error ${system.errno()}`);
        return {
          r0: memory.getUint32(AT.attr + 4, true),
          cb: bytes.slice(AT.context + 48, AT.context + 68),
        };
      },
      entries(map) {
        const spec = maps[map];
        const mapFd = fds[map];
        if (spec === undefined || mapFd === undefined) return [];
        const keys: Uint8Array[] = [];
        for (let key: Uint8Array | undefined; ; key = keys.at(-1)) {
          if (key !== undefined) bytes.set(key, AT.a);
          const more = call(MAP_GET_NEXT_KEY, () => {
            u32(0, mapFd);
            if (key !== undefined) pointer(8, AT.a);
            pointer(16, AT.b);
          });
          if (more !== 0) break;
          keys.push(bytes.slice(AT.b, AT.b + spec.keyBytes));
        }
        return keys.map((key) => {
          bytes.set(key, AT.a);
          element(MAP_LOOKUP_ELEM, mapFd);
          return { key, value: bytes.slice(AT.b, AT.b + spec.valueBytes) };
        });
      },
      close: closeAll,
    };
  }
  return { load };
}
