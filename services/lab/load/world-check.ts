import { parseIpv4Address } from "../../abi/packet/ipv4-address.ts";
import { NETEM_EXAMPLE, parseNetem } from "../../abi/netem.ts";
import { isGroupMac, parseMac } from "../../abi/packet/mac.ts";
import type { NodeSpec, Topology } from "../../abi/topology.ts";
import { listed } from "../schema/words.ts";

/** What a wire can be besides a switch, and how the topology says it. */
export const PLUGS: ReadonlyMap<string, string> = new Map([
  ["loopback", "loopback"],
  ["none", ""],
]);

/** Tells what is wrong: where in the written world, what was found, what is allowed, and words that may be meant. */
export type Wrong = (path: readonly PropertyKey[], found: string, allowed: string, words?: readonly string[]) => void;

/** Nodes have numbers in link addresses and in the numbers of spans. */
const NODES_MAX = 255;
const LOOPBACK_DEVICE = "lo";

/** What the shape of a world cannot say: that names are there, and used once, and that addresses are some. */
export function checkWorld(topology: Topology, wrong: Wrong): void {
  const { nodes, switches } = topology;
  if (nodes.length === 0 || nodes.length > NODES_MAX)
    wrong(["nodes"], `${nodes.length} nodes`, `from 1 to ${NODES_MAX} of them`);
  const wires = switches.map(({ name }) => name);
  wires.forEach((name, i) => {
    if (PLUGS.has(name) || wires.indexOf(name) < i)
      wrong(["switches", i], name, `a name that no other wire has (${listed([...PLUGS.keys()])} are taken)`);
  });
  const macs = new Map<string, string>();
  const captures = new Map<string, string>();
  for (const node of nodes) {
    const inNode: Wrong = (path, ...rest) => wrong(["nodes", node.name, ...path], ...rest);
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(node.name))
      inNode([], `the node ${node.name}`, "a name of letters, digits, - and _, beginning with a letter, 32 at most");
    checkNics(node, wires, macs, inNode);
    checkCaptures(node, captures, inNode);
    checkVlans(node, inNode);
    checkAddresses(node, inNode);
    checkRoutes(node, inNode);
  }
}

function checkNics({ name, nics }: NodeSpec, wires: readonly string[], macs: Map<string, string>, wrong: Wrong): void {
  const seen = new Set([LOOPBACK_DEVICE]);
  nics.forEach(({ name: dev, mac, wire, netem }, i) => {
    const faults = parseNetem(netem);
    if (!faults.ok) wrong(["nics", i, "netem"], netem, `clauses such as ${NETEM_EXAMPLE} (${faults.why})`);
    if (seen.has(dev)) wrong(["nics", i, "name"], dev, "a name that no other device of the node has");
    seen.add(dev);
    const known = [...wires, ...PLUGS.keys()];
    if (![...wires, ...PLUGS.values()].includes(wire))
      wrong(["nics", i, "wire"], wire, `one of ${listed(known)}`, known);
    const parsed = parseMac(mac);
    const owner = macs.get(mac);
    if (parsed === undefined || isGroupMac(parsed) || Number(parsed) === 0)
      wrong(["nics", i, "mac"], mac, "a link address of one station, such as 02:00:00:00:00:01");
    else if (owner !== undefined)
      wrong(["nics", i, "mac"], `${mac}, which ${owner} has`, "an address that no other NIC of the world has");
    macs.set(mac, `${dev} of ${name}`);
  });
}

/** A path without the parts that say nothing, so that one file has one name. */
const plainPath = (path: string): string =>
  path.replace(/(?<=^|\/)\.?\/+/g, (part, at) => (at === 0 && part[0] === "/" ? "/" : ""));

/** Each NIC writes a file of its own: two writers would write over each other. */
function checkCaptures({ name, nics }: NodeSpec, captures: Map<string, string>, wrong: Wrong): void {
  nics.forEach(({ name: dev, capture, replay }, i) => {
    if (capture === "") return;
    const file = plainPath(capture);
    const owner = captures.get(file);
    if (owner !== undefined)
      wrong(["nics", i, "capture"], `${capture}, which ${owner} writes`, "a file that no other NIC writes");
    else if (replay !== "" && plainPath(replay) === file)
      wrong(["nics", i, "capture"], `${capture}, which the NIC replays`, "another file than it replays");
    captures.set(file, `${dev} of ${name}`);
  });
}

function checkVlans({ nics, vlans }: NodeSpec, wrong: Wrong): void {
  const real = nics.map((nic) => nic.name);
  const names = [LOOPBACK_DEVICE, ...real];
  const ids = new Set<string>();
  vlans.forEach(({ name, dev, id }, i) => {
    if (names.includes(name)) wrong(["vlans", i, "name"], name, "a name that no other device of the node has");
    names.push(name);
    if (!real.includes(dev))
      wrong(["vlans", i, "dev"], dev, `a NIC of the node: ${listed(real) || "it has none"}`, real);
    if (ids.has(`${dev} ${id}`))
      wrong(["vlans", i, "id"], String(id), `an identifier that no other VLAN of ${dev} has`);
    ids.add(`${dev} ${id}`);
  });
}

const devicesOf = ({ nics, vlans }: NodeSpec): string[] => [
  LOOPBACK_DEVICE,
  ...nics.map(({ name }) => name),
  ...vlans.map(({ name }) => name),
];

/** Whether it is an address and the length of its network. */
function isPrefix(text: string): boolean {
  const [address = "", length = ""] = text.split("/");
  return parseIpv4Address(address) !== undefined && /^(0|[1-9]\d?)$/.test(length) && Number(length) <= 32;
}

function checkAddresses(node: NodeSpec, wrong: Wrong): void {
  const devices = devicesOf(node);
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  for (const { dev, address } of node.addresses) {
    const at = counts.get(dev) ?? 0;
    counts.set(dev, at + 1);
    if (!devices.includes(dev) && at === 0)
      wrong(["addresses", dev], dev, `a device of the node: ${listed(devices)}`, devices);
    const [host = ""] = address.split("/");
    if (!isPrefix(address))
      wrong(["addresses", dev, at], address, "an address with the length of its network, such as 10.0.0.1/24");
    else if (taken.has(host)) wrong(["addresses", dev, at], address, "an address that the node has once");
    taken.add(host);
  }
}

function checkRoutes(node: NodeSpec, wrong: Wrong): void {
  const devices = devicesOf(node);
  node.routes.forEach(({ destination, gateway, dev }, i) => {
    if (!isPrefix(destination))
      wrong(["routes", i, "destination"], destination, "a network such as 10.1.0.0/16, or default");
    if (gateway !== "" && parseIpv4Address(gateway) === undefined)
      wrong(["routes", i, "gateway"], gateway, "the address of a router, such as 10.0.0.254");
    if (!devices.includes(dev)) wrong(["routes", i, "dev"], dev, `a device of the node: ${listed(devices)}`, devices);
  });
}
