import type { Doorbell } from "./doorbell.ts";
import { WORD } from "./layout.ts";
import { look, publish } from "./protocol.shared.ts";

/**
 * What can go wrong at one end of a link of rings, made to happen. Each of them strikes below the protocol, where a broken
 * driver or a broken peer would: the other end sees only what is in the memory.
 */
export interface RingFaults {
  /** The next so many notifications that are due are not made: the peer sleeps until its bound, and counts it. */
  loseNotifications(count: number): void;
  /** This end takes no frame any more, until the function that it returns is called: the peer's sends find no room. */
  stick(): () => void;
  /**
   * Slots that this end has done with are not given back until the function that it returns is called: as with a driver
   * that leaks its buffers, frames still come, until all slots are used up.
   */
  withholdRelease(): () => void;
  /** Writes a TAIL that is so far beyond the frames that were sent. The peer counts it; the next flush puts it right. */
  writeTail(ahead: number): void;
  /** Writes a HEAD that is so far beyond the slots that were given back. The peer counts it; the next release puts it right. */
  writeHead(ahead: number): void;
}

/** The faults of a port, and what the port asks about them. */
interface FaultyEnd {
  readonly faults: RingFaults;
  /** The doorbell of the outgoing ring, with the faults in it. */
  readonly doorbell: Doorbell;
  /** Resolves when the port may take frames again; undefined when it may now. */
  stuck(): Promise<void> | undefined;
}

/** @param withhold turns the giving back of slots off (true) and on again. */
export function createRingFaults(
  outgoing: { readonly buffer: ArrayBufferLike; readonly doorbell: Doorbell },
  incoming: { readonly buffer: ArrayBufferLike },
  withhold: (on: boolean) => void,
): FaultyEnd {
  let losing = 0;
  let stuck: Promise<void> | undefined;
  const ahead = (buffer: ArrayBufferLike, word: number, by: number): void => {
    const words = new Int32Array(buffer);
    publish(words, word, (look(words, word) + by) | 0);
  };
  return {
    doorbell: {
      ...outgoing.doorbell,
      ring(word) {
        if (losing === 0) {
          outgoing.doorbell.ring(word);
          return;
        }
        losing--;
        outgoing.doorbell.lost?.(word);
      },
    },
    stuck: () => stuck,
    faults: {
      loseNotifications(count) {
        losing += count;
      },
      stick() {
        let free: () => void = () => undefined;
        stuck = new Promise((resolve) => (free = resolve));
        return () => {
          stuck = undefined;
          free();
        };
      },
      withholdRelease() {
        withhold(true);
        return () => withhold(false);
      },
      writeTail: (by) => ahead(outgoing.buffer, WORD.tail, by),
      writeHead: (by) => ahead(incoming.buffer, WORD.head, by),
    },
  };
}
