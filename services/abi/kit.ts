import type { House, Stage } from "./contract.generated.ts";
import type { EventLog } from "./event.ts";
import type { Profile } from "./profile.ts";

/** Something that will happen unless it is cancelled. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, virtual or real. Nanoseconds since the world booted, as a safe integer: good for 104 days.
 */
export interface Clock {
  nowNs(): number;
  /** Resolves when so much time has passed. */
  sleepNs(ns: number): Promise<void>;
  /** Calls back once when so much time has passed. Cheap to make and to cancel: every hook call makes one. */
  after(ns: number, callback: () => void): Timer;
  /** Resolves when everything that is there already has had its turn. Absent where nothing comes from outside. */
  turn?(): Promise<unknown>;
}

/** Chance, seeded. Each name is a stream of its own, so that one more draw here shifts nothing there. */
export interface Random {
  /** The next number of the stream, in [0, 1). */
  fraction(stream: string): number;
}

/** What a piece of work is: serving a call, or handling a frame. */
export type Work = "call" | "frame";

/** What a house gets from the runtime it runs in, and all it knows of the world. */
export interface Kit {
  readonly node: string;
  readonly house: House;
  readonly profile: Profile;
  /** The world's seed, 64 bits. */
  readonly seed: bigint;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventLog;
  /**
   * Occupies the node's processor for a piece of work that no port of the house has paid for. Resolves when the work is done,
   * at which the house acts; undefined: at once. Absent where work takes the time that it takes.
   */
  readonly occupy?: ((stage: Stage, work: Work) => Promise<void> | undefined) | undefined;
}
