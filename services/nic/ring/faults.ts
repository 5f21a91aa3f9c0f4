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
  /**
   * Writes a TAIL that is so far beyond the frames that were sent. The peer counts it. The next flush of frames puts it right,
   * or the function that it returns, which also rings for a peer that fell asleep over it.
   */
  writeTail(ahead: number): () => void;
  /** Writes a HEAD that is so far beyond the slots that were given back; the next release puts it right, or what it returns. */
  writeHead(ahead: number): () => void;
}

/** What the faults of a port need of its two ends. */
interface FaultSeats {
  /** Whether the port is closed: its memory may be gone, and nothing is broken or mended any more. */
  closed(): boolean;
  /** Turns the giving back of slots off (true) and on again. */
  withhold(on: boolean): void;
  /** Writes TAIL anew as it has to be, and signals a consumer that asked. */
  republishTail(): void;
  /** Writes HEAD anew as it has to be, and signals a producer that asked. */
  republishHead(): void;
}

/** The faults of a port, and what the port asks about them. */
interface FaultyEnd {
  readonly faults: RingFaults;
  /** The doorbell of the outgoing ring, with the faults in it. */
  readonly doorbell: Doorbell;
  /** Resolves when the port may take frames again; undefined when it may now. */
  stuck(): Promise<void> | undefined;
}

/** The seats are asked when a fault strikes or is mended, when both ends are there. */
export function createRingFaults(
  outgoing: { readonly buffer: ArrayBufferLike; readonly doorbell: Doorbell },
  incoming: { readonly buffer: ArrayBufferLike },
  seats: FaultSeats,
): FaultyEnd {
  let losing = 0;
  let stuck: Promise<void> | undefined;
  const ahead = (buffer: ArrayBufferLike, word: number, by: number): void => {
    if (seats.closed()) return;
    const words = new Int32Array(buffer);
    publish(words, word, (look(words, word) + by) | 0);
  };
  const unlessClosed = (mend: () => void) => (): void => {
    if (!seats.closed()) mend();
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
        seats.withhold(true);
        return unlessClosed(() => seats.withhold(false));
      },
      writeTail(by) {
        ahead(outgoing.buffer, WORD.tail, by);
        return unlessClosed(() => seats.republishTail());
      },
      writeHead(by) {
        ahead(incoming.buffer, WORD.head, by);
        return unlessClosed(() => seats.republishHead());
      },
    },
  };
}
