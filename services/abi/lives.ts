/** How many numbers a house has for what it makes in one of its lives. */
const NUMBERS_PER_LIFE = 1_000_000_000;

/**
 * The number before the first that a house gives in one of its lives. A house that comes back empty counts on from here, so
 * that no number of an earlier life can mean anything that it made since: a late word about file 7 is not about file
 * 1,000,000,007.
 */
export const numbersBefore = (incarnation: number): number => (incarnation - 1) * NUMBERS_PER_LIFE;

/** Another house, which may die and come back empty, as its peer sees it. */
export interface Lives {
  /** Grows whenever it came back. What was begun under another number was begun with one that is gone. */
  readonly current: number;
  /**
   * It says that it came back.
   *
   * @param incarnation which of its lives this is; 0: it does not count them.
   * @returns whether this life lasts still, to be asked again and again; undefined for the late word of an earlier life.
   */
  begin(incarnation: number): (() => boolean) | undefined;
}

/** A house in its first life. */
export function createLives(): Lives {
  let current = 1;
  let latest = 1;
  return {
    get current() {
      return current;
    },
    begin(incarnation) {
      if (incarnation !== 0 && incarnation < latest) return undefined;
      latest = Math.max(latest, incarnation);
      const life = ++current;
      return () => current === life;
    },
  };
}
