import type { Chance } from "./chance.ts";

/** What tasks of a node can name. */
interface NodeNames {
  readonly name: string;
  readonly devices: readonly string[];
  /** Of the node itself. */
  readonly addresses: readonly string[];
  /** Of everybody, some of them nobody's. */
  readonly peers: readonly string[];
}

/** A world for a random run, as a file has it, and the names in it. */
export interface RandomWorld {
  readonly written: object | undefined;
  readonly nodes: readonly NodeNames[];
  /** The two ends of wires that can be cut. */
  readonly wires: readonly (readonly [string, string])[];
}

const DRIVERS = ["oob-capable", "stock"] as const;
const NETEMS = ["", "", "", "drop 20%", "delay 2ms 1ms", "tx duplicate 30%; rx reorder 20% 2", "corrupt 10%"] as const;

function netemOf(chance: Chance, what: string): object {
  const netem = chance.of(what, NETEMS);
  return netem === "" ? {} : { netem };
}

/** One node alone: its loopback device is all its network. */
const alone: RandomWorld = {
  written: undefined,
  nodes: [{ name: "alpha", devices: ["lo"], addresses: ["127.0.0.1"], peers: ["127.0.0.1", "127.0.0.2"] }],
  wires: [],
};

/** One node whose wire sends back all that it sends. */
const plugged = (chance: Chance): RandomWorld => ({
  written: {
    nodes: {
      alpha: {
        nics: [{ name: "eth0", driver: chance.of("driver", DRIVERS), wire: "loopback", ...netemOf(chance, "netem") }],
        vlans: [{ name: "eth0.42", dev: "eth0", id: 42 }],
        addresses: { eth0: ["10.0.0.1/24"], "eth0.42": ["10.0.42.1/24"] },
      },
    },
  },
  nodes: [
    {
      name: "alpha",
      devices: ["eth0", "eth0.42", "lo"],
      addresses: ["10.0.0.1", "10.0.42.1", "127.0.0.1"],
      peers: ["10.0.0.1", "10.0.42.1", "10.0.0.7", "127.0.0.1"],
    },
  ],
  wires: [],
});

/** Two nodes on a switch, as in experiments/worlds, with the drivers, the VLANs and the wires left to chance. */
function switched(chance: Chance): RandomWorld {
  const vlans = chance.happens("vlans", 0.5);
  const names = ["alpha", "beta"];
  const node = (name: string, number: number): object => ({
    nics: [
      { name: "eth0", driver: chance.of(`driver ${name}`, DRIVERS), wire: "lan", ...netemOf(chance, `netem ${name}`) },
    ],
    ...(vlans && { vlans: [{ name: "eth0.42", dev: "eth0", id: 42 }] }),
    addresses: { eth0: [`10.0.0.${number}/24`], ...(vlans && { "eth0.42": [`10.0.42.${number}/24`] }) },
    ...(chance.happens(`without the core's network ${name}`, 0.06) && { config: { NET_OOB: false } }),
  });
  const addresses = (number: number): string[] => [`10.0.0.${number}`, ...(vlans ? [`10.0.42.${number}`] : [])];
  return {
    written: { nodes: Object.fromEntries(names.map((name, i) => [name, node(name, i + 1)])), switches: ["lan"] },
    nodes: names.map((name, i) => ({
      name,
      devices: ["eth0", ...(vlans ? ["eth0.42"] : []), "lo"],
      addresses: [...addresses(i + 1), "127.0.0.1"],
      peers: [...addresses(1), ...addresses(2), "10.0.0.9", "127.0.0.1"],
    })),
    wires: names.map((name) => [`${name}/nic`, "lan/switch"] as const),
  };
}

/** Draws a world. */
export function randomWorld(chance: Chance): RandomWorld {
  const kind = chance.below("kind", 10);
  return kind < 3 ? alone : kind < 5 ? plugged(chance) : switched(chance);
}
