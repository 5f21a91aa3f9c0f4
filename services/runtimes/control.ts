import { CONTRACT, type PointArgs, type PointsFrom } from "../abi/contract.generated.ts";
import type { Clock } from "../abi/kit.ts";
import { deadline } from "../boundary/interceptors.ts";
import { boundary, controlInvocation, type Reply, type Transport } from "../boundary/invocation.ts";

/** A transport for control calls: bounded as every call is, so that a house that hangs cannot hang the lab. */
export const controlRoad = (transport: Transport, clock: Clock): Transport =>
  boundary(transport, [deadline(clock, (invocation) => CONTRACT[invocation.point].deadlineMs * 1e6)]);

/** A control call: not traced, not remembered, not a fault point. */
export async function control<P extends PointsFrom["lab"]>(
  transport: Transport,
  point: P,
  args: PointArgs[P],
): Promise<Reply<P>> {
  const answer = await transport(controlInvocation(point, args, "lab"));
  return answer.kind === "unserved"
    ? { kind: "lost", why: "unreachable", reason: "it has no control" }
    : (answer as Reply<P>);
}
