import { refuse, type Refusal } from "./refusal.ts";
import { STACK_BYTES } from "./stack.ts";
import type { Structure } from "./structure.ts";

/** What a function without variables takes all the same, as the kernel counts. */
const FRAME_BYTES_MIN = 1;

/** What a frame takes: whole pieces of 32 bytes (the kernel's interpreter and translators agree on that). */
const rounded = (bytes: number): number => Math.ceil(Math.max(bytes, FRAME_BYTES_MIN) / 32) * 32;

/**
 * The most stack that a chain of calls takes; or the call that is one too many. No function calls itself, so every chain ends.
 */
export function deepestStack({ calls }: Structure, stackOf: ReadonlyMap<number, number>): number | Refusal {
  const deepest = new Map<number, number>();
  const visit = (start: number): number | Refusal => {
    const known = deepest.get(start);
    if (known !== undefined) return known;
    const own = rounded(stackOf.get(start) ?? 0);
    let most = own;
    for (const { at, to } of calls.get(start) ?? []) {
      const below = visit(to);
      if (typeof below !== "number") return below;
      if (own + below > STACK_BYTES) {
        return refuse(
          at,
          `the stacks of the functions that are inside each other here have ${own + below} bytes, and ${STACK_BYTES} is the limit`,
        );
      }
      most = Math.max(most, own + below);
    }
    deepest.set(start, most);
    return most;
  };
  return visit(0);
}
