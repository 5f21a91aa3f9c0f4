import type { NodeSpec, StagesSpec, Topology, WorkCosts } from "../../abi/topology.ts";
import { exactDurationText } from "../../abi/units.ts";
import { PLUGS } from "../../lab/load/world-check.ts";
import { API_VERSION } from "../../lab/schema/words.ts";

/** How a world file says what a NIC is plugged into. */
const PLUG_WORDS: ReadonlyMap<string, string> = new Map([...PLUGS].map(([word, wire]) => [wire, word]));

const text = <K extends string>(key: K, value: string): Partial<Record<K, string>> =>
  value === "" ? {} : ({ [key]: value } as Record<K, string>);

const writtenNode = ({ netOob, ksock, nics, vlans, addresses, routes }: NodeSpec): object => ({
  config: { NET_OOB: netOob },
  ...(ksock && { ksock }),
  nics: nics.map(({ name, driver, mac, mtu, wire, netem, capture, replay }) => ({
    name,
    driver,
    wire: PLUG_WORDS.get(wire) ?? wire,
    mac,
    mtu,
    ...text("netem", netem),
    ...text("capture", capture),
    ...text("replay", replay),
  })),
  vlans,
  addresses: Object.fromEntries(
    [...new Set(addresses.map(({ dev }) => dev))].map((dev) => [
      dev,
      addresses.filter((one) => one.dev === dev).map(({ address }) => address),
    ]),
  ),
  routes: routes.map(({ destination, gateway, dev, metric }) => ({
    destination,
    ...text("gateway", gateway),
    dev,
    metric,
  })),
});

const writtenCosts = ({ callNs, frameNs }: WorkCosts): object => ({
  call: exactDurationText(callNs),
  frame: exactDurationText(frameNs),
});

const writtenStages = ({ processors, hopNs, inband, oob }: StagesSpec): object => ({
  processors,
  hop: exactDurationText(hopNs),
  inband: writtenCosts(inband),
  oob: writtenCosts(oob),
});

/** A topology in the form of a world file (JSON, which is YAML): `loadWorld` makes the same topology of it. */
export const worldText = ({ nodes, switches, stages }: Topology): string =>
  JSON.stringify({
    apiVersion: API_VERSION,
    kind: "World",
    spec: {
      nodes: Object.fromEntries(nodes.map((node) => [node.name, writtenNode(node)])),
      switches: switches.map(({ name }) => name),
      ...(stages && { stages: writtenStages(stages) }),
    },
  });
