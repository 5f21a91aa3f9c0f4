import { assert } from "../../abi/assert.ts";
import type { Stage } from "../../abi/contract.generated.ts";
import type { Clock, Timer, Work } from "../../abi/kit.ts";
import type { StagesSpec } from "../../abi/topology.ts";

/** The processor of a node, in virtual time. Both stages run on it, unless the out-of-band stage has one of its own. */
export interface Processor {
  /**
   * Occupies it for a piece of work. Resolves when the work is done, at which the caller acts; undefined: it costs nothing
   * and nothing is in its way, so it is done already.
   *
   * @param isWanted whether anybody still wants it when its turn comes; if not, it costs nothing.
   */
  occupy(stage: Stage, work: Work, isWanted?: () => boolean): Promise<void> | undefined;
}

/** A piece of work that is waiting for its turn, or under way. */
interface Job {
  leftNs: number;
  readonly isWanted: () => boolean;
  readonly done: () => void;
}

/** One stage's work, first come, first served. */
class Lane {
  readonly #clock: Clock;
  readonly #waiting: Job[] = [];
  #running: { readonly job: Job; readonly sinceNs: number; readonly timer: Timer } | undefined;
  #paused = false;
  /** Tells that the last job is done. */
  readonly #onIdle: () => void;

  constructor(clock: Clock, onIdle: () => void) {
    this.#clock = clock;
    this.#onIdle = onIdle;
  }

  /** Whether work is under way, or waits. */
  get busy(): boolean {
    return this.#running !== undefined || this.#waiting.length > 0;
  }

  get paused(): boolean {
    return this.#paused;
  }

  add(job: Job): void {
    this.#waiting.push(job);
    this.#next();
  }

  /** What is under way stops where it is, and its end moves by the length of the pause. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    if (this.#running === undefined) return;
    const { job, sinceNs, timer } = this.#running;
    timer.cancel();
    job.leftNs -= this.#clock.nowNs() - sinceNs;
    assert(job.leftNs >= 0, "work that is over is not under way any more");
    this.#waiting.unshift(job);
    this.#running = undefined;
  }

  resume(): void {
    this.#paused = false;
    this.#next();
  }

  #next(): void {
    if (this.#paused || this.#running !== undefined) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    const costNs = job.isWanted() ? job.leftNs : 0;
    const timer = this.#clock.after(costNs, () => {
      this.#running = undefined;
      job.done();
      if (this.#waiting.length > 0) this.#next();
      else this.#onIdle();
    });
    this.#running = { job, sinceNs: this.#clock.nowNs(), timer };
  }
}

/**
 * A processor that serves the work of each stage in the order in which it came. Out-of-band work pre-empts in-band work at
 * once, whatever that is doing: the end of what was under way moves by as long as out-of-band work lasts. Costs that are zero
 * take no turn of the clock: a world in which nothing costs anything has the events, and the order, of one without processors.
 *
 * @param clockOf the world's time, by the stage whose turn it is.
 */
export function createProcessor(
  clockOf: (stage: Stage) => Clock,
  { processors, inband, oob }: Pick<StagesSpec, "processors" | "inband" | "oob">,
): Processor {
  const behind = new Lane(clockOf("inband"), () => undefined);
  const ahead = new Lane(clockOf("oob"), () => behind.resume());

  return {
    occupy(stage, work, isWanted = () => true) {
      const { callNs, frameNs } = stage === "oob" ? oob : inband;
      const leftNs = work === "call" ? callNs : frameNs;
      const lane = stage === "oob" ? ahead : behind;
      if (leftNs === 0 && !lane.busy && !lane.paused) return undefined;
      return new Promise((done) => {
        lane.add({ leftNs, isWanted, done });
        if (processors === 1 && ahead.busy) behind.pause();
      });
    },
  };
}
