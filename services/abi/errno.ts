import { ERRNO, type Errno } from "./contract.generated.ts";

const NAMES: ReadonlyMap<number, Errno> = new Map(
  Object.entries(ERRNO).map(([name, number]) => [number, name as Errno]),
);

/** The errno of a Linux number, either sign; undefined for a number that no errno has here. */
export const errnoOf = (number: number): Errno | undefined => NAMES.get(Math.abs(number));

/** Whether a word is the name of an errno that Tenon knows. */
export const isErrno = (word: string): word is Errno => Object.hasOwn(ERRNO, word);

/** What Linux and Dovetail return for a refusal: the negative number. */
export const toRet = (errno: Errno): number => -ERRNO[errno];
