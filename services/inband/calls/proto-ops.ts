import type { Context } from "../../abi/context.ts";
import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import type { Result } from "../../abi/result.ts";
import type { Kernel } from "../kernel.ts";
import { answerOf } from "../../boundary/answer.ts";
import type { Socket } from "../sockets/table.ts";

type Request = Partial<Pick<PointArgs["oob_proto_ops"], "addr" | "how" | "cmd" | "arg">>;

const NO_REQUEST = { addr: new Uint8Array(0), how: 0, cmd: 0, arg: new Uint8Array(0) };

/**
 * An operation on a PF_OOB socket: the core's own protocol has it (`sock->ops`). In-band, no lock, may wait. A socket that
 * was made without SOCK_OOB has no context, and the core answers EBADFD.
 *
 * @returns what the core says; EIO when its answer is lost.
 */
export const protoOps = async (
  kernel: Kernel,
  context: Context,
  { sk, oob_data }: Socket,
  operation: NonNullable<PointArgs["oob_proto_ops"]["operation"]>,
  request: Request,
): Promise<Result<PointValues["oob_proto_ops"]>> =>
  answerOf(await kernel.hooks.oob_proto_ops(context, { sk, oob_data, operation, ...NO_REQUEST, ...request }));
