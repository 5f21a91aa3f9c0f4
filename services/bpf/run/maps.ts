import { toRet } from "../../abi/errno.ts";
import type { MapSpec } from "../program.ts";

/** The bytes of a program's memory; another array when memory grew. */
export interface Bytes {
  readonly bytes: Uint8Array;
}

/** A key and its value. */
interface MapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A map of a program. Keys and values are given by their address; what is returned is Linux's. */
export interface BpfMap {
  readonly spec: MapSpec;
  /** The address of the value; 0: there is none. */
  lookup(keyAt: number): number;
  /** @returns 0, -EINVAL for other flags than these, -EEXIST, -ENOENT, or -E2BIG for an index or an entry too many. */
  update(keyAt: number, valueAt: number, flags: number): number;
  /** @returns 0, -ENOENT, or -EINVAL for an array: its entries cannot be deleted. */
  remove(keyAt: number): number;
  /** Copies of all that is in it: an array's in order, a hash's in the order of its places. */
  entries(): readonly MapEntry[];
}

/** Where the values of a map are. */
interface Region {
  readonly at: number;
  readonly strideBytes: number;
}

/** As a result; no point of the contract has this errno. */
const E2BIG = -7;
/** Flags of an update; BPF_ANY is 0. */
const BPF_NOEXIST = 1;
const BPF_EXIST = 2;

/** Makes a map whose values are at a place in memory. */
export const createMap = (spec: MapSpec, region: Region, memory: Bytes): BpfMap =>
  spec.type === "array" ? createArray(spec, region, memory) : createHash(spec, region, memory);

/** BPF_MAP_TYPE_ARRAY: all values exist from the beginning. */
function createArray(spec: MapSpec, { at, strideBytes }: Region, memory: Bytes): BpfMap {
  const valueAt = (index: number): number => at + index * strideBytes;
  const indexAt = (keyAt: number): number =>
    new DataView(memory.bytes.buffer, memory.bytes.byteOffset + keyAt, 4).getUint32(0, true);
  for (let index = 0; index < spec.maxEntries; index++) {
    const initial = spec.initial?.subarray(index * spec.valueBytes, (index + 1) * spec.valueBytes);
    if (initial === undefined || initial.length === 0) break;
    memory.bytes.set(initial, valueAt(index));
  }
  return {
    spec,
    lookup(keyAt) {
      const index = indexAt(keyAt);
      return index < spec.maxEntries ? valueAt(index) : 0;
    },
    update(keyAt, newAt, flags) {
      if (flags < 0 || flags > BPF_EXIST) return toRet("EINVAL");
      const index = indexAt(keyAt);
      if (index >= spec.maxEntries) return E2BIG;
      if (flags === BPF_NOEXIST) return toRet("EEXIST");
      memory.bytes.copyWithin(valueAt(index), newAt, newAt + spec.valueBytes);
      return 0;
    },
    remove: () => toRet("EINVAL"),
    entries: () =>
      Array.from({ length: spec.maxEntries }, (_, index) => {
        const key = new Uint8Array(4);
        new DataView(key.buffer).setUint32(0, index, true);
        return { key, value: memory.bytes.slice(valueAt(index), valueAt(index) + spec.valueBytes) };
      }),
  };
}

const NONE = -1;

/**
 * BPF_MAP_TYPE_HASH with its places made beforehand, as Linux makes it: an update writes a free place and puts it where the
 * old one was, so that a pointer from before the update still sees the old value.
 */
function createHash(spec: MapSpec, { at, strideBytes }: Region, memory: Bytes): BpfMap {
  const { keyBytes, valueBytes, maxEntries } = spec;
  const buckets = new Int32Array(2 ** Math.ceil(Math.log2(maxEntries))).fill(NONE);
  /** The place after this one in its bucket. */
  const next = new Int32Array(maxEntries + 1).fill(NONE);
  const keys = new Uint8Array((maxEntries + 1) * keyBytes);
  const used = new Uint8Array(maxEntries + 1);
  /** Free places; the last is taken first. */
  const free = Int32Array.from({ length: maxEntries }, (_, i) => maxEntries - 1 - i);
  let frees = maxEntries;
  /** The place that the next update of an entry writes. */
  let spare = maxEntries;

  const valueAt = (place: number): number => at + place * strideBytes;

  function bucketOf(keyAt: number): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < keyBytes; i++) hash = Math.imul(hash ^ (memory.bytes[keyAt + i] ?? 0), 0x01000193);
    return (hash ^ (hash >>> 15)) & (buckets.length - 1);
  }

  function hasKey(place: number, keyAt: number): boolean {
    for (let i = 0; i < keyBytes; i++) if (keys[place * keyBytes + i] !== memory.bytes[keyAt + i]) return false;
    return true;
  }

  function find(bucket: number, keyAt: number): number {
    let place = buckets[bucket] ?? NONE;
    while (place !== NONE && !hasKey(place, keyAt)) place = next[place] ?? NONE;
    return place;
  }

  function unlink(bucket: number, place: number): void {
    let before = buckets[bucket] ?? NONE;
    if (before === place) buckets[bucket] = next[place] ?? NONE;
    else {
      while (next[before] !== place) before = next[before] ?? NONE;
      next[before] = next[place] ?? NONE;
    }
    used[place] = 0;
  }

  return {
    spec,
    lookup(keyAt) {
      const place = find(bucketOf(keyAt), keyAt);
      return place === NONE ? 0 : valueAt(place);
    },
    update(keyAt, newAt, flags) {
      if (flags < 0 || flags > BPF_EXIST) return toRet("EINVAL");
      const bucket = bucketOf(keyAt);
      const old = find(bucket, keyAt);
      if (old !== NONE && flags === BPF_NOEXIST) return toRet("EEXIST");
      if (old === NONE && flags === BPF_EXIST) return toRet("ENOENT");
      if (old === NONE && frees === 0) return E2BIG;
      const place = old === NONE ? (free[--frees] ?? NONE) : spare;
      memory.bytes.copyWithin(valueAt(place), newAt, newAt + valueBytes);
      keys.set(memory.bytes.subarray(keyAt, keyAt + keyBytes), place * keyBytes);
      if (old !== NONE) {
        unlink(bucket, old);
        spare = old;
      }
      next[place] = buckets[bucket] ?? NONE;
      buckets[bucket] = place;
      used[place] = 1;
      return 0;
    },
    remove(keyAt) {
      const bucket = bucketOf(keyAt);
      const place = find(bucket, keyAt);
      if (place === NONE) return toRet("ENOENT");
      unlink(bucket, place);
      free[frees++] = place;
      return 0;
    },
    entries: () =>
      [...used.keys()]
        .filter((place) => used[place] === 1)
        .map((place) => ({
          key: keys.slice(place * keyBytes, (place + 1) * keyBytes),
          value: memory.bytes.slice(valueAt(place), valueAt(place) + valueBytes),
        })),
  };
}
