import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import { parseNetem, type Netem } from "../../abi/netem.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Card, Nics } from "../state.ts";

/** Lets these things go wrong, and no others. */
export function setNetem(card: Card, { wire, rings }: Netem): void {
  card.wire.set(wire);
  for (const ring of card.rings.values()) ring.set(rings);
}

/** Why ring faults cannot strike at the link of a NIC to its node, in one line; undefined where they can. */
export function ringProblem({ device, rings }: Card, netem: Netem): string | undefined {
  const host = rings.get("host");
  if (netem.rings.length === 0 || host?.isRing() === true) return undefined;
  return `the link of ${device.dev} to its node has no ring in memory (${host?.medium ?? "none"})`;
}

/**
 * in-band. Sets what goes wrong on the wire of a NIC and in its rings (abi/netem.ts has the words); what was set before is
 * over, and its frames go on.
 *
 * @returns ENODEV for what is no NIC; EINVAL for rules that mean nothing, or that ask for a ring where the link to the node
 * is none. The fact `netem_refused` says why, in one line.
 */
export function nicNetem(
  { kit, cards }: Nics,
  { dev, rules }: PointArgs["nic_netem"],
  context: Context,
): Result<PointValues["nic_netem"], "ENODEV" | "EINVAL"> {
  const card = cards.get(dev);
  if (card === undefined) return fail("ENODEV");
  const refuse = (why: string) => {
    kit.events.fact(context, "netem_refused", { dev }, { why });
    return fail("EINVAL");
  };
  const parsed = parseNetem(rules);
  if (!parsed.ok) return refuse(parsed.why);
  const problem = ringProblem(card, parsed.netem);
  if (problem !== undefined) return refuse(problem);
  setNetem(card, parsed.netem);
  return ok({});
}
