import type { FaultReport } from "../../abi/contract.generated.ts";
import { SINGLE } from "../../abi/topology.ts";
import type { Blows } from "../../boundary/blows.ts";
import type { World } from "../../lab/world.ts";
import { connectHouse, type HouseClient } from "../../transports/grpc/client.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { createBlowDesk, createPlaceNews } from "../blows.ts";
import { control, controlRoad } from "../control.ts";
import { superviseOn, type Supervised, type Supervision } from "../fleet/supervise.ts";
import { foreignLink } from "../foreign.ts";
import { identityIn } from "../identity-in.ts";
import { nameOf, placesOf, type Place } from "../links.ts";
import { createEventPump } from "../pump.ts";
import { bootEpochMs } from "../real-clock.ts";
import { createLabKits, type WorldFacts } from "../thread-kit.ts";
import type { WorldOptions } from "../world-options.ts";
import { createWorldOver, type HouseLink } from "../world-over.ts";
import { createForkHosts } from "./fork-hosts.ts";
import type { Hosts } from "./hosts.ts";
import { createRoad, type Road } from "./road.ts";
import { patiently, type Waiting } from "./patience.ts";

/** What makes a distributed world. */
export interface DistributedOptions extends WorldOptions, Partial<Pick<Supervision, "restart">> {
  /** Where its places come to life; absent: in processes that are started for them here. */
  readonly hosts?: Hosts | undefined;
  /** What to do while places are waited for. */
  readonly waiting?: Waiting | undefined;
}

/** A distributed world, whose places can be looked at (and killed, by those who want to see what happens). */
export interface DistributedWorld extends World {
  /** Those of all houses and switches. */
  readonly houses: readonly Supervised[];
}

const READY_WITHIN_NS = 20e9;
/** How long a house may take to tell what it knows before it is killed; it may stand still. */
const LAST_WORDS_NS = 300e6;

/** How long a place that is back waits for the others to reach it. */
const REACHED_WITHIN_NS = 2e9;

/** The two roads to a house: what the tasks call must not wait behind what the lab asks. */
interface Roads {
  readonly calls: Road;
  readonly control: Road;
}

/**
 * The nodes of a world in processes that speak gRPC: one for each house and each switch, started here or by somebody else,
 * and watched from here. All boot at once: first everybody serves, then everybody connects, then everybody starts.
 */
