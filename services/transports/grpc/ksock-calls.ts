import type { PointArgs, PointValues } from "../../abi/contract.generated.ts";
import type { KsockReply, Road } from "../../ksock/road.ts";
import type { KsockCall } from "./ksock-words.ts";

/** What a call goes on with when the kernel wants to be asked again. */
interface Going {
  readonly waiting?: boolean;
  readonly until_ns?: number;
  readonly msg?: Uint8Array;
  readonly msgsize?: number;
  readonly taken?: number;
}

/** What the answers so far have in common, whichever call they are of. */
interface Progress {
  readonly again?: boolean;
  readonly until_ns?: number;
  readonly sent?: number;
  readonly msg?: Uint8Array;
}

/** The rest of a call, after so many bytes. */
function rest(args: Going, { until_ns = 0, sent = 0, msg }: Progress): Going {
  const moved = sent + (msg?.length ?? 0);
  if (args.taken === undefined) return args.until_ns === undefined ? { waiting: true } : { until_ns };
  const left = args.msg === undefined ? { msgsize: (args.msgsize ?? 0) - moved } : { msg: args.msg.subarray(moved) };
  return { until_ns, taken: args.taken + moved, ...left };
}

/**
 * Makes a call to its end, however long that takes: asks again as long as the kernel says so. Undefined: whoever called is gone, and
 * nothing was made that would have to go, too.
 */
export async function callToTheEnd<P extends KsockCall>(
  road: Road,
  point: P,
  args: PointArgs[P],
  gone: AbortSignal,
): Promise<KsockReply<P> | undefined> {
  let asked = args;
  let sent = 0;
  const parts: Uint8Array[] = [];
  while (!gone.aborted) {
    const reply = await road.call(point, asked, gone);
    if (reply.kind !== "returned") return reply;
    const progress: Progress = reply.value as Progress;
    sent += progress.sent ?? 0;
    if (progress.msg !== undefined) parts.push(progress.msg);
    if (progress.again !== true) {
      const whole = {
        ...(progress.sent === undefined ? {} : { sent }),
        ...(progress.msg === undefined ? {} : { msg: Buffer.concat(parts) }),
      };
      const value: PointValues[P] = { ...reply.value, ...whole };
      return { kind: "returned", value };
    }
    asked = { ...asked, ...rest(asked as Going, progress) };
  }
  return undefined;
}
