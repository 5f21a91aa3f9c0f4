import type { FaultEffect } from "../../abi/contract.generated.ts";
import type { Strike } from "./engine.ts";

/** The share as a number. */
const shareOf = ({ correlation }: NonNullable<FaultEffect["chance"]>): number =>
  correlation === undefined ? 0 : correlation.numerator / correlation.denominator;

/**
 * How long a delay is this time. A length by chance depends on seed, rule, point, slice and count, and as far as it is
 * correlated on the chance of the time before in that slice, as with tc-netem(8).
 */
export function delayNsOf(
  { effect, chance, state }: Pick<Strike, "effect" | "chance" | "state">,
  slice: string,
): number {
  const { delay_ns: fixedNs, chance: shape } = effect;
  if (shape === undefined) return fixedNs;
  const share = shareOf(shape);
  const fresh = chance("delay");
  const drawn = share * (state.before.get(slice) ?? fresh) + (1 - share) * fresh;
  state.before.set(slice, drawn);
  if (shape.max_ns > 0) return Math.round(shape.min_ns + drawn * (shape.max_ns - shape.min_ns));
  // 2^-53 away from one at most, so that the logarithm is finite.
  if (shape.mean_ns > 0) return Math.round(-Math.log(1 - drawn * (1 - 2 ** -53)) * shape.mean_ns);
  return Math.max(0, Math.round(fixedNs + (2 * drawn - 1) * shape.jitter_ns));
}

/** How long so many bytes wait for a line of that rate, on which others may be under way. */
export function lineNsOf({ effect, state }: Pick<Strike, "effect" | "state">, bytes: number, nowNs: number): number {
  const takesNs = Math.ceil((bytes * 8e9) / Math.max(1, effect.rate_bps ?? 1));
  state.freeNs = Math.max(state.freeNs, nowNs) + takesNs;
  return state.freeNs - nowNs;
}
