import { viewRing, WORD, type Checked, type RingViews } from "./layout.ts";
import { look, publish } from "./protocol.shared.ts";

/** A ring that one end has attached to, with the indices that it found there. */
interface AttachedRing extends RingViews {
  /** An index lives in this slot: `index & mask`. */
  readonly mask: number;
  readonly tail: number;
  readonly head: number;
}

/**
 * Attaches an end to a ring: finds it, checks what is there, and says that this end is open.
 *
 * @param closed the word in which this end says that it has closed.
 */
export function attach(buffer: ArrayBufferLike, closed: number): Checked<AttachedRing> {
  const viewed = viewRing(buffer);
  if (!viewed.ok) return viewed;
  const { words, capacity } = viewed.value;
  const tail = look(words, WORD.tail);
  const head = look(words, WORD.head);
  if ((tail - head) >>> 0 > capacity)
    return { ok: false, why: "the indices are further apart than the ring has slots" };
  publish(words, closed, 0);
  return { ok: true, value: { ...viewed.value, mask: capacity - 1, tail, head } };
}

/** How an end is attached. */
export interface EndOptions {
  /**
   * A peer that closed may come back: its having closed is nothing to wake up for. Left out, who waits for a closed peer is
   * told at once.
   */
  readonly peerMayReturn?: true;
}
