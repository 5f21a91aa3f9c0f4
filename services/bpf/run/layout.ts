import type { MapSpec } from "../program.ts";

/**
 * Where a program's memory has what, from address 0 on; a pointer is such an address, in the interpreter as in the translation:
 *
 *     0        nothing: a null pointer, and what lies near it, leads nowhere; maps have small numbers as their pointers
 *     64       r0 as the last run left it
 *     128      struct __sk_buff
 *     512      the stack, 512 bytes for each of 8 functions inside each other; the first of them has the lowest
 *     8192     the values of the maps, one map after the other, each value aligned to 8 bytes
 *     …        the packet, at a multiple of 64
 */
export const R0_AT = 64;
export const CONTEXT_AT = 128;
export const STACK_AT = 512;
/** What a function may use of the stack (MAX_BPF_STACK). */
export const FRAME_BYTES = 512;
/** How many functions may be inside each other (MAX_CALL_FRAMES). */
const FRAMES_MAX = 8;
export const STACK_END = STACK_AT + FRAMES_MAX * FRAME_BYTES;
const MAPS_AT = 8192;

/** How many instructions a run may take: as many as the kernel's verifier would follow (BPF_COMPLEXITY_LIMIT_INSNS). */
export const INSNS_MAX = 1_000_000;

/** What all maps of a program may take together; the kernel asks memory cgroups instead. */
const MAP_BYTES_MAX = 64 * 2 ** 20;

/** Offsets in `struct __sk_buff`; what is not named here reads as 0. */
export const SKB = {
  len: 0,
  mark: 8,
  protocol: 16,
  vlan_present: 20,
  vlan_tci: 24,
  vlan_proto: 28,
  priority: 32,
  ingress_ifindex: 36,
  ifindex: 40,
  /** Five numbers of 32 bits that the program may write. */
  cb: 48,
  end: 192,
} as const;
export const CB_BYTES = 20;

/** Which regions of memory a program has. */
export interface Layout {
  readonly maps: readonly { readonly at: number; readonly strideBytes: number; readonly end: number }[];
  readonly packetAt: number;
}

const aligned = (bytes: number, to: number): number => Math.ceil(bytes / to) * to;

/** A hash has one value more than entries: an update writes that one, and then puts it in the place of the old value. */
const slotsOf = ({ type, maxEntries }: MapSpec): number => (type === "hash" ? maxEntries + 1 : maxEntries);

/** Where the maps and the packet of a program are. */
export function layoutOf(maps: readonly MapSpec[]): Layout {
  let at = MAPS_AT;
  const regions = maps.map((map) => {
    const strideBytes = aligned(map.valueBytes, 8);
    const region = { at, strideBytes, end: at + strideBytes * slotsOf(map) };
    at = region.end;
    return region;
  });
  return { maps: regions, packetAt: aligned(at, 64) };
}

/** Why maps cannot be made, in a sentence; undefined: they can. */
export function whyNoMaps(maps: readonly MapSpec[]): string | undefined {
  for (const { name, type, keyBytes, valueBytes, maxEntries } of maps) {
    const wrong = (what: string): string => `map ${name}: ${what}`;
    if (!(Number.isInteger(maxEntries) && maxEntries > 0)) return wrong("max_entries must be above 0");
    if (!(Number.isInteger(valueBytes) && valueBytes > 0)) return wrong("value_size must be above 0");
    if (type === "array" && keyBytes !== 4) return wrong("the key of an array must have 4 bytes");
    if (!(Number.isInteger(keyBytes) && keyBytes > 0 && keyBytes <= FRAME_BYTES)) {
      return wrong(`key_size must be 1 to ${FRAME_BYTES}`);
    }
  }
  const bytes = maps.reduce((sum, map) => sum + (aligned(map.valueBytes, 8) + map.keyBytes) * slotsOf(map), 0);
  return bytes <= MAP_BYTES_MAX ? undefined : `the maps take ${bytes} bytes, allowed: ${MAP_BYTES_MAX}`;
}
