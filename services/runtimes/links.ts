import { CONTRACT, type House } from "../abi/contract.generated.ts";
import type { FramePort } from "../abi/frame.ts";
import type { NodeSpec, Topology } from "../abi/topology.ts";
import type { Gates } from "./gates.ts";

/** The houses of a node, in the order in which people name them. */
export const HOUSES = ["vfs", "inband", "companion", "nic"] as const satisfies readonly House[];

/** A house that is built. */
export type BuiltHouse = (typeof HOUSES)[number];

/** What runs by itself: a house of a node, or a switch. A thread or a process each, where the runtime has any. */
export type Place =
  | { readonly t: "house"; readonly node: string; readonly house: BuiltHouse }
  | { readonly t: "switch"; readonly name: string };

/** A place's name, such as `alpha/vfs` or `lan/switch`; no two of a world have the same. */
export const nameOf = (place: Place): string =>
  place.t === "house" ? `${place.node}/${place.house}` : `${place.name}/switch`;

/** The addresses of cores that are not ours, by node: each stands in the place of that node's. Plain data. */
export type Cores = Readonly<Record<string, string>>;

/** What makes the places of a world, besides its topology. */
export interface WorldPlan {
  readonly topology: Topology;
  readonly cores?: Cores | undefined;
}

const hasOwnCore = ({ cores = {} }: WorldPlan, { name }: NodeSpec): boolean => !Object.hasOwn(cores, name);

/** The houses that a node has: all but a core that is elsewhere, and the NIC house only where there are NICs. */
const housesOf = (plan: WorldPlan, node: NodeSpec): BuiltHouse[] =>
  HOUSES.filter(
    (house) => (house !== "companion" || hasOwnCore(plan, node)) && (house !== "nic" || node.nics.length > 0),
  );

/** Everything that a world has to start. */
export const placesOf = (plan: WorldPlan): Place[] => [
  ...plan.topology.nodes.flatMap((node) =>
    housesOf(plan, node).map((house): Place => ({ t: "house", node: node.name, house })),
  ),
  ...plan.topology.switches.map(({ name }): Place => ({ t: "switch", name })),
];

const callers = Object.values(CONTRACT).filter(({ kind }) => kind !== "control");

/** Whether one of two houses calls the other. A house that calls itself needs nobody for it. */
export const areJoined = (a: House, b: House): boolean =>
  a !== b && callers.some(({ from, to }) => (from === a && to === b) || (from === b && to === a));

/**
 * What a link is for.
 *
 *   host    in-band stack <-> NIC      what the stack transmits, what it receives
 *   oob     core -> NIC                what the core transmits on a device with a capable driver
 *   relay   core -> in-band stack      what the core transmits on a device with a stock driver
 *   wire    NIC <-> switch
 */
type LinkKind = "host" | "oob" | "relay" | "wire";

/** A link for frames between two places. */
export interface LinkSpec {
  /** Such as `alpha/eth0/host`; no two of a world have the same. */
  readonly name: string;
  readonly kind: LinkKind;
  readonly node: string;
  /** The device; empty for the relay, which carries the frames of all. */
  readonly dev: string;
  /** Who holds its ends. Between processes, the second one serves it and the first one connects. */
  readonly ends: readonly [string, string];
}

/** The links of a world. */
export const linksOf = (plan: WorldPlan): LinkSpec[] =>
  plan.topology.nodes.flatMap((node) => {
    const { name } = node;
    const place = (house: BuiltHouse): string => nameOf({ t: "house", node: name, house });
    const link = (kind: LinkKind, dev: string, ...ends: LinkSpec["ends"]): LinkSpec => ({
      name: [name, dev, kind].filter((part) => part !== "").join("/"),
      kind,
      node: name,
      dev,
      ends,
    });
    const ownCore = hasOwnCore(plan, node);
    return [
      ...node.nics.flatMap(({ name: dev, wire }) => [
        link("host", dev, place("inband"), place("nic")),
        ...(ownCore ? [link("oob", dev, place("companion"), place("nic"))] : []),
        ...(plan.topology.switches.some((one) => one.name === wire)
          ? [link("wire", dev, place("nic"), nameOf({ t: "switch", name: wire }))]
          : []),
      ]),
      ...(ownCore ? [link("relay", "", place("companion"), place("inband"))] : []),
    ];
  });

/** The ends of links that a place holds. */
export interface PlacePorts {
  /** By device. */
  readonly host: ReadonlyMap<string, FramePort>;
  readonly oob: ReadonlyMap<string, FramePort>;
  /** By device; at a switch by node and device, such as `alpha/eth0`. */
  readonly wires: ReadonlyMap<string, FramePort>;
  readonly relay: FramePort | undefined;
}

/**
 * Opens the ends that a place holds.
 *
 * @param open makes the port of a link, if it is there; side 1 is the one that serves it between processes.
 * @param gates stand between the ends and the places that hold the others.
 */
export function portsOf(
  place: Place,
  links: readonly LinkSpec[],
  open: (link: LinkSpec, side: 0 | 1) => FramePort | undefined,
  gates?: Gates,
): PlacePorts {
  const ports = {
    host: new Map<string, FramePort>(),
    oob: new Map<string, FramePort>(),
    wires: new Map<string, FramePort>(),
    relay: undefined as FramePort | undefined,
  };
  const own = nameOf(place);
  for (const link of links) {
    const side = link.ends.indexOf(own);
    if (side < 0) continue;
    const opened = open(link, side === 0 ? 0 : 1);
    if (opened === undefined) continue;
    const port = gates?.port(link.ends[side === 0 ? 1 : 0], opened) ?? opened;
    if (link.kind === "relay") ports.relay = port;
    else if (link.kind === "wire") ports.wires.set(place.t === "switch" ? `${link.node}/${link.dev}` : link.dev, port);
    else ports[link.kind].set(link.dev, port);
  }
  return ports;
}
