import type { FaultResource, PointName, Stage } from "./contract.generated.ts";

/**
 * Where in the kernel a piece of work stands: who is current, on which stage, under which locks, inside which calls.
 * It is passed along by hand, never kept in a variable that two tasks could share.
 */
export interface Context {
  /** The current task. */
  readonly task: string;
  /** The current task's file table; 0 where `current->files` is NULL. */
  readonly files: number;
  readonly stage: Stage;
  /** The locks held along the chain, oldest first, as `class:instance`. */
  readonly locks: readonly string[];
  /** The points open along the chain, outermost first. */
  readonly chain: readonly PointName[];
  /** The trace, the span that is open, and the span around it; 0 before the first one. */
  readonly trace: number;
  readonly span: number;
  readonly parent: number;
  /** What the house has run out of while it does this: a fault, which does not cross to other houses. */
  readonly lacks?: FaultResource;
}

/** The context in which nothing has happened yet. */
export const outermost = (task: string, files = 0, stage: Stage = "inband"): Context => ({
  task,
  files,
  stage,
  locks: [],
  chain: [],
  trace: 0,
  span: 0,
  parent: 0,
});
