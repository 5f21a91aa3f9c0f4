import { isMainThread, parentPort, workerData, type MessagePort } from "node:worker_threads";
import { assert, unreachable } from "../../abi/assert.ts";
import type { House } from "../../abi/contract.generated.ts";
import type { Blows } from "../../boundary/blows.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { lost } from "../../transports/answers.ts";
import { connectPort } from "../../transports/worker.ts";
import { obeyGateOrder } from "../blows.ts";
import { createLinkPort, type LinkPort } from "../frames/link-port.ts";
import { openSharedEnd } from "../frames/shared.ts";
import { createGates } from "../gates.ts";
import { loadHouse } from "../houses/load.ts";
import { areJoined, linksOf, nameOf, placesOf, portsOf } from "../links.ts";
import { aboutCall, createServiceLog } from "../service-log.ts";
import { createRealClock } from "../real-clock.ts";
import { createThreadKit, nodeSpecOf } from "../thread-kit.ts";
import { blockThread } from "./hang.shared.ts";
import { beNice } from "./nice.ts";
import type { HouseWorkerData, PeerPort, WorkerOrder, WorkerWord } from "./words.ts";

assert(!isMainThread && parentPort !== null, "a house's thread is not the main thread");
const main = parentPort;
const { place, incarnation, lamport, facts, mutant, nice, protos, lab, peers, ends } = workerData as HouseWorkerData;
const say = (word: WorkerWord): void => main.postMessage(word);
if (nice !== undefined) beNice(nice);
const log = createServiceLog(nameOf(place));
const clock = createRealClock(facts.epochMs);
const gates = createGates(clock);

const links = new Map<string, LinkPort>();
const ports = portsOf(
  place,
  linksOf(facts),
  ({ name }) => {
    const link = createLinkPort("nobody is at its other end yet");
    links.set(name, link);
    return link.port;
  },
  gates,
);
function connectLinks(given: HouseWorkerData["ends"]): void {
  for (const [name, end] of given) links.get(name)?.up(openSharedEnd(end, clock));
}
connectLinks(ends);

/** The rules of this house wait here until the main thread has struck what they asked for. */
const struck = new Map<number, () => void>();
let asked = 0;
const blows: Blows = {
  strike: (effect, _crossing, stamp) =>
    new Promise((resolve) => {
      asked += 1;
      struck.set(asked, resolve);
      say({ t: "ask", number: asked, effect, lamport: stamp });
    }),
};

/** Connects to a core elsewhere. Few worlds have one, and gRPC takes its time to load. */
async function foreignCore(address: string): Promise<Transport> {
  assert(protos !== undefined, "a world with a core elsewhere has read the protos");
  const [{ connectHouse }, { identityIn }] = await Promise.all([
    import("../../transports/grpc/client.ts"),
    import("../identity-in.ts"),
  ]);
  return connectHouse({ address, clock, tls: identityIn(facts.tls), exchange: "auto", protos }).transport;
}

/** What is there once the place serves. */
interface Served {
  start(): Promise<void>;
  meet(peer: PeerPort): void;
  admit(port: MessagePort): void;
}

async function serve(): Promise<Served> {
  if (place.t === "switch") {
    createSwitch(clock, ports.wires);
    // Nobody calls a switch; yet a thread that listens to nobody ends.
    connectPort(lab);
    return { start: () => Promise.resolve(), meet: () => undefined, admit: () => undefined };
  }
  const { node, house } = place;
  const build = await loadHouse(house);
  const { kit, ring, signals } = createThreadKit(facts, node, house, incarnation, lamport);
  const eventsArrived = { wake: (): void => undefined };
  signals.whenFirst = () => eventsArrived.wake();
  /** The roads to the lives that the other houses are in now. */
  const roads = new Map<House, Transport>();
  const neighbours = new Set<House>(
    placesOf(facts).flatMap((one) =>
      one.t === "house" && one.node === node && areJoined(house, one.house) ? [one.house] : [],
    ),
  );
  const road =
    (to: House): Transport =>
    (invocation) =>
      roads.get(to)?.(invocation) ?? Promise.resolve(lost("unreachable", `${node}/${to} is down`));
  const core = facts.cores?.[node];
  if (core !== undefined && areJoined(house, "companion")) {
    neighbours.add("companion");
    roads.set("companion", await foreignCore(core));
  }
  const served = build({
    kit,
    node: nodeSpecOf(facts.topology, node),
    ports,
    identity: `${node}/${house}#${incarnation}`,
    epochMs: facts.epochMs,
    ring,
    eventsArrived,
    reach: (to) => (neighbours.has(to) ? road(to) : undefined),
    mutant,
    blows,
    gates,
    onBroken(error, during) {
      log.fatal({ err: error, ...aboutCall(during) }, "an invariant is broken; the service stops");
      process.exit(1);
    },
  });
  const meet = ({ house: peer, port }: PeerPort): void =>
    void roads.set(peer, connectPort(port, { serve: served.serve }).transport);
  for (const peer of peers) meet(peer);
  connectPort(lab, { serve: served.serve });
  const admit = (port: MessagePort): void => void connectPort(port, { serve: served.serve });
  return { start: () => served.start(), meet, admit };
}

async function obey(order: WorkerOrder, { start, meet, admit }: Served): Promise<void> {
  switch (order.t) {
    case "start":
      // Not waited for: what it begins with may need what is ordered next.
      void start().then(() => say({ t: "started" }));
      return;
    case "peer":
      if (order.port !== undefined) meet(order.port);
      connectLinks(order.ends);
      return;
    case "admit":
      admit(order.port);
      return;
    case "gone":
      for (const name of order.links) links.get(name)?.down(`${order.place} is down`);
      return;
    case "blow":
      assert(order.order.t === "gate" || order.order.kind === "hang", "a thread is killed from outside");
      say({ t: "obeyed", number: order.number });
      if (order.order.t === "gate") obeyGateOrder(gates, order.order);
      else blockThread(order.order.forNs);
      return;
    case "struck":
      struck.get(order.number)?.();
      struck.delete(order.number);
      return;
    default:
      return unreachable(order, "an order of the main thread");
  }
}

const serving = serve();
let last: Promise<void> = serving.then(() => say({ t: "serving" }));
main.on("message", (order: WorkerOrder) => {
  last = last.then(async () => obey(order, await serving));
});
