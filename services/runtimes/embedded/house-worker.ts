import { isMainThread, parentPort, workerData, type MessagePort } from "node:worker_threads";
import { assert } from "../../abi/assert.ts";
import type { House } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { connectPort } from "../../transports/worker.ts";
import { openSharedEnd, type SharedLinkEnd } from "../frames/shared.ts";
import { loadHouse } from "../houses/load.ts";
import { linksOf, nameOf, portsOf, type Place } from "../links.ts";
import { aboutCall, createServiceLog } from "../service-log.ts";
import { createRealClock } from "../real-clock.ts";
import { createThreadKit, nodeSpecOf, type WorldFacts } from "../thread-kit.ts";

/** What the main thread gives the thread of a house or a switch. */
export interface HouseWorkerData {
  readonly place: Place;
  readonly facts: WorldFacts;
  readonly mutant: string | undefined;
  /** The port to the tasks and the lab. */
  readonly lab: MessagePort;
  /** Ports to houses that this one calls or that call it. */
  readonly peers: readonly { readonly house: House; readonly port: MessagePort }[];
  /** Its ends of links, by the links' names; one that is left out leads nowhere. */
  readonly ends: ReadonlyMap<string, SharedLinkEnd>;
}

/** What it says: it serves; it has started. */
export type HouseWorkerWord = "serving" | "started";

assert(!isMainThread && parentPort !== null, "a house's thread is not the main thread");
const main = parentPort;
const { place, facts, mutant, lab, peers, ends } = workerData as HouseWorkerData;
const say = (word: HouseWorkerWord): void => main.postMessage(word);
const log = createServiceLog(nameOf(place));
const clock = createRealClock(facts.epochMs);
const ports = portsOf(place, linksOf(facts), ({ name }) => {
  const end = ends.get(name);
  return end === undefined ? undefined : openSharedEnd(end);
});

/** Connects to a core elsewhere. Few worlds have one, and gRPC takes its time to load. */
async function foreignCore(address: string): Promise<Transport> {
  const [{ connectHouse }, { loadProtos }] = await Promise.all([
    import("../../transports/grpc/client.ts"),
    import("../../transports/grpc/load.ts"),
  ]);
  return connectHouse({ address, clock, exchange: "auto", protos: loadProtos() }).transport;
}

/** Answers how to start. */
async function serve(): Promise<() => Promise<void>> {
  if (place.t === "switch") {
    createSwitch(clock, ports.wires);
    // Nobody calls a switch; yet a thread that listens to nobody ends.
    connectPort(lab);
    return () => Promise.resolve();
  }
  const { node, house } = place;
  const build = await loadHouse(house);
  const { kit, ring, signals } = createThreadKit(facts, node, house, 1);
  const eventsArrived = { wake: (): void => undefined };
  signals.whenFirst = () => eventsArrived.wake();
  const reach = new Map<House, Transport>();
  const served = build({
    kit,
    node: nodeSpecOf(facts.topology, node),
    ports,
    identity: `${node}/${house}#1`,
    epochMs: facts.epochMs,
    ring,
    eventsArrived,
    reach: (to) => reach.get(to),
    mutant,
    onBroken(error, during) {
      log.fatal({ err: error, ...aboutCall(during) }, "an invariant is broken; the service stops");
      process.exit(1);
    },
  });
  for (const { house: peer, port } of peers) reach.set(peer, connectPort(port, { serve: served.serve }).transport);
  if (facts.core !== undefined && node === facts.topology.nodes[0]?.name) {
    reach.set("companion", await foreignCore(facts.core));
  }
  connectPort(lab, { serve: served.serve });
  return () => served.start();
}

const start = await serve();
// The main thread says so once every thread of the world serves.
main.once("message", () => void start().then(() => say("started")));
say("serving");
