import { assert } from "../../abi/assert.ts";

/**
 * One byte layout for every kind of storage. Words are of 32 bits, in the byte order of the machine (a peer with another
 * one finds a wrong magic). Each line of 128 bytes has one writer, so that neither side takes a cache line from the other
 * without need; 128, because processors fetch lines of 64 in pairs.
 *
 *   byte   0  magic, version, capacity, bytes of a slot         written once, before the ring is shown to anybody
 *        128  TAIL, producer closed                             written by the producer
 *        256  HEAD, consumer closed                             written by the consumer
 *        384  DATA_WISH                                         written by the consumer, taken by the producer
 *        512  ROOM_WISH                                         written by the producer, taken by the consumer
 *        640  the slots, one behind the other, each a descriptor and a buffer
 *               descriptor, 64 bytes, a cache line:
 *                 offset of the frame in the buffer, length, flags, 0 (32 bits each)
 *                 frame number, timeNs, trace, span, Lamport stamp, 0 (64-bit reals)
 *               buffer: what follows, so that a processor that fetches two lines at a time has the frame's first with it
 */
const MAGIC = 0x544e5247;
const VERSION = 3;

/** Where the words are, counted in words. */
export const WORD = {
  magic: 0,
  version: 1,
  capacity: 2,
  slotBytes: 3,
  tail: 32,
  producerClosed: 33,
  head: 64,
  consumerClosed: 65,
  dataWish: 96,
  roomWish: 128,
  descriptors: 160,
} as const;

/** Words of a descriptor. */
export const DESCRIPTOR_WORDS = 16;

/** Where the reals of a descriptor are, counted in reals from its beginning. */
export const REAL = { frame: 2, timeNs: 3, trace: 4, span: 5, lamport: 6 } as const;

const SLOT_ALIGNMENT = 64;
const CAPACITY_MAX = 1 << 20;
const SLOT_BYTES_MAX = 1 << 20;
/** Places in it are of 32 bits, with a sign. */
const POOL_BYTES_MAX = 1 << 30;

/** The sizes of a ring. */
export interface Geometry {
  /** Slots: a power of two. All of them can be in use. */
  readonly capacity: number;
  /** Room for one frame: a multiple of 64. */
  readonly slotBytes: number;
}

/** What was asked for, or a line that says why not. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** The sizes of a ring for that many frames of at most so many bytes: rounded up to what a ring can have. */
export function geometryFor(frames: number, frameBytesMax: number): Geometry {
  const capacity = 2 ** Math.ceil(Math.log2(Math.max(1, frames)));
  const slotBytes = Math.max(1, Math.ceil(frameBytesMax / SLOT_ALIGNMENT)) * SLOT_ALIGNMENT;
  return { capacity, slotBytes };
}

/** From one descriptor to the next, in words. */
export const slotWords = ({ slotBytes }: Pick<Geometry, "slotBytes">): number => DESCRIPTOR_WORDS + slotBytes / 4;

/** The bytes of a ring with its slots. */
export const ringBytes = (geometry: Geometry): number =>
  (WORD.descriptors + geometry.capacity * slotWords(geometry)) * 4;

function problemOf({ capacity, slotBytes }: Geometry): string | undefined {
  if (capacity < 1 || capacity > CAPACITY_MAX || (capacity & (capacity - 1)) !== 0)
    return `the capacity is ${capacity}, which is not a power of two up to ${CAPACITY_MAX}`;
  if (slotBytes < 1 || slotBytes > SLOT_BYTES_MAX || slotBytes % SLOT_ALIGNMENT !== 0)
    return `a slot has ${slotBytes} bytes, which is not a multiple of ${SLOT_ALIGNMENT} up to ${SLOT_BYTES_MAX}`;
  if (capacity * slotBytes > POOL_BYTES_MAX) return `the buffers have more than ${POOL_BYTES_MAX} bytes`;
  return undefined;
}

/**
 * Makes an empty ring in memory that nobody else sees yet.
 *
 * @param start the first index; a test begins just below the wrap.
 */
export function formatRing(buffer: ArrayBufferLike, geometry: Geometry, start = 0): void {
  assert(problemOf(geometry) === undefined, "a ring is made with sizes that it can have");
  assert(buffer.byteLength >= ringBytes(geometry), "the memory is large enough for the ring");
  const words = new Int32Array(buffer, 0, WORD.descriptors);
  words.fill(0);
  words[WORD.version] = VERSION;
  words[WORD.capacity] = geometry.capacity;
  words[WORD.slotBytes] = geometry.slotBytes;
  words[WORD.tail] = start;
  words[WORD.head] = start;
  words[WORD.magic] = MAGIC;
}

/** The ring as one side sees it: its own copy of the sizes, and views that end where the ring does. */
export interface RingViews extends Geometry {
  readonly words: Int32Array;
  readonly reals: Float64Array;
  readonly bytes: Uint8Array;
}

/** Finds the ring in memory that somebody else has made. The sizes are read once and never again. */
export function viewRing(buffer: ArrayBufferLike): Checked<RingViews> {
  const refused = (why: string): Checked<RingViews> => ({ ok: false, why });
  if (buffer.byteLength < WORD.descriptors * 4) return refused(`${buffer.byteLength} bytes are too few for a ring`);
  const [magic, version, capacity = 0, slotBytes = 0] = new Int32Array(buffer, 0, WORD.tail);
  if (magic !== MAGIC) return refused("there is no ring here, or one of another byte order");
  if (version !== VERSION) return refused(`the ring has version ${version ?? 0}, known is ${VERSION}`);
  const problem = problemOf({ capacity, slotBytes });
  if (problem !== undefined) return refused(problem);
  const bytes = ringBytes({ capacity, slotBytes });
  if (buffer.byteLength < bytes) return refused(`the ring says ${bytes} bytes, the memory has ${buffer.byteLength}`);
  return {
    ok: true,
    value: {
      capacity,
      slotBytes,
      words: new Int32Array(buffer, 0, bytes / 4),
      reals: new Float64Array(buffer, 0, bytes / 8),
      bytes: new Uint8Array(buffer, 0, bytes),
    },
  };
}
