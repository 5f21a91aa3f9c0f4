import type { House } from "../../abi/contract.generated.ts";
import type { Slice, TraceEvent } from "../../abi/event.ts";

/** A formula that watches the events of one house. */
export interface Watcher {
  sees(event: TraceEvent): void;
  /** Whether it holds now in the slice of a crossing. */
  holds(slice: Slice): boolean;
}

export function createWatcher(_text: string): Watcher {
  return { sees: () => undefined, holds: () => true };
}

/** Why a formula cannot be watched in these houses, in one line; undefined when it can, and for none. */
export function whenProblem(_text: string | undefined, _word: string, _houses: readonly House[]): string | undefined {
  return undefined;
}
