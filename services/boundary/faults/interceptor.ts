import { CONTRACT, type PointName, type PointValues } from "../../abi/contract.generated.ts";
import { assert, unreachable } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Slice } from "../../abi/event.ts";
import type { Kit } from "../../abi/kit.ts";
import { zeroValue } from "../../abi/values.ts";
import { BLOWS, type Blows } from "../blows.ts";
import { contextOf, type Answer, type Interceptor, type Invocation, type Transport } from "../invocation.ts";
import type { InvocationIds } from "../ids.ts";
import { delayNsOf, lineNsOf } from "./delay.ts";
import type { Decision, FaultEngine, Strike } from "./engine.ts";
import { answerOfRoad } from "./road.ts";
import { strikeWith } from "./strike.ts";
import { subjectOf } from "./subject.ts";
import { corruptedData, mistaken } from "./wrong.ts";

/** What faults are made with. */
export interface FaultParts {
  readonly engine: FaultEngine;
  readonly kit: Kit;
  /** The process, such as `alpha/vfs#1`. */
  readonly identity: string;
  /** The numbers of the calls on this edge. */
  readonly ids: InvocationIds;
  readonly blows: Blows;
}

/** An answer that never comes. The deadline outside says what that means. */
export const never = (): Promise<Answer> => new Promise(() => undefined);

/** Records what a rule decided, for rules that are verbose. */
export const teller =
  ({ kit }: Pick<FaultParts, "kit">, context: Context, slice: Slice, point: string) =>
  ({ rule, verdict, matched }: Decision): void =>
    kit.events.fact(context, "fault_decision", slice, { point, rule, verdict, matched });

/**
 * Puts a fault in the place of a call where a rule strikes. Innermost, next to the transport: everything that stands
 * outside sees what it would see in life. What is injected is left in the invocation's notes, for the trace.
 */
export const faults =
  (parts: FaultParts): Interceptor =>
  (next) =>
  (invocation) => {
    if (!parts.engine.armed) return next(invocation);
    const subject = subjectOf(invocation, "client", parts.identity);
    const tell = teller(parts, contextOf(invocation), subject.slice, invocation.point);
    const strike = parts.engine.judge(subject, tell);
    if (strike === undefined) return next(invocation);
    invocation.notes.fault = strike.rule;
    // What never comes is over when the caller gives it up.
    if (strike.bounded) parts.kit.clock.after(CONTRACT[invocation.point].deadlineMs * 1e6, strike.end);
    return inject(strike, invocation, next, parts).finally(strike.end);
  };

/** Whether something is done before the receiver acts, and after. */
export const isBefore = ({ phase }: Strike): boolean => phase === "before" || phase === "around";
export const isAfter = ({ phase }: Strike): boolean => phase === "after" || phase === "around";

/** The answer that a rule gives in the place of the receiver's, or makes of it. */
export function madeAnswer({ effect, chance }: Strike, point: PointName, real: Answer | undefined): Answer {
  const lamport = real?.lamport ?? 0;
  if (effect.kind === "road") return { ...answerOfRoad(effect.grpc_status), lamport };
  if (effect.kind === "answer") {
    const contract = CONTRACT[point];
    const base = real?.kind === "returned" ? real.value : zeroValue(contract);
    const value = mistaken(contract, "after", base, effect.data, chance) as PointValues[PointName];
    return { kind: "returned", value, lamport };
  }
  assert(effect.errno !== undefined, "a rule that refuses was armed with an errno");
  return { kind: "refused", errno: effect.errno, lamport };
}

/** Arguments or an answer as a rule makes them wrong. */
export function wrongData(
  { effect, chance }: Strike,
  point: PointName,
  phase: "before" | "after",
  data: object,
): object {
  const change = effect.kind === "corrupt" ? corruptedData : mistaken;
  return change(CONTRACT[point], phase, data, effect.data, (name) => chance(`${phase} ${name}`));
}

const bytesIn = (fields: object): number =>
  Object.values(fields).reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);

/** How long a delay, or a line of bounded bandwidth, holds something up. */
export function heldNs(strike: Strike, { kit }: Pick<FaultParts, "kit">, point: PointName, data: object): number {
  return strike.effect.kind === "bandwidth"
    ? lineNsOf(strike, bytesIn(data), kit.clock.nowNs())
    : delayNsOf(strike, point);
}

/** Resolves when the formula of a stall holds; with `false` when that took longer than any caller waits. */
export function released(
  strike: Strike,
  { engine, kit }: Pick<FaultParts, "engine" | "kit">,
  point: PointName,
): Promise<boolean> {
  if (strike.released()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const off = engine.onSeen(() => {
      if (strike.released()) end(true);
    });
    const timer = kit.clock.after(CONTRACT[point].deadlineMs * 1e6, () => end(false));
    function end(inTime: boolean): void {
      off();
      timer.cancel();
      resolve(inTime);
    }
  });
}

async function inject(strike: Strike, invocation: Invocation, next: Transport, parts: FaultParts): Promise<Answer> {
  const { effect, phase } = strike;
  const { kit, ids, blows } = parts;
  const { point } = invocation;
  const blow = BLOWS.find((kind) => kind === effect.kind);
  if (blow !== undefined)
    return strikeWith({ effect, kind: blow, phase: phase === "after" ? "after" : "before" }, invocation, next, {
      kit,
      blows,
    });
  switch (effect.kind) {
    case "refuse":
    case "answer":
    case "road": {
      if (phase === "instead") return madeAnswer(strike, point, undefined);
      const real = await next(invocation);
      // An answer that never came cannot be replaced.
      return real.kind === "lost" ? real : madeAnswer(strike, point, real);
    }
    case "skip":
      return { kind: "unserved", lamport: 0 };
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
      for (let copy = 0; copy < (effect.times ?? 1); copy++) await next(invocation);
      return first;
    }
    case "wrong_stage":
      return next({ ...invocation, stage: invocation.stage === "oob" ? "inband" : "oob" });
    case "delay":
    case "bandwidth": {
      if (isBefore(strike)) await kit.clock.sleepNs(heldNs(strike, parts, point, invocation.args));
      const answer = await next(invocation);
      if (isAfter(strike)) await kit.clock.sleepNs(heldNs(strike, parts, point, valueOf(answer)));
      return answer;
    }
    case "mistake":
    case "corrupt": {
      const args = isBefore(strike) ? wrongData(strike, point, "before", invocation.args) : invocation.args;
      const answer = await next({ ...invocation, args: args });
      if (!isAfter(strike) || answer.kind !== "returned") return answer;
      return { ...answer, value: wrongData(strike, point, "after", answer.value) as PointValues[PointName] };
    }
    case "stall": {
      // Who gave up is not called any more: a stall ends with the deadline, and what it held is lost.
      if (phase === "before") return (await released(strike, parts, point)) ? next(invocation) : never();
      const answer = await next(invocation);
      return (await released(strike, parts, point)) ? answer : never();
    }
    default:
      return unreachable(effect.kind as never, "the kind of a rule that strikes at the caller's side");
  }
}

const valueOf = (answer: Answer): object => (answer.kind === "returned" ? answer.value : {});
