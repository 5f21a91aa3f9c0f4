import { didYouMean } from "../../abi/closest.ts";
import type { Network } from "../backend.ts";
import { harmless } from "../look.ts";
import { SECTIONS, tablesOf, type SectionName } from "../netstat/sections.ts";
import { drawTable } from "../table.ts";
import { EXIT, type ExitCode, type Tools } from "../tools.ts";
import { answered, withKernel, type KernelOptions } from "./kernel.ts";

/** What `tenon netstat` was given. No section is all of them. */
export type NetstatOptions = KernelOptions & { readonly node?: string } & { readonly [S in SectionName]?: true };

/** A kernel that does not say the node of a thing has one only. */
const nodeOf = ({ node = "" }: { readonly node?: string }): string => node;

const nodesOf = (network: Network): readonly string[] => [
  ...new Set(Object.values(network).flatMap((things) => things.map(nodeOf))),
];

function onNode(network: Network, name: string): Network {
  const { devices, sockets, routes, neighbours, counters, oob_devices, vlan_maps } = network;
  const here = (thing: { readonly node?: string }): boolean => nodeOf(thing) === name;
  return {
    devices: devices.filter(here),
    sockets: sockets.filter(here),
    routes: routes.filter(here),
    neighbours: neighbours.filter(here),
    counters: counters.filter(here),
    oob_devices: oob_devices.filter(here),
    vlan_maps: vlan_maps.filter(here),
  };
}

/** The parts of the answer that belong to these sections. */
function partsOf(network: Network, sections: readonly SectionName[]): Partial<Network> {
  const { devices, sockets, routes, neighbours, counters, oob_devices } = network;
  const wants = (...any: readonly SectionName[]): boolean => any.some((section) => sections.includes(section));
  return {
    ...(wants("interfaces", "statistics") ? { devices } : {}),
    ...(wants("interfaces") ? { vlan_maps: network.vlan_maps } : {}),
    ...(wants("sockets") ? { sockets } : {}),
    ...(wants("routes") ? { routes } : {}),
    ...(wants("neighbours") ? { neighbours } : {}),
    ...(wants("statistics") ? { counters, oob_devices } : {}),
  };
}

/** Each table under the name of its node and a line before the next; those that are empty are left out. */
function drawNode(node: string, network: Network, sections: readonly SectionName[], { look }: Tools): string[] {
  const of = node === "" ? "" : `${harmless(node)}: `;
  return sections
    .flatMap((section) => tablesOf(section, network, look))
    .filter(({ rows }) => rows.length > 0)
    .flatMap(({ title, columns, rows }) => [
      look.strong(`${of}${title}`),
      ...drawTable(
        columns,
        rows.map((row) => row.map(look.plain)),
        look,
      ),
      "",
    ]);
}

/** `tenon netstat`: devices, sockets, routes, neighbours, counters and rings, as each house of each node knows them. */
export const netstat = (tools: Tools, options: NetstatOptions): Promise<ExitCode> =>
  withKernel(tools, options, async (control) =>
    answered(tools, await control.network(), (network) => {
      const nodes = nodesOf(network);
      const { node: wanted, json } = options;
      if (wanted !== undefined && !nodes.includes(wanted)) {
        const there = nodes.length === 0 ? "none tells of a network" : `nodes: ${nodes.join(", ")}`;
        return tools.invalid(`no node ${wanted}${didYouMean(wanted, nodes)} (${there})`);
      }
      const asked = SECTIONS.filter((section) => options[section] === true);
      const sections = asked.length === 0 ? SECTIONS : asked;
      if (json !== undefined) {
        const shown = wanted === undefined ? network : onNode(network, wanted);
        tools.print(JSON.stringify(partsOf(shown, sections), undefined, 2));
        return EXIT.pass;
      }
      const shown = wanted === undefined ? nodes : [wanted];
      const drawn = shown.flatMap((node) => drawNode(node, onNode(network, node), sections, tools));
      // The last table needs no line behind it.
      tools.print(...(drawn.length === 0 ? [`no ${sections.join(", no ")}`] : drawn.slice(0, -1)));
      return EXIT.pass;
    }),
  );
