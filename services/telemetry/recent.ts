/** Numbers that are remembered; of more than that, the oldest are forgotten. */
export interface Recent {
  add(number: number): void;
  has(number: number): boolean;
}

const REMEMBERED = 32_768;

/** Remembers the last numbers in two halves, so that forgetting costs nothing: the older half goes at once. */
export function createRecent(): Recent {
  let younger = new Set<number>();
  let older = new Set<number>();
  return {
    add(number) {
      younger.add(number);
      if (younger.size < REMEMBERED) return;
      older = younger;
      younger = new Set();
    },
    has: (number) => younger.has(number) || older.has(number),
  };
}
