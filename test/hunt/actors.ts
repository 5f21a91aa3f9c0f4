import type { RandomWorld } from "./worlds.ts";

/** A descriptor that an earlier step may have got. */
export interface Descriptor {
  /** The name of the result. */
  readonly name: string;
  readonly kind: "device" | "inet" | "stream" | "packet" | "oob";
}

/** A task of a random run, as far as it can be known before. */
export interface Actor {
  /** As a step names it. */
  readonly name: string;
  readonly node: RandomWorld["nodes"][number];
  /** Threads share it. */
  readonly table: Descriptor[];
  /** The tasks of its node, itself among them. */
  readonly others: readonly string[];
  /** The kernel sockets of its node, by the names of the results: they are no task's. */
  readonly ksocks: string[];
  /** The background call that it is in. */
  busy: string | undefined;
  /** It can make no call any more: it has left, or is in a call that nobody waits for. */
  gone: boolean;
}
