/** A piece of an alignment: entries of both, of A only, or of B only; places count from 0. */
export type Step =
  | { readonly t: "both"; readonly a: number; readonly b: number }
  | { readonly t: "a"; readonly a: number; readonly b: number }
  | { readonly t: "b"; readonly a: number; readonly b: number };

/** More steps than this apart, two sequences have little to do with each other, and looking further costs memory. */
const APART_MAX = 500;

/**
 * Aligns two sequences with the fewest entries left over (Myers, An O(ND) Difference Algorithm, 1986). What differs in more
 * than so many places is not aligned any further from the first one on: then the rest of both is left over.
 */
export function align(a: readonly string[], b: readonly string[]): Step[] {
  let begin = 0;
  while (begin < a.length && begin < b.length && a[begin] === b[begin]) begin++;
  let [endA, endB] = [a.length, b.length];
  while (endA > begin && endB > begin && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const middle = shortest(a.slice(begin, endA), b.slice(begin, endB));
  const steps: Step[] = [];
  for (let i = 0; i < begin; i++) steps.push({ t: "both", a: i, b: i });
  for (const step of middle) steps.push({ ...step, a: step.a + begin, b: step.b + begin });
  for (let i = 0; endA + i < a.length; i++) steps.push({ t: "both", a: endA + i, b: endB + i });
  return steps;
}

function shortest(a: readonly string[], b: readonly string[]): Step[] {
  const [n, m] = [a.length, b.length];
  /** How far in A one gets on each diagonal (A's place less B's), after so many left over. */
  let reach = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  for (let apart = 0; apart <= Math.min(n + m, APART_MAX); apart++) {
    history.push(reach);
    reach = new Map(reach);
    for (let k = -apart; k <= apart; k += 2) {
      const down = k === -apart || (k !== apart && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= n && x - k >= m) return backwards(history, n, m);
    }
  }
  return [...a.map((_, i): Step => ({ t: "a", a: i, b: 0 })), ...b.map((_, i): Step => ({ t: "b", a: n, b: i }))];
}

/** The way that led to the end. */
function backwards(history: readonly ReadonlyMap<number, number>[], n: number, m: number): Step[] {
  const steps: Step[] = [];
  let [x, y] = [n, m];
  for (let apart = history.length - 1; apart >= 0; apart--) {
    const reach = history[apart] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -apart || (k !== apart && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const before = down ? k + 1 : k - 1;
    const beforeX = apart === 0 ? 0 : (reach.get(before) ?? 0);
    const beforeY = apart === 0 ? 0 : beforeX - before;
    while (x > beforeX && y > beforeY) steps.push({ t: "both", a: --x, b: --y });
    if (apart === 0) break;
    if (down) steps.push({ t: "b", a: x, b: --y });
    else steps.push({ t: "a", a: --x, b: y });
  }
  return steps.reverse();
}
