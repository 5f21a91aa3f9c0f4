import type { FaultSuppressed } from "../../abi/contract.generated.ts";

/** A rule that nothing kept from striking. */
export const NOT_SUPPRESSED: FaultSuppressed = {
  when: 0,
  times: 0,
  max_active: 0,
  space: 0,
  nth: 0,
  interval: 0,
  probability: 0,
};

/** What kept a rule from striking, in two places or at two times, as one. */
export function suppressedSum(
  a: FaultSuppressed = NOT_SUPPRESSED,
  b: FaultSuppressed = NOT_SUPPRESSED,
): FaultSuppressed {
  const sum = { ...NOT_SUPPRESSED };
  for (const why of Object.keys(sum) as (keyof FaultSuppressed)[]) sum[why] = a[why] + b[why];
  return sum;
}

/** What kept a rule from striking, in words, the most frequent first: `3 by its formula (when), 1 by chance (probability)`. */
export function suppressedText(suppressed: FaultSuppressed | undefined): string {
  return Object.entries(suppressed ?? NOT_SUPPRESSED)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([why, count]) => `${count} by ${why}`)
    .join(", ");
}
