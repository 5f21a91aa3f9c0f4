import type { Answer, Invocation, Transport } from "../boundary/invocation.ts";
import { lost } from "./answers.ts";
import { sizeOf, tooLarge } from "./limit.ts";
import { copyPlain } from "./plain.ts";

/** A call's way there, or its answer's way back. */
export type Leg = "request" | "reply";

/** How a local transport copies and how long it takes. */
export interface LocalOptions {
  /** Waits as long as this leg takes; the simulated runtime passes the hop to its virtual instant. */
  readonly hop: (leg: Leg, invocation: Invocation) => Promise<void>;
  /** How plain data is copied, if not by `copyPlain`. */
  readonly copy?: <T>(value: T) => T;
}

function answerOf(answer: Answer, { point }: Invocation, copy: <T>(value: T) => T): Answer {
  if (answer.kind !== "returned") return { ...answer };
  const tooLong = tooLarge(`the answer to ${point}`, sizeOf(answer.value));
  return tooLong === undefined ? { ...answer, value: copy(answer.value) } : lost("rejected", tooLong);
}

/**
 * The transport inside one thread.
 *
 * Arguments and values are copied even here: a transport that shares objects lets two houses share state, and a
 * simulation would then find less than the other runtimes. It never answers in the turn of the call.
 */
export function localTransport(serve: Transport, { hop, copy = copyPlain }: LocalOptions): Transport {
  return async (invocation): Promise<Answer> => {
    const tooLong = tooLarge(`the call ${invocation.point}`, sizeOf(invocation.args));
    if (tooLong !== undefined) return lost("rejected", tooLong);
    // Copied when the call is made, not when it arrives: the caller may go on with its objects meanwhile.
    const { locks, chain } = invocation;
    const sent: Invocation = {
      ...invocation,
      args: copy(invocation.args),
      locks: [...locks],
      chain: [...chain],
      notes: { parent: 0 },
    };
    await hop("request", sent);
    const answer = await serve(sent);
    const got = answerOf(answer, invocation, copy);
    await hop("reply", sent);
    return got;
  };
}
