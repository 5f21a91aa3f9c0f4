import { assert } from "../../abi/assert.ts";

/** What the end of a span does to its lane. */
export interface LaneEnd {
  readonly lane: number;
  /** Spans that stand above, the topmost first: they end with it here, and go on elsewhere. */
  readonly above: readonly number[];
}

/**
 * Puts the calls that a house has under way on lanes, so that on each lane one lies inside the other: what a viewer draws as
 * a stack of slices. A house serves many at a time, so one lane does not do.
 */
export function createLanes() {
  const lanes: number[][] = [];
  const laneOf = new Map<number, number>();

  const put = (span: number, lane: number): number => {
    const stack = lanes[lane] ?? [];
    lanes[lane] = stack;
    stack.push(span);
    laneOf.set(span, lane);
    return lane;
  };

  return {
    /** The lane that an open span is on; undefined when it is not open here. */
    laneOf: (span: number): number | undefined => laneOf.get(span),
    /** Begins a span: on its parent where that is topmost, else on an empty lane. */
    begin(span: number, parent: number): number {
      const lane = laneOf.get(parent);
      if (lane !== undefined && lanes[lane]?.at(-1) === parent) return put(span, lane);
      const empty = lanes.findIndex((stack) => stack.length === 0);
      return put(span, empty < 0 ? lanes.length : empty);
    },
    /** Ends a span; undefined when it is not open here. */
    end(span: number): LaneEnd | undefined {
      const lane = laneOf.get(span);
      const stack = lane === undefined ? undefined : lanes[lane];
      if (lane === undefined || stack === undefined) return undefined;
      const at = stack.indexOf(span);
      assert(at >= 0, "a span stands on its lane until it ends");
      const above = stack.splice(at).slice(1).reverse();
      laneOf.delete(span);
      for (const other of above) laneOf.delete(other);
      return { lane, above };
    },
  };
}
