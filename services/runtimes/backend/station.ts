import type { TraceEvent } from "../../abi/event.ts";
import type { World } from "../../lab/world.ts";

type Listener = (events: readonly TraceEvent[]) => void;

/** What goes with a world while it is there, such as its telemetry. */
interface Luggage {
  stop(): Promise<void>;
}

/** What makes a station. */
export interface StationParts {
  /** Makes the world that is there unless an experiment runs. */
  readonly home: () => Promise<World>;
  /** Made for each world, and stopped before it is. */
  readonly luggage: (world: World) => Promise<Luggage>;
  /** The default world cannot be made again now. Answers whether it is worth while to try once more. */
  readonly onStranded: (error: Error) => boolean;
}

/** Worlds that come and go in one kernel: the default one, and those of the experiments that are run on it. */
export interface Station {
  /** The world that is there; one that is being made is waited for. */
  current(): Promise<World>;
  /** The world that is there, whichever it is; none is made or given up for this. */
  present(): Promise<World>;
  /** Calls back with the events of all worlds. */
  onEvents(listener: Listener): () => void;
  /** What the world is used for by somebody who must be alone with it; undefined for nothing. */
  busy(): string | undefined;
  /** Uses the default world alone. Nobody else may. */
  borrow<T>(what: string, work: (world: World) => Promise<T>): Promise<T>;
  /** Puts another world in the place of the default one as long as the work takes. Nobody else may use it. */
  lend<T>(what: string, make: () => Promise<World>, work: (world: World) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** A world that is there. */
interface Stay {
  readonly world: World;
  leave(): Promise<void>;
}

/** Experiments come one after the other: the default world is not made anew between them, unless somebody asks for it. */
const HOME_AFTER_MS = 400;

/** @param first the default world, which is there already. */
export async function createStation(first: World, { home, luggage, onStranded }: StationParts): Promise<Station> {
  const listeners = new Set<Listener>();
  let busy: string | undefined;
  let stopping = false;
  let goHome: NodeJS.Timeout | undefined;
  let isHome = true;

  async function arrive(world: World): Promise<Stay> {
    // The events of a world flow from its first listener on. Luggage takes its time to be there, and listens then; we do so in
    // the same turn, and so does the work that the world was made for: nobody misses what happened while it booted.
    const carried = await luggage(world);
    const unlisten = world.onEvents((events) => {
      for (const listener of listeners) listener(events);
    });
    return {
      world,
      async leave() {
        await world.settle();
        unlisten();
        await carried.stop();
        await world.stop();
      },
    };
  }

  let stay: Promise<Stay> = Promise.resolve(await arrive(first));
  stay.catch(() => undefined);

  /** One world goes, then the next one comes: they live in the same places. */
  function change(make: () => Promise<World>, toHome: boolean): Promise<Stay> {
    const former = stay;
    isHome = toHome;
    stay = former
      .then(
        (one) => one.leave(),
        () => undefined,
      )
      .then(make)
      .then(arrive);
    stay.catch(() => undefined);
    return stay;
  }

  function returnHome(): Promise<Stay> {
    clearTimeout(goHome);
    if (isHome) return stay;
    const returned = change(home, true);
    returned.catch((error: unknown) => {
      if (stopping || !onStranded(error as Error) || stay !== returned) return;
      isHome = false;
      void returnHome().catch(() => undefined);
    });
    return returned;
  }

  async function alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (busy !== undefined) throw new Error(busyText(busy));
    clearTimeout(goHome);
    busy = what;
    try {
      return await work();
    } finally {
      busy = undefined;
      if (!isHome) goHome = setTimeout(() => void returnHome().catch(() => undefined), HOME_AFTER_MS);
    }
  }

  return {
    current: async () => (await (busy === undefined ? returnHome() : stay)).world,
    present: async () => (await stay).world,
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    busy: () => (busy === undefined ? undefined : busyText(busy)),
    borrow: (what, work) => alone(what, async () => work((await returnHome()).world)),
    lend: (what, make, work) =>
      alone(what, async () => {
        const { world } = await change(make, false);
        return work(world);
      }),
    async stop() {
      stopping = true;
      clearTimeout(goHome);
      await stay.then(
        (one) => one.leave(),
        () => undefined,
      );
    },
  };
}

const busyText = (what: string): string => `the kernel is busy with ${what}; try again when that is over`;
