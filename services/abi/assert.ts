/** A broken invariant: the service must stop. Nobody catches it but a runtime, which reports it and dies with the seed. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/**
 * States what is true at this place.
 *
 * @param sentence what holds, as a sentence; it is the message when it does not.
 */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new InvariantViolation(`does not hold: ${sentence}`);
}

/** For the end of a switch over a closed union: the compiler proves that it is not reached. */
export function unreachable(value: never, what: string): never {
  throw new InvariantViolation(`does not hold: ${what} is known (${JSON.stringify(value)})`);
}
