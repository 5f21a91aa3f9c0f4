/** What somebody does who waits for places. */
export interface Waiting {
  /** Is told from time to time for whom, with why each is not there yet. */
  readonly onWait: (missing: readonly string[]) => void;
  /** Aborted when nobody wants to wait any more. */
  readonly stop: AbortSignal;
}

/** Places that did not come up, with one line for each. */
export class NotUp extends Error {
  override readonly name = "NotUp";
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("; "));
    this.lines = lines;
  }
}

const PAUSE_MS = 250;
const TELL_EVERY_MS = 5_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Brings up many things at once, each again and again until it is there or the patience is over.
 *
 * @returns those that are up, in the order of `wanted`, and what went wrong with the others.
 */
export async function patiently<T, Up>(
  wanted: readonly T[],
  nameOf: (one: T) => string,
  bring: (one: T) => Promise<Up>,
  patienceMs: number,
  waiting?: Waiting,
): Promise<{ readonly up: readonly Up[]; readonly trouble: Error | undefined }> {
  const endMs = performance.now() + patienceMs;
  const missing = new Map<string, string>();
  const isOver = (): boolean => performance.now() >= endMs || waiting?.stop.aborted === true;
  const tell = setInterval(() => {
    if (missing.size > 0) waiting?.onWait([...missing.values()]);
  }, TELL_EVERY_MS);

  async function until(one: T): Promise<Up | undefined> {
    for (;;) {
      try {
        const up = await bring(one);
        missing.delete(nameOf(one));
        return up;
      } catch (error) {
        missing.set(nameOf(one), (error as Error).message);
        if (isOver()) return undefined;
        await pause(PAUSE_MS);
      }
    }
  }

  try {
    const up = await Promise.all(wanted.map(until));
    return {
      up: up.filter((one) => one !== undefined),
      trouble: missing.size === 0 ? undefined : new NotUp([...missing.values()]),
    };
  } finally {
    clearInterval(tell);
  }
}
