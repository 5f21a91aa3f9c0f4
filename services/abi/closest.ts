/** How many letters must change to make one word of the other, where a swap of neighbours counts as one change. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const at = (r: number, c: number): number => rows[r]?.[c] ?? Infinity;
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, change, swapped));
    }
  }
  return rows[a.length]?.[b.length] ?? Infinity;
}

/**
 * The word that was probably meant: the one that is the fewest changes away, if these are few for its length; or else one
 * that the found word is a part of, or the other way round (`sys_open` for `open`, `doc` for `documented`).
 */
export function closest(found: string, words: readonly string[]): string | undefined {
  const wanted = found.toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const word of words) {
    const candidate = word.toLowerCase();
    const changes = distance(wanted, candidate);
    const length = Math.max(wanted.length, candidate.length);
    const near = changes < length && changes <= Math.max(1, Math.floor(length / 3));
    const part =
      candidate.length >= 3 &&
      wanted.length >= 3 &&
      [`_${candidate}`.endsWith(`_${wanted}`), wanted.endsWith(`_${candidate}`), candidate.startsWith(wanted)].some(
        Boolean,
      );
    const score = near ? changes : part ? 100 : Infinity;
    if (score < least) [best, least] = [word, score];
  }
  return best;
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, words: Iterable<string>): string {
  const meant = closest(typed, [...words]);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}
