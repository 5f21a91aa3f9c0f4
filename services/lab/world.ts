import type { FaultReport, FaultRule, FileEntry } from "../abi/contract.generated.ts";
import type { TraceEvent } from "../abi/event.ts";
import type { Clock } from "../abi/kit.ts";
import type { Profile } from "../abi/profile.ts";
import type { Hooks } from "../boundary/hooks.ts";

/** Where a world runs. */
export const RUNTIMES = ["simulated", "embedded", "distributed"] as const;

/** Where a world runs. */
export type Runtime = (typeof RUNTIMES)[number];

/** Nothing in the world can move any more, yet the program that drives it has not ended. Only simulation can know. */
export class Stuck extends Error {
  override readonly name = "Stuck";
}

/**
 * A booted node as the lab sees it: tasks make calls, rules are armed, events come back. The same in every runtime.
 */
export interface World {
  readonly runtime: Runtime;
  readonly profile: Profile;
  readonly seed: bigint;
  readonly node: string;
  readonly clock: Clock;
  /** The system calls of tasks, in-band and out-of-band. */
  readonly calls: Hooks<"task">;
  /** Runs the program that drives the world, until it ends. Rejects with Stuck where that can be known. */
  drive<T>(program: () => Promise<T>): Promise<T>;
  /** Arms a rule at the house that calls its point. Answers the reason when it is refused. */
  arm(rule: FaultRule): Promise<string | undefined>;
  /** Disarms one rule, or all with `*`; false when there is none of that name. */
  disarm(id: string): Promise<boolean>;
  /** What the armed rules did so far. */
  faults(): Promise<readonly FaultReport[]>;
  /** Open files, and the core's index. */
  listFiles(): Promise<{ readonly vfs: readonly FileEntry[]; readonly companion: readonly FileEntry[] }>;
  /** Calls back with every batch of events, in an order that respects cause and effect within a house. */
  onEvents(listener: (events: readonly TraceEvent[]) => void): () => void;
  /** Resolves once every event that was recorded so far has been handed to the listeners. */
  settle(): Promise<void>;
  /** How many events were overwritten before they were taken. */
  dropped(): Promise<number>;
  /** Stops every thread and process of it. Idempotent. */
  stop(): Promise<void>;
}
