import type { Context } from "../abi/context.ts";
import type { PointArgs, PointName, PointValues, PointsFrom, PointsTo } from "../abi/contract.generated.ts";
import type { Result } from "../abi/result.ts";
import type { Reply } from "./invocation.ts";

/**
 * The calls that a house makes, one function each: `await hooks.install_inband_fd(context, { fd, file, oob_data, files })`.
 * The context says who is current and which locks are held; the boundary checks it against the contract.
 */
export type Hooks<H extends keyof PointsFrom> = {
  readonly [P in PointsFrom[H] & PointName]: (context: Context, args: PointArgs[P]) => Promise<Reply<P>>;
};

/** What a handler decides: a value, or an errno. */
export type Outcome<P extends PointName> = Result<PointValues[P]>;

/**
 * The points that a house answers. A point left out is not served: the empty weak definition answers for it.
 * The context is the caller's, with a span of the receiver's own; facts recorded with it fall inside that span.
 */
export type Handlers<H extends keyof PointsTo> = {
  readonly [P in PointsTo[H] & PointName]?: (args: PointArgs[P], context: Context) => Outcome<P> | Promise<Outcome<P>>;
};
