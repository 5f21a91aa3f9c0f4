import type { PlaceWord } from "./orders.ts";

/** Who waits for words of one life of a place. */
export interface Words {
  /** The next word of this kind; rejects when the life ends before, or says nothing for too long. */
  next(t: PlaceWord["t"]): Promise<void>;
  said(t: PlaceWord["t"]): void;
  end(how: string): void;
}

const SAYS_WITHIN_MS = 20_000;

interface Waiting {
  readonly t: PlaceWord["t"];
  readonly settle: (error?: Error) => void;
}

/** @param name the place's, for messages. */
export function createWords(name: string): Words {
  let waiting: Waiting[] = [];
  let ended: string | undefined;
  const endText = (t: string): string => `${name} ended with ${ended ?? ""} before it said ${t}`;
  return {
    next: (t) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(new Error(endText(t)));
          return;
        }
        const one: Waiting = {
          t,
          settle(error) {
            clearTimeout(tooLate);
            waiting = waiting.filter((other) => other !== one);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        const tooLate = setTimeout(
          () => one.settle(new Error(`${name} did not say ${t} within ${SAYS_WITHIN_MS / 1000} s`)),
          SAYS_WITHIN_MS,
        );
        waiting.push(one);
      }),
    said: (t) => waiting.find((one) => one.t === t)?.settle(),
    end(how) {
      ended = how;
      for (const { t, settle } of waiting) settle(new Error(endText(t)));
    },
  };
}
