import { expect } from "@jest/globals";
import type { World } from "../../../services/lab/world.ts";

/** How long nothing has to happen until it is still, in virtual time, which costs nothing, and in real time. */
const STILL_NS = { simulated: 250e6, embedded: 80e6, distributed: 80e6 } as const;

/** Lets everything happen that is under way. In real time, on a machine that may be busy, it goes on as long as anything does. */
export function createStill(world: World): () => Promise<void> {
  let heard = 0;
  world.onEvents((events) => (heard += events.length));
  return async () => {
    for (let before = -1; before !== heard;) {
      before = heard;
      await world.clock.sleepNs(STILL_NS[world.runtime]);
      if (world.runtime === "simulated") return;
      await world.settle();
    }
  };
}

/** An event is waited for so long. */
const PATIENCE_NS = 20e9;

/** A callback that is held up: the event has come, and does not end until the gate is opened. */
interface Gate {
  readonly entered: Promise<void>;
  open(): void;
}

/** The events of one socket, in words. */
export interface Journal {
  readonly events: readonly string[];
  /** An event came: what its callback returns. */
  told(text: string): Promise<void>;
  /** Waits until these have come, in this order, others perhaps between them. */
  until(...wanted: (string | RegExp)[]): Promise<void>;
  /** Waits until exactly these have come since the last look, and nothing else comes. */
  sees(...wanted: string[]): Promise<void>;
  /** Nothing has come since the last look, and nothing comes. */
  none(): Promise<void>;
  /** What has come since the last look. */
  took(): string[];
  /** Holds up the callback of the next event of this kind. */
  hold(text: string): Gate;
  /** Runs this inside the next callback. */
  within(work: () => Promise<void>): void;
}

/** No events yet. */
export function createJournal(
  { world, still }: { readonly world: World; readonly still: () => Promise<void> },
  log: (text: string) => void,
): Journal {
  const events: string[] = [];
  const waiting = new Set<() => void>();
  const gates: { readonly text: string; readonly enter: () => void; readonly opened: Promise<void> }[] = [];
  const works: (() => Promise<void>)[] = [];

  /** Waits until this holds, or for as long as one is patient. */
  async function wait(holds: () => boolean): Promise<void> {
    const end = world.clock.nowNs() + PATIENCE_NS;
    while (!holds() && world.clock.nowNs() < end) {
      await new Promise<void>((resume) => {
        const timer = world.clock.after(end - world.clock.nowNs(), wake);
        function wake(): void {
          timer.cancel();
          waiting.delete(wake);
          resume();
        }
        waiting.add(wake);
      });
    }
  }

  const fits = (event: string, wanted: string | RegExp): boolean =>
    typeof wanted === "string" ? event === wanted : wanted.test(event);

  function hasAll(wanted: readonly (string | RegExp)[]): boolean {
    let at = 0;
    for (const event of events) {
      const next = wanted[at];
      if (next !== undefined && fits(event, next)) at++;
    }
    return at === wanted.length;
  }

  const journal: Journal = {
    events,
    async told(text) {
      events.push(text);
      log(text);
      for (const wake of [...waiting]) wake();
      const work = works.shift();
      if (work !== undefined) await work();
      const at = gates.findIndex((gate) => gate.text === text);
      const [gate] = at < 0 ? [] : gates.splice(at, 1);
      gate?.enter();
      await gate?.opened;
    },
    async until(...wanted) {
      await wait(() => hasAll(wanted));
      if (!hasAll(wanted)) throw new Error(`waited for ${wanted.join(", ")}; there came: ${events.join(", ")}`);
    },
    async sees(...wanted) {
      await wait(() => events.length >= wanted.length);
      await still();
      expect(journal.took()).toEqual(wanted);
    },
    async none() {
      await still();
      expect(journal.took()).toEqual([]);
    },
    took: () => events.splice(0, Infinity),
    hold(text) {
      const { promise: entered, resolve: enter } = withResolvers();
      const { promise: opened, resolve: open } = withResolvers();
      gates.push({ text, enter, opened });
      return { entered, open };
    },
    within: (work) => void works.push(work),
  };
  return journal;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((resolved) => (resolve = resolved));
  return { promise, resolve };
}
