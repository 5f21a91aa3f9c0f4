import { assert } from "../../abi/assert.ts";
import type { ArrivedFrame, FramePort, FramePortCounts } from "../../abi/frame.ts";
import type { RingFaults } from "../../nic/ring/faults.ts";

/** A port in whose ring things can be broken, where it has one. */
interface FaultyFramePort extends FramePort {
  readonly faults?: RingFaults | undefined;
}

/** A port that lives as long as its link does. */
interface LivePort extends FaultyFramePort {
  close(): void;
}

/** A port that stays while the link under it goes down and comes up again. */
export interface LinkPort {
  /** Its faults are those of what carries the frames now: undefined while it is down, and where that is no ring. */
  readonly port: FaultyFramePort;
  isUp(): boolean;
  /** Frames travel by this from now on; one that it had before is closed. */
  up(live: LivePort): void;
  /** Frames are refused, as by a full link. What was on its way is lost. */
  down(why: string): void;
  /** Calls back when the link comes up. */
  onUp(callback: () => void): void;
}

const COUNTS = ["sent", "full", "too_long", "received", "wrong", "signals", "missed_signals"] as const;
type Count = (typeof COUNTS)[number];

/** @param why says why it is down at the beginning. */
export function createLinkPort(why: string): LinkPort {
  // What former lives of the link have counted.
  const former = new Map<Count, number>(COUNTS.map((count) => [count, 0]));
  const listeners = new Set<() => void>();
  let live: LivePort | undefined;
  let medium = `down (${why})`;
  let receiver: readonly [(frame: ArrivedFrame) => void | Promise<void>, (() => void) | undefined] | undefined;

  const total = (count: Count): number => (former.get(count) ?? 0) + (live?.counts[count] ?? 0);
  const add = (count: Count, more: number): void => void former.set(count, (former.get(count) ?? 0) + more);
  const counts: FramePortCounts = {
    get sent() {
      return total("sent");
    },
    get full() {
      return total("full");
    },
    get too_long() {
      return total("too_long");
    },
    get received() {
      return total("received");
    },
    get wrong() {
      return total("wrong");
    },
    get signals() {
      return total("signals");
    },
    get missed_signals() {
      return total("missed_signals");
    },
  };

  function end(): void {
    const ending = live;
    if (ending === undefined) return;
    for (const count of COUNTS) add(count, ending.counts[count]);
    live = undefined;
    ending.close();
  }

  return {
    port: {
      get medium() {
        return live?.medium ?? medium;
      },
      counts,
      get faults() {
        return live?.faults;
      },
      send(bytes, meta) {
        if (live !== undefined) return live.send(bytes, meta);
        add("full", 1);
        return false;
      },
      flush: () => live?.flush(),
      receive(take, done) {
        assert(receiver === undefined, "a port has one receiver");
        receiver = [take, done];
        live?.receive(take, done);
      },
    },
    isUp: () => live !== undefined,
    up(next) {
      end();
      live = next;
      if (receiver !== undefined) next.receive(...receiver);
      for (const callback of listeners) callback();
    },
    down(reason) {
      end();
      medium = `down (${reason})`;
    },
    onUp: (callback) => void listeners.add(callback),
  };
}
