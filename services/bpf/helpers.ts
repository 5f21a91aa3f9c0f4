/**
 * What a helper takes in one of r1 to r5, in the kernel's terms (ARG_PTR_TO_CTX and so on):
 *
 * - `ctx`: the context as r1 had it when the program began;
 * - `map`: a map, as a wide load with src 1 gives it;
 * - `map_key`, `map_value`: a readable, initialised pointer to as many bytes as a key or a value of that map has;
 * - `mem_write`: a writable pointer to as many bytes as the argument after it says; the helper initialises them all;
 * - `mem_size`: how many bytes the pointer before it has, at least 1;
 * - `scalar`: any number.
 */
export type HelperArg = "ctx" | "map" | "map_key" | "map_value" | "mem_write" | "mem_size" | "scalar";

/** A function of the kernel that a program may call; r1 to r5 are lost in the call, r0 is the result. */
export interface Helper {
  readonly id: number;
  /** Without the `bpf_` of the kernel's documentation. */
  readonly name: string;
  readonly args: readonly HelperArg[];
  /** A `map_value_or_null` may be used as a pointer only where it was compared with 0 before. */
  readonly returns: "scalar" | "map_value_or_null";
  /** Whether it changes the map that it is given: refused for a read-only one. */
  readonly writesMap?: true;
}

/** The helpers that there are, with the numbers of Linux (include/uapi/linux/bpf.h). */
const HELPERS: readonly Helper[] = [
  { id: 1, name: "map_lookup_elem", args: ["map", "map_key"], returns: "map_value_or_null" },
  {
    id: 2,
    name: "map_update_elem",
    args: ["map", "map_key", "map_value", "scalar"],
    returns: "scalar",
    writesMap: true,
  },
  { id: 3, name: "map_delete_elem", args: ["map", "map_key"], returns: "scalar", writesMap: true },
  { id: 5, name: "ktime_get_ns", args: [], returns: "scalar" },
  { id: 7, name: "get_prandom_u32", args: [], returns: "scalar" },
  { id: 8, name: "get_smp_processor_id", args: [], returns: "scalar" },
  { id: 26, name: "skb_load_bytes", args: ["ctx", "scalar", "mem_write", "mem_size"], returns: "scalar" },
  {
    id: 68,
    name: "skb_load_bytes_relative",
    args: ["ctx", "scalar", "mem_write", "mem_size", "scalar"],
    returns: "scalar",
  },
];

const BY_ID: ReadonlyMap<number, Helper> = new Map(HELPERS.map((helper) => [helper.id, helper]));

/** The helper with a number; undefined: there is none. */
export const helperOf = (id: number): Helper | undefined => BY_ID.get(id);
