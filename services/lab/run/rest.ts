import type { TraceEvent } from "../../abi/event.ts";
import type { World } from "../world.ts";

/** What is still under way in a world, as far as its events tell. */
export interface UnderWay {
  take(event: TraceEvent): void;
  /** Crossings that have begun and not ended, but for those of calls that tasks are left waiting in. */
  crossings(): number;
  /** Calls of tasks that have not ended. */
  calls(): number;
  /** Legs of frames that were sent and have not arrived: on their way, or lost. */
  frames(): number;
}

/** A crossing that has begun, as one of its two sides sees it. */
interface Open {
  /** Who it is open for: the place dies, and nothing is open there any more. */
  readonly place: string;
  readonly trace: number;
  /** The call of a task, in which all else of its trace happens. */
  readonly isRoot: boolean;
}

/** Follows what is under way. */
export function createUnderWay(): UnderWay {
  const open = new Map<number, Open>();
  /** The spans of the legs of frames that nobody has received yet. */
  const legs = new Set<number>();

  function fact(event: TraceEvent): void {
    switch (event.point) {
      case "frame_send":
        legs.add(event.span);
        return;
      case "frame_receive":
        legs.delete(event.parent);
        return;
      case "place_down":
        for (const [span, { place }] of open) if (place === event.args["place"]) open.delete(span);
        return;
      default:
        return;
    }
  }

  return {
    take(event) {
      const { phase, span, parent, trace, node, service } = event;
      if (phase === "enter")
        open.set(span, { place: `${node}/${service}`, trace, isRoot: service === "task" && parent === 0 });
      else if (phase === "exit") open.delete(span);
      else fact(event);
    },
    crossings() {
      if (open.size === 0) return 0;
      const left = new Set([...open.values()].flatMap(({ isRoot, trace }) => (isRoot ? [trace] : [])));
      return [...open.values()].filter(({ trace }) => !left.has(trace)).length;
    },
    calls: () => [...open.values()].filter(({ isRoot }) => isRoot).length,
    frames: () => legs.size,
  };
}

/** Nothing was recorded for so long: the world is at rest. */
const QUIET_NS = 20e6;
/**
 * In simulation time costs nothing, so that nobody is hurried: longer than what the stack keeps of a packet whose neighbour does
 * not answer (3 s), or whose fragments do not come (30 s).
 */
const QUIET_SIMULATED_NS = 40e9;
/** For so long a frame may be on its way with nothing recorded; after that, it is lost. */
const FRAME_NS = 100e6;
/** Longer than any call has to its deadline. */
const REST_MAX_NS = 20e9;
/** After so long with nothing recorded nothing will come any more, whatever is open: every deadline and every wait is over. */
export const STILL_NS = 200e9;
/** Virtual time costs nothing: what has gone wrong in a simulated world can be told from what is slow. */
const REST_MAX_SIMULATED_NS = 2 * STILL_NS;
/** What is waited for step by step, each longer than the one before. */
const STEP_MAX_NS = 1e9;

/**
 * Waits until the world is at rest: no crossing is open but those of calls that are left waiting on purpose, no frame is on
 * its way, and nothing was recorded for a while of the world's clock. So what houses still do for a call that has ended
 * belongs to the run, and a run does not end wherever its last step happened to.
 *
 * @param count how many events there were so far.
 * @returns whether it came to rest in the time that there is.
 */
export async function waitForRest(world: World, underWay: UnderWay, count: () => number): Promise<boolean> {
  const { clock } = world;
  const simulated = world.runtime === "simulated";
  const untilNs = clock.nowNs() + (simulated ? REST_MAX_SIMULATED_NS : REST_MAX_NS);
  const leastNs = simulated ? QUIET_SIMULATED_NS : QUIET_NS;
  let quietNs = 0;
  let stepNs = QUIET_NS;
  for (;;) {
    const before = count();
    await clock.sleepNs(stepNs);
    await world.settle();
    quietNs = count() === before ? quietNs + stepNs : 0;
    const isOpen = underWay.crossings() > 0;
    if (quietNs >= STILL_NS) return true;
    if (quietNs >= leastNs && !isOpen && (underWay.frames() === 0 || quietNs >= FRAME_NS)) return true;
    if (clock.nowNs() >= untilNs) return false;
    stepNs = quietNs > 0 && (isOpen || simulated) ? Math.min(stepNs * 2, STEP_MAX_NS) : QUIET_NS;
  }
}
