import { outermost } from "../../abi/context.ts";
import { CONTRACT, type PointArgs, type PointValues } from "../../abi/contract.generated.ts";
import { fail, ok, type Result } from "../../abi/result.ts";
import type { Reply } from "../../boundary/invocation.ts";
import type { World } from "../../lab/world.ts";
import { isPoint, type Converter } from "../../transports/grpc/convert.ts";

/**
 * Makes a call as a task of a node, as the workload of an experiment does. ENOENT: there is no such node. EINVAL: no task makes
 * such a call, or its message cannot be read.
 */
export async function callTask(
  world: World,
  converter: Converter,
  { node, task, files, point, message }: PointArgs["ctl_call"],
): Promise<Result<PointValues["ctl_call"], "ENOENT" | "EINVAL">> {
  const home = world.nodes.get(node === "" ? world.node : node);
  if (home === undefined) return fail("ENOENT");
  if (!isPoint(point) || CONTRACT[point].from !== "task" || CONTRACT[point].kind !== "call") return fail("EINVAL");
  const args = converter.decodeArgs(point, message);
  if (!args.ok) return fail("EINVAL");
  const calls = home.calls as Readonly<Record<string, (context: object, args: object) => Promise<Reply>>>;
  const stage = CONTRACT[point].stage === "oob" ? "oob" : "inband";
  const reply = await calls[point]?.(outermost(task, files, stage), args.value);
  if (reply === undefined) return fail("EINVAL");
  if (reply.kind === "lost") return ok({ message: new Uint8Array(0), lost: reply.why });
  const answer = converter.encodeAnswer(point, { ...reply, lamport: 0 });
  return ok({ message: answer.message, lost: answer.road === undefined ? "" : "rejected" });
}
