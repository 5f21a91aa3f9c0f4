/** Numbers for words that repeat. */
export interface Dictionary {
  /** The word's number, from 0 for the empty word; -1 when it is new and the dictionary is full. */
  number(word: string): number;
  text(number: number): string;
}

/** Leaves room in sixteen bits, and for the points and field names that come late. */
const WORDS_MAX = 60_000;

/** Makes a dictionary. It never forgets, so it is bounded. */
export function createDictionary(): Dictionary {
  const numbers = new Map<string, number>([["", 0]]);
  const words = [""];
  return {
    number(word) {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      if (words.length >= WORDS_MAX) return -1;
      numbers.set(word, words.length);
      return words.push(word) - 1;
    },
    text: (number) => words[number] ?? "",
  };
}
