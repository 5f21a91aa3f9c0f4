import { toRet } from "../../abi/errno.ts";
import { hash53 } from "../../abi/hash.ts";
import type { BpfMap } from "./maps.ts";
import { ETHERNET_HEADER_BYTES, type ProgramMemory } from "./memory.ts";

/** What helpers know of the machine. */
export interface Machine {
  nowNs(): bigint;
  /** 32 random bits. */
  random32(): number;
}

/**
 * What a helper does. Arguments are the low 32 bits of r1 to r5: all that Linux's helpers here look at, but for flags in
 * r4, where -1 stands for all that do not fit. The result becomes r0: `s32` with its sign extended, `u32` with zeros.
 */
export type HelperCode =
  | {
      readonly gives: "s32" | "u32";
      readonly flagsInR4?: true;
      readonly run: (r1: number, r2: number, r3: number, r4: number, r5: number) => number;
    }
  | { readonly gives: "u64"; readonly run: () => bigint };

/** Where the counting of an offset begins (enum bpf_hdr_start_off). */
const BPF_HDR_START_MAC = 0;
const BPF_HDR_START_NET = 1;
const INT_MAX = 0x7fffffff;

/** Time stands still, and chance is the same for each program of a name. */
export function standingMachine(name: string): Machine {
  let drawn = 0;
  return { nowNs: () => 0n, random32: () => hash53(`${name} ${drawn++}`) >>> 0 };
}

/** A map's pointer is its number, from 1 on: it can only be given to a helper. */
export const mapPointer = (index: number): number => index + 1;

/** The code of the helper with a number; undefined: there is none. */
export type Helpers = (id: number) => HelperCode | undefined;

/**
 * The helpers of helpers.ts over the memory of a program. A pointer that leads nowhere gets -EFAULT; a verified program has
 * none.
 */
export function createHelpers(memory: ProgramMemory, machine: Machine): Helpers {
  const EFAULT = toRet("EFAULT");
  const mapOf = (pointer: number): BpfMap | undefined => memory.maps[pointer - 1];
  const readable = (at: number, bytes: number): boolean => memory.mayTouch(at, bytes, false);

  /** Copies packet bytes; zeros where the packet has not so many. */
  function loadBytes(offset: number, to: number, count: number, offsetMax: number): number {
    if (!memory.mayTouch(to, count, true)) return EFAULT;
    const from = offset <= offsetMax ? memory.packetBytesAt(offset, count) : -1;
    if (from === -1) memory.bytes.fill(0, to, to + count);
    else memory.bytes.copyWithin(to, from, from + count);
    return from === -1 ? EFAULT : 0;
  }

  const codes = new Map<number, HelperCode>([
    [
      1,
      {
        gives: "s32",
        run(map, key) {
          const known = mapOf(map);
          return known !== undefined && readable(key, known.spec.keyBytes) ? known.lookup(key) : 0;
        },
      },
    ],
    [
      2,
      {
        gives: "s32",
        flagsInR4: true,
        run(map, key, value, flags) {
          const known = mapOf(map);
          if (known === undefined || known.spec.readOnly === true) return toRet("EPERM");
          const { keyBytes, valueBytes } = known.spec;
          return readable(key, keyBytes) && readable(value, valueBytes) ? known.update(key, value, flags) : EFAULT;
        },
      },
    ],
    [
      3,
      {
        gives: "s32",
        run(map, key) {
          const known = mapOf(map);
          if (known === undefined || known.spec.readOnly === true) return toRet("EPERM");
          return readable(key, known.spec.keyBytes) ? known.remove(key) : EFAULT;
        },
      },
    ],
    [5, { gives: "u64", run: () => machine.nowNs() }],
    [7, { gives: "u32", run: () => machine.random32() }],
    // A node has one processor, as far as programs can tell.
    [8, { gives: "u32", run: () => 0 }],
    [26, { gives: "s32", run: (_skb, offset, to, count) => loadBytes(offset >>> 0, to, count >>> 0, INT_MAX) }],
    [
      68,
      {
        gives: "s32",
        run(_skb, offset, to, count, start) {
          const before =
            start === BPF_HDR_START_MAC ? 0 : start === BPF_HDR_START_NET ? ETHERNET_HEADER_BYTES : Infinity;
          const known = offset >>> 0 <= 0xffff ? (offset >>> 0) + before : Infinity;
          return loadBytes(known, to, count >>> 0, INT_MAX);
        },
      },
    ],
  ]);
  return (id) => codes.get(id);
}
