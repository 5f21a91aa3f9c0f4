/**
 * TCP urgent data as a receiving kernel socket knows it (facts/kernel-sockets 7). Positions are offsets into the peer's
 * stream. An urgent byte that is kept apart leaves a hole there, which nobody reads:
 *
 *     read | a b c d [hole: older urgent byte] e f | mark | g h
 *          ^ first normal byte                     ^ normal reads stop here
 */
export interface Urgent {
  /** SS_OOBPEND: a mark was seen, and no normal byte behind it was read since. */
  pending: boolean;
  /** SS_HAVEOOBDATA: the byte, kept apart until somebody receives it with MSG_OOB. */
  have: number | undefined;
  /** SS_HADOOBDATA: somebody has. */
  had: boolean;
  /** Where the mark is, while it is pending. */
  mark: number;
  /** Whether the byte at the mark has come, into the stream (SO_OOBINLINE) or apart. */
  arrived: boolean;
  /** Offsets of bytes in the stream that are kept apart or were dropped, in order. */
  readonly holes: number[];
}

/** No urgent data yet. */
export const newUrgent = (): Urgent => ({
  pending: false,
  have: undefined,
  had: false,
  mark: 0,
  arrived: false,
  holes: [],
});

/** U1: a mark, which may precede its byte. An older byte that nobody read is dropped. */
export function markArrives(urgent: Urgent, offset: number): void {
  urgent.pending = true;
  urgent.have = undefined;
  urgent.had = false;
  urgent.mark = offset;
  urgent.arrived = false;
}

/** U2 and U3: the byte at the mark came. Apart from the stream it leaves a hole there; inline it is a normal byte. */
export function byteArrives(urgent: Urgent, byte: number, inline: boolean): void {
  urgent.arrived = true;
  if (inline) return;
  urgent.have = byte;
  urgent.holes.push(urgent.mark);
}

/** Which hole is the first at or behind a position: a peer may make every other byte of a window urgent, so none is looked at in turn. */
function firstHole({ holes }: Urgent, position: number): number {
  let [low, high] = [0, holes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((holes[middle] ?? Infinity) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first normal byte at or behind a position. */
export function skipHoles(urgent: Urgent, position: number): number {
  let at = position;
  for (let i = firstHole(urgent, position); urgent.holes[i] === at; i++) at++;
  return at;
}

/** How many holes there are in a stretch of the stream. */
export const holesWithin = (urgent: Urgent, from: number, to: number): number =>
  firstHole(urgent, to) - firstHole(urgent, from);

/** SIOCATMARK: whether the next normal byte is at the mark, or would be (R9). */
export const atMark = (urgent: Urgent, readOffset: number): boolean =>
  urgent.pending && skipHoles(urgent, readOffset) >= urgent.mark;

/** How far a normal read that begins at a normal byte may go at once: to the next hole, and to the mark (R5). */
export function readLimit(urgent: Urgent, from: number): number {
  const toMark = urgent.pending && from < urgent.mark ? urgent.mark - from : Infinity;
  const hole = urgent.holes[firstHole(urgent, from + 1)] ?? Infinity;
  return Math.min(toMark, hole - from);
}

/** R6: normal bytes at or behind the mark were read: all of it is over, but that the byte was had. */
export function passMark(urgent: Urgent): void {
  urgent.pending = false;
  urgent.have = undefined;
}

/** Forgets holes that were read past. */
export function forgetHoles(urgent: Urgent, readOffset: number): void {
  if (urgent.holes.length > 0) urgent.holes.splice(0, firstHole(urgent, readOffset));
}
