import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Clock } from "../../abi/kit.ts";
import type { Blows } from "../../boundary/blows.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { lost } from "../../transports/answers.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import { connectPort, type PortConnection } from "../../transports/worker.ts";
import { createBlowDesk, type BlowOrder, type PlaceNews } from "../blows.ts";
import { createSharedLink, type SharedLinkEnd } from "../frames/shared.ts";
import { areJoined, linksOf, nameOf, placesOf, type Place } from "../links.ts";
import type { WorldFacts } from "../thread-kit.ts";
import { startThread, type Thread } from "./thread.ts";
import type { PeerPort } from "./words.ts";

/** What the threads of a world are made of. */
export interface ThreadsParts {
  readonly facts: WorldFacts;
  readonly mutant: string | undefined;
  /** What the protos say, where a core is elsewhere. */
  readonly protos: Protos | undefined;
  /** How nice the threads of the in-band stage are to others. */
  readonly inbandNice?: number | undefined;
  readonly clock: Clock;
  readonly news: PlaceNews;
  /** Takes what a place has recorded, and what its rules did, before it is killed: nobody can ask it afterwards. */
  readonly farewell: (place: string) => Promise<void>;
  /** A thread ended, and nobody had stopped it. */
  readonly onExit: ((place: string, how: string) => void) | undefined;
}

