/** How many letters must be typed, taken away, changed or swapped with a neighbour to make one word of another. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * The word that somebody probably meant: the nearest one within a third of its length, or the only one that begins with
 * what was typed. Undefined where that would be a guess.
 */
function closest(typed: string, words: Iterable<string>): string | undefined {
  const wanted = typed.toLowerCase();
  if (wanted === "") return undefined;
  const known = [...words];
  let best: string | undefined;
  let least = Infinity;
  for (const word of known) {
    const far = distance(wanted, word.toLowerCase());
    if (far < least && far <= Math.max(1, Math.floor(word.length / 3))) {
      best = word;
      least = far;
    }
  }
  if (best !== undefined) return best;
  const beginning = known.filter((word) => word.toLowerCase().startsWith(wanted));
  return beginning.length === 1 ? beginning[0] : undefined;
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, words: Iterable<string>): string {
  const meant = closest(typed, words);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}
