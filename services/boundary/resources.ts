import type { Context } from "../abi/context.ts";
import type { FaultResource } from "../abi/contract.generated.ts";
import type { Kit } from "../abi/kit.ts";

/**
 * Whether a house has run out of what it is about to take: a fault rule wished so for the call that it answers (`lacks`). The
 * fact says it; what to do then is the house's, which fails as it would in life.
 */
export function runsOut({ events }: Pick<Kit, "events">, context: Context, kind: FaultResource): boolean {
  if (context.lacks !== kind) return false;
  events.fact(context, "resource_out", {}, { kind });
  return true;
}
