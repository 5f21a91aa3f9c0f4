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

interface Caller {
  settled: number;
  readonly answers: Map<number, Promise<Answer>>;
}

/**
 * Remembers answers, so that a repeated call is answered with the first answer and acted on once.
 *
 * The caller says up to which id its calls have ended; below that nothing needs to be kept, so in a quiet kernel the
 * memory is as large as the number of calls in flight, at any rate of calls. An id that is forgotten must not be acted on:
 * nobody can know whether it was.
 */
export function createMemory(answersMax: number = LIMITS.rememberedAnswers): Memory {
  const callers = new Map<string, Caller>();
  const callerOf = (name: string): Caller => {
    const known = callers.get(name);
    if (known !== undefined) return known;
    const made: Caller = { settled: 0, answers: new Map() };
    callers.set(name, made);
    return made;
  };
  return {
    recall(name, id, settled) {
      const caller = callerOf(name);
      for (; caller.settled < settled; caller.settled++) caller.answers.delete(caller.settled + 1);
      const answer = caller.answers.get(id);
      if (answer !== undefined) return answer;
      return id <= caller.settled ? "FORGOTTEN" : "NEW";
    },
    remember(name, id, answer) {
      const caller = callerOf(name);
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