/** The threads of a world. */
export interface Threads {
  /** What answers at a house, whichever life it is in. */
  serveAt(place: string): Transport;
  readonly blows: Blows;
  /** A port by which tasks in another thread call a house, in the life that it is in. */
  portTo(place: string): MessagePort;
  /** Tells all to start, once they all serve. Resolves when they have. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A place that lives. */
interface Living {
  readonly place: Place;
  readonly incarnation: number;
  readonly thread: Thread;
  /** The connection to the tasks and the lab. */
  readonly lab: PortConnection;
}

const FIRST_PAUSE_NS = 100e6;
const LONGEST_PAUSE_NS = 5e9;
/** A place that hangs is killed all the same. */
const FAREWELL_WITHIN_NS = 500e6;

/** Begins the threads of all places of a world. */
export function createThreads(parts: ThreadsParts): Threads {
  const { facts, mutant, protos, clock, news } = parts;
  const specs = linksOf(facts);
  const living = new Map<string, Living>();
  const pausesNs = new Map<string, number>();
  let stopped = false;
  const isStopped = (): boolean => stopped;
  const desk = createBlowDesk({ topology: facts.topology, orders: obey });
  const blows: Blows = {
    strike(effect, _crossing, lamport) {
      news.after(lamport);
      return desk.strike(effect);
    },
  };

  /** What joins two places: a message port where one calls the other, shared memory for each link. */
  function join(own: Place, other: Place) {
    const [a, b] = [nameOf(own), nameOf(other)];
    const call =
      own.t === "house" && other.t === "house" && own.node === other.node && areJoined(own.house, other.house);
    const mine = new Map<string, SharedLinkEnd>();
    const theirs = new Map<string, SharedLinkEnd>();
    for (const { name, ends } of specs) {
      if (!ends.includes(a) || !ends.includes(b)) continue;
      const made = createSharedLink();
      mine.set(name, made[ends[0] === a ? 0 : 1]);
      theirs.set(name, made[ends[0] === a ? 1 : 0]);
    }
    if (!call) return { mine, theirs, myPort: undefined, theirPort: undefined };
    const { port1, port2 } = new MessageChannel();
    const myPort: PeerPort = { house: other.house, port: port1 };
    const theirPort: PeerPort = { house: own.house, port: port2 };
    return { mine, theirs, myPort, theirPort };
  }

  const niceOf = (place: Place): number | undefined =>
    place.t === "house" && (place.house === "vfs" || place.house === "inband") ? parts.inbandNice : undefined;

  /** Begins a life of a place, joined to all that live now. */
  function begin(place: Place, incarnation: number, lamport: number): Living {
    const name = nameOf(place);
    const peers: PeerPort[] = [];
    const ends = new Map<string, SharedLinkEnd>();
    for (const other of living.values()) {
      const { mine, theirs, myPort, theirPort } = join(place, other.place);
      for (const [link, end] of mine) ends.set(link, end);
      if (myPort !== undefined) peers.push(myPort);
      if (theirPort === undefined && theirs.size === 0) continue;
      const transfer: MessagePort[] = theirPort === undefined ? [] : [theirPort.port];
      other.thread.tell({ t: "peer", port: theirPort, ends: theirs }, transfer);
    }
    const { port1, port2 } = new MessageChannel();
    const thread = startThread(
      { place, incarnation, lamport, facts, mutant, nice: niceOf(place), protos, lab: port2, peers, ends },
      {
        onAsk: ({ effect, lamport: stamp }, struck) => {
          news.after(stamp);
          void desk.strike(effect).then(struck);
        },
        onExit(code) {
          // A thread that dies closes its ports, and what is in flight ends as lost.
          lab.close();
          if (stopped || living.get(name) !== life) return;
          living.delete(name);
          parts.onExit?.(name, `exit code ${code}`);
        },
      },
    );
    const lab = connectPort(port1);
    const life: Living = { place, incarnation, thread, lab };
    living.set(name, life);
    return life;
  }

  async function crash(name: string, life: Living): Promise<void> {
    await Promise.race([parts.farewell(name), clock.sleepNs(FAREWELL_WITHIN_NS)]);
    if (isStopped() || living.get(name) !== life) return;
    living.delete(name);
    await life.thread.end();
    for (const { place, thread } of living.values()) {
      const links = specs.filter(({ ends }) => ends.includes(name) && ends.includes(nameOf(place)));
      if (links.length > 0) thread.tell({ t: "gone", place: name, links: links.map((link) => link.name) });
    }
    const lamport = news.down(name, "crash");
    const pauseNs = pausesNs.get(name) ?? FIRST_PAUSE_NS;
    pausesNs.set(name, Math.min(2 * pauseNs, LONGEST_PAUSE_NS));
    clock.after(pauseNs, () => {
      if (!stopped) void again(life.place, life.incarnation + 1, lamport);
    });
  }

  async function again(place: Place, incarnation: number, lamport: number): Promise<void> {
    const name = nameOf(place);
    const life = begin(place, incarnation, lamport);
    try {
      await life.thread.says("serving");
      const started = life.thread.says("started");
      life.thread.tell({ t: "start" });
      await started;
      if (living.get(name) === life) news.up(name, incarnation);
    } catch {
      // It ended meanwhile: by another blow, which starts it once more, or by itself, which was told.
    }
  }

  async function obey(name: string, order: BlowOrder): Promise<void> {
    const life = living.get(name);
    // It is down: nothing can be done to it, and it will come back with its gates open.
    if (life === undefined) return;
    if (order.t === "strike" && order.kind === "crash") await crash(name, life);
    else await life.thread.obey(order);
  }

  for (const place of placesOf(facts)) begin(place, 1, 0);
  const all = [...living.values()];
  const serving = Promise.all(all.map(({ thread }) => thread.says("serving")));
  // Looked at by `start`; a thread that ends before must not count as an unhandled rejection.
  serving.catch(() => undefined);
  return {
    serveAt: (name) => (invocation) =>
      living.get(name)?.lab.transport(invocation) ?? Promise.resolve(lost("unreachable", `${name} is down`)),
    blows,
    portTo(name) {
      const { port1, port2 } = new MessageChannel();
      living.get(name)?.thread.tell({ t: "admit", port: port2 }, [port2]);
      return port1;
    },
    async start() {
      await serving;
      const started = Promise.all(all.map(({ thread }) => thread.says("started")));
      for (const { thread } of all) thread.tell({ t: "start" });
      await started;
    },
    async stop() {
      stopped = true;
      for (const { lab } of living.values()) lab.close();
      await Promise.all([...living.values()].map(({ thread }) => thread.end()));
    },
  };
}
