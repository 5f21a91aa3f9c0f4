/** The first line in which two traces differ. */
export interface TraceDifference {
  /** From 0. */
  readonly at: number;
  /** What each trace has there; undefined: it ends before. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** The line, with what came before it, for people. */
  readonly text: string;
}

/** Lines shown before the difference. */
const CONTEXT = 5;

/**
 * The first event in which two traces of one seed differ, both as JSON lines; undefined when they are the same byte for
 * byte. Everything after it differs on its account.
 */
export function firstDifferingEvent(a: readonly string[], b: readonly string[]): TraceDifference | undefined {
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a[at] === b[at]) continue;
    const before = a.slice(Math.max(0, at - CONTEXT), at).map((line) => `    ${line}`);
    const text = [
      `event ${at + 1} of ${a.length} and ${b.length}:`,
      ...before,
      `  a ${a[at] ?? "(ends)"}`,
      `  b ${b[at] ?? "(ends)"}`,
    ].join("\n");
    return { at, a: a[at], b: b[at], text };
  }
  return undefined;
}
