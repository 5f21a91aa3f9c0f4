import type { Crossing } from "./model/crossing.ts";

/** Something that others are inside of, and whose end waits for them: a file, a port. */
export interface Gate {
  /** Who is inside. */
  readonly crossing: Crossing;
  /** Wakes the one that waits for those inside, once there is one. */
  passed: (() => void) | undefined;
}

/** Somebody leaves; the last one to do so wakes whoever waits. */
export function leave(gate: Gate): void {
  if (gate.crossing.up()) gate.passed?.();
}

/** Waits until nobody is inside, without limit. `mustWait` is told when somebody is. From now on nobody may enter. */
export async function pass(gate: Gate, mustWait: (inside: number) => void): Promise<void> {
  if (gate.crossing.pass()) return;
  mustWait(gate.crossing.inside);
  await new Promise<void>((wake) => {
    gate.passed = wake;
  });
}
