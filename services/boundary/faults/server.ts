import type { PointArgs, PointName, PointValues, PointContract } from "../../abi/contract.generated.ts";
import { assert, unreachable } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Kit } from "../../abi/kit.ts";
import { BLOWS, type Blows } from "../blows.ts";
import type { Answer, Invocation } from "../invocation.ts";
import type { FaultEngine, Strike } from "./engine.ts";
import { heldNs, isAfter, isBefore, madeAnswer, never, released, wrongData } from "./interceptor.ts";
import { blowStrikes } from "./strike.ts";

/** What a fault in the house that is called is made with. */
export interface ServerParts {
  readonly engine: FaultEngine;
  readonly kit: Kit;
  readonly blows: Blows;
  readonly contract: PointContract;
  readonly invocation: Invocation;
  /** The context of what the house does for this call. */
  readonly context: Context;
  /** Lets the house act, and records how it ended. */
  readonly act: (args: PointArgs[PointName], context: Context) => Promise<Answer>;
  /** Records an end of the call that is not the house's. */
  readonly end: (answer: Answer) => void;
}

/** Puts a fault in the place of what a house does for a call, after the call arrived there. */
export async function injectAtServer(strike: Strike, parts: ServerParts): Promise<Answer> {
  const { effect, phase } = strike;
  const { kit, invocation, context, act, end } = parts;
  const { point, args } = invocation;
  const ended = (answer: Answer): Answer => {
    end(answer);
    return answer;
  };
  /** It came, and nothing comes of it: the caller's deadline says what that means. */
  const lostHere = (): Promise<Answer> => {
    end({ kind: "lost", why: "unreachable", reason: "a fault lost the call in the house", lamport: 0 });
    return never();
  };
  const blow = BLOWS.find((kind) => kind === effect.kind);
  if (blow !== undefined) {
    const struck = { effect, kind: blow, phase: isAfter(strike) ? "after" : "before" } as const;
    // Who strikes itself goes on when it can: a sleep of nothing lasts as long as it stands still, and for ever when it is dead.
    const strikes = async (): Promise<void> => {
      await blowStrikes(struck, context, invocation, parts);
      await kit.clock.sleepNs(0);
    };
    if (struck.phase === "before") await strikes();
    const answer = await act(args, context);
    if (struck.phase === "after") await strikes();
    return answer;
  }
  switch (effect.kind) {
    case "refuse":
    case "answer": {
      if (phase === "instead") return ended({ ...madeAnswer(strike, point, undefined), lamport: kit.events.stamp() });
      return madeAnswer(strike, point, await act(args, context));
    }
    case "skip":
      return ended({ kind: "unserved", lamport: kit.events.stamp() });
    case "lose_request":
      return lostHere();
    case "lose_reply":
      await act(args, context);
      return never();
    case "delay":
    case "bandwidth": {
      if (isBefore(strike)) await kit.clock.sleepNs(heldNs(strike, parts, point, args));
      const answer = await act(args, context);
      if (isAfter(strike)) await kit.clock.sleepNs(heldNs(strike, parts, point, valueOf(answer)));
      return answer;
    }
    case "mistake":
    case "corrupt": {
      const wrong = isBefore(strike) ? wrongData(strike, point, "before", args) : args;
      const answer = await act(wrong, context);
      if (!isAfter(strike) || answer.kind !== "returned") return answer;
      return { ...answer, value: wrongData(strike, point, "after", answer.value) as PointValues[PointName] };
    }
    case "stall": {
      if (phase === "before") return (await released(strike, parts, point)) ? act(args, context) : lostHere();
      const answer = await act(args, context);
      return (await released(strike, parts, point)) ? answer : never();
    }
    case "resource":
      assert(effect.resource !== undefined, "a rule that takes a resource away was armed with it");
      return act(args, { ...context, lacks: effect.resource });
    default:
      return unreachable(effect.kind as never, "the kind of a rule that strikes at the receiver's side");
  }
}

const valueOf = (answer: Answer): object => (answer.kind === "returned" ? answer.value : {});
