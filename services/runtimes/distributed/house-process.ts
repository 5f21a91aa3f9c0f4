import { assert } from "../../abi/assert.ts";
import { CONTRACT, type House, type PointName } from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Transport } from "../../boundary/invocation.ts";
import { createSwitch } from "../../nic/wires/switch.ts";
import { connectHouse } from "../../transports/grpc/client.ts";
import { listen } from "../../transports/grpc/listen.ts";
import { serveHouse } from "../../transports/grpc/server.ts";
import { createFrameLinks } from "../frames/remote.ts";
import type { ServedHouse } from "../house.ts";
import { loadHouse, type Builder } from "../houses/load.ts";
import { areJoined, HOUSES, linksOf, nameOf, portsOf, type BuiltHouse, type PlacePorts } from "../links.ts";
import { createRealClock } from "../real-clock.ts";
import { aboutCall, createServiceLog } from "../service-log.ts";
import { createThreadKit, nodeSpecOf, originOf } from "../thread-kit.ts";
import type { HouseProcessData, HouseProcessOrder, HouseProcessWord } from "./supervisor.ts";

/** How long a link may take to stand; one that comes later is taken up then. */
const LINKED_WITHIN_NS = 10e9;
/** How long calls in progress may take to end after SIGTERM. */
const GRACE_NS = 1e9;

type Addresses = Readonly<Record<string, string>>;

/** All that a house may be asked; what it does not serve, it answers as unserved. */
const pointsTo = (house: House): PointName[] =>
  Object.values(CONTRACT)
    .filter(({ to }) => to === house || to === "any")
    .map(({ name }) => name);

/**
 * The main of a process for a house or a switch. It learns who it is and listens; learns where all others listen and
 * connects to those it needs; and starts. So nobody needs to know an address before there is one, and nobody is called
 * who is not there yet.
 */
async function main({ place, facts, incarnation, mutant, frames, listenAt, protos }: HouseProcessData): Promise<void> {
  const log = createServiceLog(nameOf(place));
  const clock = createRealClock(facts.epochMs);
  const say = (word: HouseProcessWord): void => void process.send?.(word);
  const order = <T extends HouseProcessOrder["t"]>(t: T): Promise<Extract<HouseProcessOrder, { t: T }>> =>
    new Promise((resolve) => {
      const hear = (said: HouseProcessOrder): void => {
        if (said.t !== t) return;
        process.off("message", hear);
        resolve(said as Extract<HouseProcessOrder, { t: T }>);
      };
      process.on("message", hear);
    });
  const connect = order("connect");
  const start = order("start");

  // Loaded while the others come up.
  const builder = place.t === "house" ? loadHouse(place.house) : undefined;
  const links = linksOf(facts);
  const frameLinks = await createFrameLinks({ clock, protos, memory: frames, origin: originOf(facts) });
  const served = new Map<string, FramePort>();
  for (const { name, ends } of links) if (ends[1] === nameOf(place)) served.set(name, frameLinks.expect(name));
  async function openPorts(addresses: Addresses): Promise<PlacePorts> {
    const connected: { readonly name: string; ready(): Promise<boolean> }[] = [];
    const ports = portsOf(place, links, ({ name, ends }, side) => {
      const address = addresses[ends[1]];
      if (side === 1 || address === undefined) return served.get(name);
      const link = frameLinks.connect({ address, link: name });
      connected.push({ name, ready: () => link.ready(LINKED_WITHIN_NS) });
      return link.port;
    });
    const ready = await Promise.all(connected.map((link) => link.ready()));
    ready.forEach((is, i) => {
      if (!is) log.error(`the link ${connected[i]?.name ?? ""} cannot be connected`);
    });
    return ports;
  }

  let house: ServedHouse | undefined;
  let isBuilt: () => void = () => undefined;
  const built = new Promise<void>((resolve) => (isBuilt = resolve));
  const serve: Transport = async (invocation) => {
    if (house === undefined) await built;
    assert(house !== undefined, "a house serves once it is built");
    return house.serve(invocation);
  };
  const server =
    place.t === "switch"
      ? await listen({ addresses: [listenAt], clock }, (grpc) => {
          return frameLinks.serve(grpc);
        })
      : await serveHouse({
          addresses: [listenAt],
          points: pointsTo(place.house),
          serve,
          clock,
          protos,
          also: (grpc) => frameLinks.serve(grpc),
        });
  if (!server.ok) {
    log.fatal(server.reason);
    process.exit(1);
  }
  process.once("SIGTERM", () => {
    frameLinks.close();
    void server.value.close(GRACE_NS).then(() => process.exit(0));
  });
  say({ t: "serving", address: server.value.address });

  const { addresses } = await connect;
  const ports = await openPorts(addresses);
  if (place.t === "switch" || builder === undefined) {
    createSwitch(clock, ports.wires);
  } else {
    house = buildHouse({ ...place, addresses, ports, build: await builder });
    isBuilt();
  }
  say({ t: "connected" });
  await start;
  await house?.start();
  say({ t: "started" });

  function buildHouse(parts: {
    readonly node: string;
    readonly house: BuiltHouse;
    readonly addresses: Addresses;
    readonly ports: PlacePorts;
    readonly build: Builder;
  }): ServedHouse {
    const { node } = parts;
    const { kit, ring, signals } = createThreadKit(facts, node, parts.house, incarnation);
    const eventsArrived = { wake: (): void => undefined };
    signals.whenFirst = () => eventsArrived.wake();
    const reach = new Map<House, Transport>();
    for (const peer of HOUSES) {
      const address = parts.addresses[nameOf({ t: "house", node, house: peer })];
      if (address === undefined || !areJoined(parts.house, peer)) continue;
      reach.set(peer, connectHouse({ address, clock, exchange: "auto", protos }).transport);
    }
    return parts.build({
      kit,
      node: nodeSpecOf(facts.topology, node),
      ports: parts.ports,
      identity: `${node}/${parts.house}#${incarnation}`,
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
  }
}

// Ctrl-C reaches every process of the terminal; the supervisor decides who stops when.
process.on("SIGINT", () => undefined);
// The supervisor is gone, however that came about: nobody would ever stop this process.
process.once("disconnect", () => process.exit(0));
process.once("message", (data) => void main(data as HouseProcessData));
