import type { Kit } from "../../abi/kit.ts";
import { assert, unreachable } from "../../abi/assert.ts";
import type { Answer, Interceptor, Invocation, Transport } from "../invocation.ts";
import type { InvocationIds } from "../ids.ts";
import type { FaultEngine, Strike } from "./engine.ts";

/** An answer that never comes. The deadline outside says what that means. */
const never = (): Promise<Answer> => new Promise(() => undefined);

/**
 * Puts a fault in the place of a call where a rule strikes. Innermost, next to the transport: everything that stands
 * outside sees what it would see in life. What is injected is left in the invocation's notes, for the trace.
 */
export const faults =
  (engine: FaultEngine, kit: Kit, ids: InvocationIds): Interceptor =>
  (next) =>
  (invocation) => {
    const strike = engine.judge(invocation);
    if (strike === undefined) return next(invocation);
    invocation.notes.fault = strike.rule;
    return inject(strike, invocation, next, kit, ids);
  };

async function inject(
  { effect }: Strike,
  invocation: Invocation,
  next: Transport,
  kit: Kit,
  ids: InvocationIds,
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
    default:
      return unreachable(effect.kind as never, "the kind of an armed effect");
  }
}
