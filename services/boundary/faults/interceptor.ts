import type { Kit } from "../../abi/kit.ts";
import { assert, unreachable } from "../../abi/assert.ts";
import type { Blows } from "../blows.ts";
import type { Answer, Interceptor, Invocation, Transport } from "../invocation.ts";
import type { InvocationIds } from "../ids.ts";
import type { FaultEngine, Strike } from "./engine.ts";
import { strikeWith } from "./strike.ts";

/** What faults are made with. */
export interface FaultParts {
  readonly engine: FaultEngine;
  readonly kit: Kit;
  /** The numbers of the calls on this edge. */
  readonly ids: InvocationIds;
  readonly blows: Blows;
}

/** An answer that never comes. The deadline outside says what that means. */
const never = (): Promise<Answer> => new Promise(() => undefined);

/**
 * Puts a fault in the place of a call where a rule strikes. Innermost, next to the transport: everything that stands
 * outside sees what it would see in life. What is injected is left in the invocation's notes, for the trace.
 */
export const faults =
  (parts: FaultParts): Interceptor =>
  (next) =>
  (invocation) => {
    const strike = parts.engine.judge(invocation);
    if (strike === undefined) return next(invocation);
    invocation.notes.fault = strike.rule;
    return inject(strike, invocation, next, parts);
  };

async function inject(
  { effect }: Strike,
  invocation: Invocation,
  next: Transport,
  { kit, ids, blows }: FaultParts,
): Promise<Answer> {
  switch (effect.kind) {
    case "refuse":
      assert(effect.errno !== undefined, "a rule that refuses was armed with an errno");
      return { kind: "refused", errno: effect.errno, lamport: 0 };
    case "skip":
      return { kind: "unserved", lamport: 0 };
    case "delay":
      await kit.clock.sleepNs(effect.delay_ns);
      return next(invocation);
    case "lose_request":
      return never();
    case "lose_reply":
      await next(invocation);
      return never();
    case "double_call": {
      await next(invocation);
      const id = ids.fresh();
      const second = await next({ ...invocation, id, lamport: kit.events.stamp() });
      ids.end(id);
      return second;
    }
    case "duplicate": {
      const first = await next(invocation);
      await next(invocation);
      return first;
    }
    case "crash":
    case "hang":
    case "slow":
    case "partition":
      return strikeWith({ effect, kind: effect.kind }, invocation, next, { kit, blows });
    default:
      return unreachable(effect.kind as never, "the kind of an armed effect");
  }
}
