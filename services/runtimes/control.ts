import { CONTRACT, type PointArgs, type PointsFrom } from "../abi/contract.generated.ts";
import type { Clock } from "../abi/kit.ts";
import { deadline } from "../boundary/interceptors.ts";
import { boundary, type Invocation, type Reply, type Transport } from "../boundary/invocation.ts";

/** A transport for control calls: bounded as every call is, so that a house that hangs cannot hang the lab. */
export const controlRoad = (transport: Transport, clock: Clock): Transport =>
  boundary(transport, [deadline(clock, (invocation) => CONTRACT[invocation.point].deadlineMs * 1e6)]);

/** A control call: not traced, not remembered, not a fault point. */
export async function control<P extends PointsFrom["lab"]>(
  transport: Transport,
  point: P,
  args: PointArgs[P],
): Promise<Reply<P>> {
  const invocation: Invocation = {
    point: point,
    args,
    id: 0,
    settled: 0,
    caller: "lab",
    from: "lab",
    stage: "inband",
    locks: [],
    chain: [],
    trace: 0,
    span: 0,
    lamport: 0,
    task: "",
    files: 0,
    notes: { parent: 0 },
  };
  const answer = await transport(invocation);
  return answer.kind === "unserved"
    ? { kind: "lost", why: "unreachable", reason: "it has no control" }
    : (answer as Reply<P>);
}
