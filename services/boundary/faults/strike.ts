import { CONTRACT, type FaultEffect } from "../../abi/contract.generated.ts";
import { assert } from "../../abi/assert.ts";
import type { Context } from "../../abi/context.ts";
import type { Kit } from "../../abi/kit.ts";
import { namedBlow, type BlowKind, type Blows } from "../blows.ts";
import { contextOf, sliceOf, type Answer, type Invocation, type Transport } from "../invocation.ts";

/** A blow that a rule strikes. */
interface Struck {
  readonly effect: FaultEffect;
  readonly kind: BlowKind;
  /** Before the receiver acts, or when it has. */
  readonly phase: "before" | "after";
}

interface StrikeParts {
  readonly kit: Kit;
  readonly blows: Blows;
}

function named({ effect }: Struck, invocation: Invocation, kit: Kit) {
  const { blow } = namedBlow(kit.node, effect, CONTRACT[invocation.point]);
  assert(blow !== undefined, "a named blow has its places");
  return blow;
}

/** Records a blow and strikes. */
export async function blowStrikes(
  struck: Struck,
  context: Context,
  invocation: Invocation,
  { kit, blows }: StrikeParts,
): Promise<void> {
  const { effect, kind, phase } = struck;
  const contract = CONTRACT[invocation.point];
  const { place, peer, for_ns } = named(struck, invocation, kit);
  kit.events.fact(context, "blow", sliceOf(contract, invocation.args, invocation), {
    kind,
    place,
    moment: phase === "before" ? "before" : "before_reply",
    ...(kind === "partition" && { peer }),
    ...(kind !== "crash" && { for_ns }),
    ...(kind === "slow" && { delay_ns: effect.delay_ns }),
  });
  await blows.strike(namedBlow(kit.node, effect, contract), contract, kit.events.stamp());
}

/**
 * Strikes a place in the moment of a call: before it leaves, or after the receiver acted and before its answer arrives.
 *
 * Before: the call goes on once the blow was struck, and finds what it finds. After: the answer was on its way, so the
 * blow decides what becomes of it. Nothing is pretended here that the road would not do.
 */
export async function strikeWith(
  struck: Struck,
  invocation: Invocation,
  next: Transport,
  parts: StrikeParts,
): Promise<Answer> {
  const { kit } = parts;
  const { kind, phase } = struck;
  const contract = CONTRACT[invocation.point];
  const context = contextOf(invocation);
  if (phase === "before") {
    await blowStrikes(struck, context, invocation, parts);
    return next({ ...invocation, lamport: kit.events.stamp() });
  }
  const answer = await next(invocation);
  await blowStrikes(struck, context, invocation, parts);
  const { place, peer, for_ns } = named(struck, invocation, kit);
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
