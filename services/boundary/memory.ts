import { LIMITS } from "../abi/limits.ts";
import type { Answer } from "./invocation.ts";

/** What a receiver knows of an invocation id. */
type Recall = "NEW" | "FORGOTTEN" | Promise<Answer>;

/** A receiver's memory of invocation ids. */
export interface Memory {
  /** What is known of a call. `settled` is what the caller says with it; answers up to there are forgotten. */
  recall(caller: string, id: number, settled: number): Recall;
  remember(caller: string, id: number, answer: Promise<Answer>): void;
  /** How many answers are kept. */
  size(): number;
}

/** A caller's place, in the life that was heard of last. */
interface Caller {
  readonly life: number;
  settled: number;
  readonly answers: Map<number, Promise<Answer>>;
}

/** `alpha/vfs#2` is the second life of `alpha/vfs`. */
function lifeOf(identity: string): { readonly place: string; readonly life: number } {
  const at = identity.lastIndexOf("#");
  const life = at < 0 ? NaN : Number(identity.slice(at + 1));
  return Number.isInteger(life) ? { place: identity.slice(0, at), life } : { place: identity, life: 0 };
}

/**
 * Remembers answers, so that a repeated call is answered with the first answer and acted on once.
 *
 * The caller says up to which id its calls have ended; below that nothing needs to be kept, so in a quiet kernel the
 * memory is as large as the number of calls in flight, at any rate of calls. An id that is forgotten must not be acted on:
 * nobody can know whether it was. So is a call of a caller that has died: what it had asked is dropped when its next life
 * is heard of, and what of it was still on its way then is too old to know.
 */
export function createMemory(answersMax: number = LIMITS.rememberedAnswers): Memory {
  const callers = new Map<string, Caller>();
  /** Undefined: the caller is a former life of its place, which was told of before. */
  const callerOf = (identity: string): Caller | undefined => {
    const { place, life } = lifeOf(identity);
    const known = callers.get(place);
    if (known?.life === life) return known;
    if (known !== undefined && known.life > life) return undefined;
    // Nobody will ask for the answers that a dead caller was given.
    const made: Caller = { life, settled: 0, answers: new Map() };
    callers.set(place, made);
    return made;
  };
  return {
    recall(name, id, settled) {
      const caller = callerOf(name);
      if (caller === undefined) return "FORGOTTEN";
      for (; caller.settled < settled; caller.settled++) caller.answers.delete(caller.settled + 1);
      const answer = caller.answers.get(id);
      if (answer !== undefined) return answer;
      return id <= caller.settled ? "FORGOTTEN" : "NEW";
    },
    remember(name, id, answer) {
      const caller = callerOf(name);
      if (caller === undefined) return;
      caller.answers.set(id, answer);
      if (caller.answers.size <= answersMax) return;
      // One call stays open for very long while others come and go. The oldest answers go, and what they were for is
      // forgotten with them: everything up to there must not be acted on again.
      for (const oldest of caller.answers.keys()) {
        caller.answers.delete(oldest);
        caller.settled = Math.max(caller.settled, oldest);
        break;
      }
    },
    size: () => [...callers.values()].reduce((sum, { answers }) => sum + answers.size, 0),
  };
}
