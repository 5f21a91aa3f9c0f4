/** The numbers of one caller's calls on one edge. */
export interface InvocationIds {
  /** The next number, from 1. The call is open until `end`. */
  fresh(): number;
  /** The caller has its answer, or has given up: it will not ask again. */
  end(id: number): void;
  /** All calls up to this one have ended. */
  settled(): number;
}

/** Counts the calls of one edge, and knows how far all of them have ended. */
export function createInvocationIds(): InvocationIds {
  const open = new Set<number>();
  let last = 0;
  let settled = 0;
  return {
    fresh() {
      open.add(++last);
      return last;
    },
    end: (id) => void open.delete(id),
    settled() {
      while (settled < last && !open.has(settled + 1)) settled++;
      return settled;
    },
  };
}