export async function createDistributedWorld(options: DistributedOptions): Promise<DistributedWorld> {
  const { seed, profile, topology = SINGLE, mutant, cores = {}, tls, over = "unix", frames = "auto" } = options;
  const { restart = false, onExit, tracing } = options;
  const facts: WorldFacts = { topology, cores, tls, seed: seed.toString(), profile, epochMs: bootEpochMs(), tracing };
  const { kits, lab, ring, signals } = createLabKits(facts);
  const { clock } = kits[0];
  const protos = loadProtos();
  const hosts = options.hosts ?? (await createForkHosts(over, protos, tls));
  const houses: Supervised[] = [];
  const roads = new Map<string, Roads>();
  const reachCore = (address: string): Road =>
    createRoad(() => connectHouse({ address, clock, tls: hosts.tls ?? identityIn(tls), exchange: "auto", protos }));
  const foreign = new Map<string, Roads>();
  const voices: HouseLink[] = [];
  const elsewhere: Record<string, string> = {};
  for (const [node, address] of Object.entries(cores)) {
    const both: Roads = { calls: reachCore(address), control: reachCore(address) };
    foreign.set(`${node}/companion`, both);
    voices.push(foreignLink(facts, node, both.control.transport, clock));
    elsewhere[`${node}/companion`] = address;
  }

  const news = createPlaceNews(kits);
  const formerReports: FaultReport[] = [];
  /** What a house knows that is about to be killed, and that would die with it. */
  async function lastWords(place: string): Promise<void> {
    const link = controls.find(({ node, house }) => `${node}/${house}` === place);
    if (link === undefined) return;
    const told = Promise.all([pump.drain(link), control(link.transport, "ctl_list_faults", {})]);
    const heard = await Promise.race([told, clock.sleepNs(LAST_WORDS_NS)]);
    const faults = heard?.[1];
    if (faults?.kind === "returned") formerReports.push(...faults.value.reports);
  }
  const desk = createBlowDesk({
    topology,
    async orders(place, order) {
      if (order.t === "strike" && order.kind === "crash") await lastWords(place);
      await houses.find(({ name }) => name === place)?.order(order);
    },
  });
  const blows: Blows = {
    strike(effect, _crossing, lamport) {
      news.after(lamport);
      return desk.strike(effect);
    },
  };
  const supervision: Supervision = {
    restart,
    ...(onExit && { onExit }),
    onDown(place, why) {
      roads.get(place)?.calls.down(`${place} is down`);
      roads.get(place)?.control.down(`${place} is down`);
      return news.down(place, why);
    },
    async onServing({ name }) {
      // Who hangs reaches it later, in its own time.
      const reached = houses.filter((one) => one.name !== name).map((one) => one.order({ t: "reach", peer: name }));
      const own = roads.get(name);
      const ours = [own?.calls, own?.control].map((road) => road?.up(REACHED_WITHIN_NS));
      await Promise.race([Promise.all([...reached, ...ours]), clock.sleepNs(REACHED_WITHIN_NS)]);
    },
    onUp({ name, incarnation }) {
      news.up(name, incarnation);
    },
    onBlow(effect, lamport) {
      news.after(lamport);
      return desk.strike(effect);
    },
  };

  async function stop(): Promise<void> {
    for (const { calls, control } of [...roads.values(), ...foreign.values()]) {
      calls.close();
      control.close();
    }
    await Promise.all(houses.map((house) => house.stop()));
    await hosts.close();
  }

  async function ready(road: Road, name: string): Promise<void> {
    if (!(await road.up(READY_WITHIN_NS))) throw new Error(`${name} is served, yet cannot be reached`);
  }

  const bring = (place: Place): Promise<Supervised> =>
    superviseOn(hosts.hostOf(place), { place, facts, mutant, frames }, supervision);

  const controls: HouseLink[] = [];
  /** Houses that are asked for events: those of ours are known when they are up. */
  const heard: HouseLink[] = [...voices];
  const pump = createEventPump(heard, ring, clock);
  try {
    const launched = await patiently(placesOf(facts), nameOf, bring, hosts.patienceMs, options.waiting);
    // Those that came up are stopped also when another one did not.
    houses.push(...launched.up);
    if (launched.trouble !== undefined) throw launched.trouble;
    await Promise.all(
      houses.map((house) => house.connect({ ...hosts.addressesFor(house.name, houses), ...elsewhere })),
    );
    const connected = houses.map(async (place) => {
      const { name, node, house } = place;
      if (house === "switch") return;
      const connect = (): HouseClient =>
        connectHouse({ address: place.address, clock, tls: hosts.tls, exchange: "auto", protos });
      const both: Roads = { calls: createRoad(connect), control: createRoad(connect) };
      roads.set(name, both);
      const link: HouseLink = { node, house, transport: controlRoad(both.control.transport, clock) };
      controls.push(link);
      heard.push(link);
      await Promise.all([ready(both.calls, name), ready(both.control, name)]);
    });
    await Promise.all(connected);
    for (const [name, { calls, control }] of foreign) await Promise.all([ready(calls, name), ready(control, name)]);
    await Promise.all(houses.map((house) => house.start()));
  } catch (error) {
    await stop();
    throw error;
  }

  signals.whenFirst = pump.arrived;
  let stopped: Promise<void> | undefined;
  const world = createWorldOver({
    runtime: "distributed",
    topology,
    kits,
    lab,
    reach: (node, house) => (foreign.get(`${node}/${house}`) ?? roads.get(`${node}/${house}`))?.calls.transport,
    controls,
    foreign: voices,
    blows,
    formerReports,
    drive: (program) => program(),
    onEvents: (listener) => pump.onEvents(listener),
    settle: () => pump.settle(),
    dropped: () => pump.dropped(),
    stop: () => {
      pump.stop();
      return (stopped ??= stop());
    },
  });
  return { ...world, houses };
}
