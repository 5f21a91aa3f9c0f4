import { AsyncLocalStorage } from "node:async_hooks";

/** A callback that runs. */
interface Running {
  /** The number of its event. */
  readonly number: number;
  over: boolean;
  /** The calls that it made: it is acknowledged after they were refused, or the kernel could not tell that they came from inside. */
  readonly calls: Set<Promise<unknown>>;
}

/** Knows of each call whether it is made inside a callback, also behind awaits. */
export interface Inside {
  /** Runs a callback to its end. Rejects with what it throws, after the calls that it made have ended. */
  run(number: number, callback: () => unknown): Promise<void>;
  /** Makes a call, which is told the number of the event inside whose callback it is made; 0: in none. */
  call<T>(make: (callback: number) => Promise<T>): Promise<T>;
  /** Runs work as a thread of its own: it is inside no callback, and begins after what runs now. */
  dispatch<T>(work: () => T | Promise<T>): Promise<T>;
  /** Runs work inside no callback, at once. */
  outside<T>(work: () => T): T;
}

/** Nobody is inside. */
export function createInside(): Inside {
  const storage = new AsyncLocalStorage<Running | undefined>();
  return {
    async run(number, callback) {
      const running: Running = { number, over: false, calls: new Set() };
      try {
        await storage.run(running, async () => callback());
      } finally {
        // What it left behind goes on outside of it: a timer, a promise that nobody awaited.
        running.over = true;
        await Promise.allSettled(running.calls);
      }
    },
    call(make) {
      const running = storage.getStore();
      if (running === undefined || running.over) return make(0);
      const call = make(running.number);
      running.calls.add(call);
      return call;
    },
    async dispatch(work) {
      await Promise.resolve();
      return storage.run(undefined, async () => work());
    },
    outside: (work) => storage.run(undefined, work),
  };
}
