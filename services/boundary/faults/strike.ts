import { CONTRACT, type FaultEffect } from "../../abi/contract.generated.ts";
import { assert } from "../../abi/assert.ts";
import type { Kit } from "../../abi/kit.ts";
import { namedBlow, type BlowKind, type Blows } from "../blows.ts";
import { contextOf, sliceOf, type Answer, type Invocation, type Transport } from "../invocation.ts";

/**
 * Strikes a place in the moment of a call: before it leaves, or after the receiver acted and before its answer arrives.
 *
 * Before: the call goes on once the blow was struck, and finds what it finds. After: the answer was on its way, so the
 * blow decides what becomes of it. Nothing is pretended here that the road would not do.
 */
export async function strikeWith(
  { effect, kind }: { readonly effect: FaultEffect; readonly kind: BlowKind },
  invocation: Invocation,
  next: Transport,
  { kit, blows }: { readonly kit: Kit; readonly blows: Blows },
): Promise<Answer> {
  const contract = CONTRACT[invocation.point];
  const named = namedBlow(kit.node, effect, contract);
  const { blow } = named;
  assert(blow !== undefined, "a named blow has its places");
  const { place, peer, for_ns, moment } = blow;
  const strike = async (): Promise<void> => {
    kit.events.fact(contextOf(invocation), "blow", sliceOf(contract, invocation.args, invocation), {
      kind,
      place,
      ...(kind === "partition" && { peer }),
      ...(kind !== "crash" && { for_ns }),
      ...(kind === "slow" && { delay_ns: effect.delay_ns }),
    });
    await blows.strike(named, contract, kit.events.stamp());
  };

  if (moment === undefined) {
    await strike();
    return next({ ...invocation, lamport: kit.events.stamp() });
  }
  const answer = await next(invocation);
  await strike();
  const receiver = `${kit.node}/${contract.to}`;
  const caller = `${kit.node}/${contract.from}`;
  const isStruck = place === receiver;
  switch (kind) {
    case "crash":
      return isStruck ? { kind: "lost", why: "unreachable", reason: `${receiver} was killed`, lamport: 0 } : answer;
    case "hang":
      if (isStruck) await kit.clock.sleepNs(for_ns);
      return answer;
    case "slow":
      // What it acted on already is no slower.
      return answer;
    case "partition":
      return [place, peer].every((end) => end === receiver || end === caller) ? new Promise(() => undefined) : answer;
  }
}
